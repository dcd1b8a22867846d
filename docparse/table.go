package docparse

import "strings"

// Plans give their work as a table: "TT | Nội dung | Đơn vị chủ trì | Thời gian". A copy keeps the pipes or gaps between
// the cells, or gives each cell a line of its own; the words of the head row tell what the columns hold.

// The roles of columns.
const (
	noColumn = iota
	numberColumn
	workColumn  // what is to be done
	whoColumn   // who leads it
	withColumn  // who takes part
	whenColumn  // by when
	otherColumn // product, money, remarks
)

var columnWords = phrases(
	"stt|tt|số tt|số thứ tự|s tt",
	"nội dung|nội dung công việc|nội dung hoạt động|nội dung nhiệm vụ|nhiệm vụ|công việc|hoạt động|tên nhiệm vụ|nội dung thực hiện|nhiệm vụ cụ thể|nội dung triển khai|nhiệm vụ, giải pháp|việc|nội dung, nhiệm vụ|tên công việc|nội dung chính|nội dung công việc thực hiện|các hoạt động|tên hoạt động|nhiệm vụ/hoạt động|nội dung, hoạt động|công việc cụ thể|nhiệm vụ được giao|đầu việc",
	"đơn vị chủ trì|cơ quan chủ trì|chủ trì|đơn vị thực hiện|cơ quan thực hiện|người thực hiện|phân công|đơn vị|cơ quan|trách nhiệm|bộ phận thực hiện|đơn vị chủ trì thực hiện|cơ quan chủ trì thực hiện|người phụ trách|phụ trách|cơ quan, đơn vị chủ trì|đơn vị đầu mối|thực hiện|tổ chức thực hiện|đơn vị chủ trì, tham mưu|cơ quan, đơn vị thực hiện|phân công thực hiện|bộ phận|cá nhân, đơn vị thực hiện|trách nhiệm thực hiện|chủ trì thực hiện|cơ quan đầu mối",
	"phối hợp|đơn vị phối hợp|cơ quan phối hợp|cơ quan, đơn vị phối hợp|phối hợp thực hiện|đơn vị phối hợp thực hiện|cơ quan phối hợp thực hiện",
	"thời gian|thời hạn|tiến độ|thời gian thực hiện|thời gian hoàn thành|hoàn thành|thời điểm|ngày|thời gian, tiến độ|thời hạn hoàn thành|tiến độ thực hiện|thời hạn thực hiện|thời điểm hoàn thành|tiến độ hoàn thành",
	"ghi chú|kinh phí|sản phẩm|kết quả|địa điểm|thành phần|đối tượng|hình thức|dự kiến sản phẩm|số lượng|đơn vị tính|đvt|kết quả đầu ra|sản phẩm đầu ra|dự toán|nguồn kinh phí|kết quả, sản phẩm|hình thức thực hiện",
)

// tableRow is one row of a table of work: for each role the paragraph of its cell, -1 where there is none.
type tableRow struct {
	cells [otherColumn + 1]int
	label string
}

// columnOf tells what a head cell says its column holds.
func (p *page) columnOf(i int) int {
	q := p.paras[i]
	if q.end-q.start > 70 {
		return noColumn
	}
	s, e := q.start, q.end
	if c := strings.IndexByte(p.text[s:e], '('); c > 0 {
		e = s + c
	}
	for e > s && strings.IndexByte(" :.*", p.text[e-1]) >= 0 {
		e--
	}
	if w, tag := columnWords.at(p.low[:e], s); w == e {
		return tag
	}
	return noColumn
}

// tables finds the tables of work in the body and takes their cells out of the running text.
func (p *page) tables() {
	for i := p.firstBody; i < p.endBody && i < len(p.paras); i++ {
		if p.paras[i].role != "" {
			continue
		}
		if p.paras[i].row > 0 {
			i = p.tableRows(i) - 1
		} else if p.columnOf(i) != noColumn {
			i = max(i, p.tableLines(i)-1)
		}
	}
}

// rowEnd returns the end of the run of cells of one row.
func (p *page) rowEnd(i int) int {
	j := i + 1
	for j < p.endBody && j < len(p.paras) && p.paras[j].row == p.paras[i].row && p.paras[j].row > 0 {
		j++
	}
	return j
}

// tableRows reads a table whose rows are lines parted by pipes or gaps; it returns the paragraph behind it.
func (p *page) tableRows(i int) int {
	head := p.rowEnd(i)
	var cols []int
	known := 0
	for k := i; k < head; k++ {
		c := p.columnOf(k)
		cols = append(cols, c)
		if c != noColumn {
			known++
		}
	}
	if len(cols) < 2 || known < 2 || !holds(cols, workColumn) {
		return head
	}
	for k := i; k < head; k++ {
		p.set(k, RoleCell, "table.head")
	}
	at := head
	for at < p.endBody && at < len(p.paras) {
		if p.drawn(p.paras[at]) && p.paras[at].row == 0 {
			at++
			continue
		}
		end := p.rowEnd(at)
		if p.paras[at].row == 0 || end-at < 2 && len(cols) > 2 {
			if p.paras[at].row == 0 {
				break
			}
			at = end
			continue
		}
		ruled := true
		for k := at; k < end; k++ {
			ruled = ruled && p.drawn(p.paras[k]) && !p.ordinal(k)
		}
		if ruled { // the line below the head of a markdown table
			for k := at; k < end; k++ {
				p.set(k, RoleRule, "table.rule")
			}
			at = end
			continue
		}
		row := newRow()
		for k := at; k < end; k++ {
			p.set(k, RoleCell, "table.cell")
			c := noColumn
			if n := k - at; end-at == len(cols) && n < len(cols) {
				c = cols[n]
			} else {
				c = p.guessColumn(k, k == at, row)
			}
			row.put(c, k)
		}
		p.addRow(row)
		at = end
	}
	return at
}

// tableLines reads a table each cell of which is a line of its own; it returns the paragraph behind it.
func (p *page) tableLines(i int) int {
	var cols []int
	k := i
	for k < p.endBody && k < len(p.paras) && len(cols) < 8 {
		q := p.paras[k]
		c := p.columnOf(k)
		if c == noColumn && !(len(cols) > 0 && q.end-q.start < 40 && cols[0] == numberColumn && !p.ordinal(k)) || q.role != "" {
			break
		}
		cols = append(cols, c)
		k++
	}
	if len(cols) < 3 || !holds(cols, workColumn) || !holds(cols, whoColumn) && !holds(cols, whenColumn) {
		return i
	}
	start := k
	for k < p.endBody && k < len(p.paras) {
		if p.drawn(p.paras[k]) && !p.ordinal(k) {
			k++
			continue
		}
		row := newRow()
		n := k
		if cols[0] == numberColumn {
			if !p.ordinal(k) {
				break
			}
			for n++; n < p.endBody && n < len(p.paras) && n-k < len(cols) && !p.ordinal(n); n++ {
				if e := p.paras[n].enum; e.kind == roman || e.kind == article {
					break
				}
			}
		} else {
			n = k + len(cols)
			if n > p.endBody || n > len(p.paras) {
				break
			}
		}
		for m := k; m < n; m++ {
			c := noColumn
			if n-k == len(cols) {
				c = cols[m-k]
			} else {
				c = p.guessColumn(m, m == k, row)
			}
			row.put(c, m)
		}
		if cols[0] != numberColumn {
			if who := row.cells[whoColumn]; who >= 0 {
				if h, class := p.headAt(p.paras[who].start); h == 0 || class == 3 {
					break
				}
			}
		}
		for m := k; m < n; m++ {
			p.set(m, RoleCell, "table.cell")
		}
		p.addRow(row)
		k = n
	}
	if k == start {
		return i
	}
	for m := i; m < start; m++ {
		p.set(m, RoleCell, "table.head")
	}
	return k
}

func holds(cols []int, want int) bool {
	for _, c := range cols {
		if c == want {
			return true
		}
	}
	return false
}

func newRow() tableRow {
	r := tableRow{}
	for i := range r.cells {
		r.cells[i] = -1
	}
	return r
}

func (r *tableRow) put(c, para int) {
	if c != noColumn && r.cells[c] < 0 {
		r.cells[c] = para
	}
}

// ordinal tells whether a cell holds only the number of its row.
func (p *page) ordinal(i int) bool {
	t := strings.Trim(p.of(p.paras[i]), " .)")
	if t == "" || len(t) > 3 {
		return false
	}
	for k := 0; k < len(t); k++ {
		if !isDigit(t[k]) {
			return false
		}
	}
	return true
}

// guessColumn tells what a cell holds where a row has another number of cells than the head.
func (p *page) guessColumn(i int, first bool, sofar tableRow) int {
	q := p.paras[i]
	if first && p.ordinal(i) {
		return numberColumn
	}
	if sofar.cells[workColumn] < 0 {
		return workColumn
	}
	if h, class := p.headAt(q.start); h > 0 && class < 3 {
		if sofar.cells[whoColumn] < 0 {
			return whoColumn
		}
		return withColumn
	}
	return whenColumn
}

func (p *page) addRow(r tableRow) {
	if r.cells[workColumn] < 0 {
		return
	}
	if n := r.cells[numberColumn]; n >= 0 {
		r.label = strings.Trim(p.of(p.paras[n]), " .)")
	}
	p.rows = append(p.rows, r)
}

// tableTasks takes the rows of tables of work as tasks; a row that is a report with a date is a deadline.
func (p *page) tableTasks() {
	if p.doc.Kind == Report {
		return
	}
	at := 0
	for _, r := range p.rows {
		i := r.cells[workColumn]
		q := p.paras[i]
		start := q.start
		if q.enum.kind != noEnum {
			start = q.enum.after
		}
		if start >= q.end || p.reporting(start, q.end) {
			continue
		}
		for at+1 < len(p.sections) && p.sections[at+1].para < i {
			at++
		}
		number := r.label
		if at < len(p.sections) && p.sections[at].para < i && p.sections[at].Numbering != "" {
			number = strings.Trim(p.sections[at].Numbering+"."+r.label, ".")
		}
		t := Task{Text: p.say(start, q.end), Numbering: number, Mark: Mark{Span{start, q.end}, 0.85, "task.table-row"}}
		if w := r.cells[whoColumn]; w >= 0 {
			c := p.paras[w]
			t.Assignee, t.AssignedBy = strings.Trim(p.say(c.start, c.end), " .;,-"), "table"
		} else if who, _, ok := p.subject(start, q.end); ok {
			t.Assignee, t.AssignedBy = who, "sentence"
		}
		if w := r.cells[whenColumn]; w >= 0 {
			t.When = p.say(p.paras[w].start, p.paras[w].end)
		}
		p.doc.Tasks = append(p.doc.Tasks, t)
	}
}
