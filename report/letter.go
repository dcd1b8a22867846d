package report

import (
	"strconv"
	"strings"
	"time"

	"chungtay/account"
	"chungtay/docrender"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/internal/errs"
	"chungtay/internal/web"
	"chungtay/policy"
)

// Letter is a chase letter (công văn đôn đốc) as it was drafted: a draft for the unit's clerk, who has it numbered and signed. It is never
// changed; another one is another letter.
type Letter struct {
	ID      string             `db:"id"`
	Request string             `db:"request_id"`
	Number  int                `db:"number"` // the how manieth of the request
	Body    db.JSON[Reminding] `db:"body"`
	Person  string             `db:"person_id"`
	At      time.Time          `db:"at"`
}

// Reminding is what a chase letter says.
type Reminding struct {
	Office    docrender.Office `json:"office"`
	Authority []string         `json:"authority,omitempty"`
	Title     string           `json:"title"`   // of who signs for the unit
	Subject   string           `json:"subject"` // of the report that is asked for
	Grounds   string           `json:"grounds,omitempty"`
	Period    string           `json:"period,omitempty"`
	Last      civil.Date       `json:"last"`   // last day in time, as the request says
	Answer    civil.Date       `json:"answer"` // until when the letter asks for it; zero: at once
	Said      string           `json:"said,omitempty"`
	Owing     int              `json:"owing"`
	Sent      int              `json:"sent"`
	Units     []Reminded       `json:"units"`
}

// Reminded is a unit to which a chase letter goes.
type Reminded struct {
	Unit  string     `json:"unit"`
	Name  string     `json:"name"`
	Last  civil.Date `json:"last"` // last day in time for this unit, with what was granted
	Days  int        `json:"days"` // days late; 0: in time still
	Times int        `json:"times"`
}

// draftLetter keeps a chase letter to the units of rows.
func (c *Reports) draftLetter(tx *db.Tx, by policy.Actor, a Asked, rows []Row, x Chasing) (Letter, error) {
	f, err := c.form(tx, a)
	if err != nil {
		return Letter{}, err
	}
	m := Reminding{Subject: subject(f, a), Period: periodWords(a), Last: a.Due().Last(), Answer: x.Answer, Said: x.Text}
	if m.Office, err = c.Office(tx, a.Unit); err != nil {
		return Letter{}, err
	}
	if m.Grounds, err = c.cited(tx, a); err != nil {
		return Letter{}, err
	}
	title, delegated := "", false
	leaders, err := c.Accounts.HoldersOf(tx, a.Unit, Sign)
	if err != nil {
		return Letter{}, err
	}
	if len(leaders) > 0 {
		title = leaders[0].Title
		lent, err := c.Accounts.StoodIn(tx, []account.Done{{Person: leaders[0].ID, Unit: a.Unit, By: Sign, At: tx.Now}})
		if err != nil {
			return Letter{}, err
		}
		delegated = lent[0] != ""
	}
	m.Authority, m.Title = authority(m.Office.Name, title, delegated)
	counts, err := progressOf(tx, []string{a.ID})
	if err != nil {
		return Letter{}, err
	}
	p := counts[a.ID]
	m.Owing, m.Sent = p.Total, p.Sent()
	before, err := chasedOf(tx, a.ID)
	if err != nil {
		return Letter{}, err
	}
	var units []string
	of := map[string]Row{}
	for _, r := range rows {
		units = append(units, r.Unit)
		of[r.Unit] = r
	}
	order, names, err := named(tx, units, civil.Of(tx.Now))
	if err != nil {
		return Letter{}, err
	}
	for _, u := range order {
		r := of[u]
		x := Reminded{Unit: u, Name: names[u], Times: before[r.ID].N}
		if !r.DueDay.IsZero() {
			x.Last = r.Due().Last()
			if r.overdue(tx.Now) {
				x.Days = max(1, civil.Of(tx.Now).Sub(x.Last))
			}
		}
		m.Units = append(m.Units, x)
	}
	return insertLetter(tx, Letter{ID: newID(tx), Request: a.ID, Body: db.JSON[Reminding]{V: m}, Person: by.Person, At: tx.Now})
}

// headed is up to how many units a letter names in its head; more stand in a list.
const headed = 6

// document is the letter in the prescribed form (Nghị định 30/2020/NĐ-CP, Phụ lục III): whom it goes to, what is asked for, who has sent so far.
func (l Letter) document(number int) docrender.Document {
	m := l.Body.V
	d := m.Office.New(docrender.Letter, "", "đôn đốc gửi báo cáo "+lowerFirst(m.Subject), civil.Of(l.At))
	d.Draft, d.Number = true, number
	d.Authority, d.SignerTitle = m.Authority, m.Title
	t := docrender.LetterText{}
	list := len(m.Units) > headed
	late := 0
	for _, u := range m.Units {
		if u.Days > 0 {
			late++
		}
		if !list {
			t.Addressees = append(t.Addressees, u.Name)
		}
	}
	them := "cơ quan, đơn vị nêu trên"
	if list {
		t.Addressees = []string{"Các cơ quan, đơn vị có tên trong danh sách kèm theo"}
		them = "cơ quan, đơn vị có tên trong danh sách kèm theo"
	}
	t.Opening = "Các cơ quan, đơn vị gửi báo cáo " + lowerFirst(m.Subject) + m.Period + " về " + m.Office.Name
	if m.Grounds != "" {
		t.Opening = "Thực hiện " + m.Grounds + ", các cơ quan, đơn vị gửi báo cáo kết quả" + m.Period + " về " + m.Office.Name
	}
	if !m.Last.IsZero() {
		t.Opening += " chậm nhất ngày " + deadline.Written(m.Last)
	}
	at := l.At.In(civil.Zone)
	t.Opening += ". Đến " + at.Format("15") + " giờ " + at.Format("04") + " phút ngày " + deadline.Written(civil.Of(l.At)) + ", " + m.Office.Name + " đã nhận được báo cáo của " +
		strconv.Itoa(m.Sent) + "/" + strconv.Itoa(m.Owing) + " cơ quan, đơn vị; "
	n := strconv.Itoa(len(m.Units)) + " " + them
	switch {
	case late == len(m.Units):
		t.Opening += n + " chưa gửi báo cáo và đã quá hạn."
	case late > 0:
		t.Opening += n + " chưa gửi báo cáo, trong đó " + strconv.Itoa(late) + " đơn vị đã quá hạn."
	default:
		t.Opening += n + " chưa gửi báo cáo."
	}
	when := "ngay khi nhận được văn bản này"
	if !m.Answer.IsZero() {
		when = "chậm nhất ngày " + deadline.Written(m.Answer)
	}
	t.Opening += " " + m.Office.Name + " đề nghị các đơn vị:"
	t.Points = []string{"Gửi báo cáo " + when + " để kịp tổng hợp; số liệu của đơn vị chưa gửi báo cáo không được tính vào kết quả chung và đơn vị được nêu tên trong báo cáo tổng hợp.",
		"Trường hợp trong kỳ không có nội dung phải báo cáo thì trả lời “không phát sinh”; không gửi báo cáo không được hiểu là không phát sinh.",
		"Trường hợp cần thêm thời gian thì nêu rõ lý do và thời điểm gửi để được xem xét gia hạn."}
	if m.Said != "" {
		t.Points = append(t.Points, strings.Join(strings.Fields(m.Said), " "))
	}
	t.Closing = "Đề nghị các cơ quan, đơn vị quan tâm, thực hiện."
	d = d.Letter(t)
	to := docrender.Recipient{Name: "Như trên"}
	d.Recipients = []docrender.Recipient{to}
	if list {
		d.Annexes = []docrender.Annex{{Title: "Danh sách cơ quan, đơn vị chưa gửi báo cáo", Body: []docrender.Block{docrender.OfTable(m.table())}}}
	}
	return d
}

func (m Reminding) table() docrender.Table {
	t := docrender.Table{Columns: []docrender.Column{{Title: "TT", Width: 12, Align: docrender.Center}, {Title: "Cơ quan, đơn vị"}, {Title: "Hạn gửi", Width: 26, Align: docrender.Center},
		{Title: "Quá hạn (ngày)", Width: 22, Align: docrender.Right}, {Title: "Đã nhắc (lần)", Width: 22, Align: docrender.Right}}}
	for i, u := range m.Units {
		last, days := "", "–"
		if !u.Last.IsZero() {
			last = deadline.Written(u.Last)
		}
		if u.Days > 0 {
			days = strconv.Itoa(u.Days)
		}
		t.Rows = append(t.Rows, docrender.Row(strconv.Itoa(i+1), u.Name, last, days, strconv.Itoa(u.Times)))
	}
	return t
}

func insertLetter(tx *db.Tx, l Letter) (Letter, error) {
	var err error
	if l.Number, err = db.One[int](tx, `SELECT COALESCE(MAX(number), 0) + 1 FROM report_letter WHERE request_id = $1`, l.Request); err != nil {
		return l, err
	}
	_, err = tx.Exec(`INSERT INTO report_letter (id, request_id, number, body, person_id, at) VALUES ($1, $2, $3, $4, $5, $6)`, l.ID, l.Request, l.Number, l.Body, l.Person, l.At)
	return l, err
}

// lettersOf lists the chase letters of a request, the newest first.
func lettersOf(tx *db.Tx, request string) ([]Letter, error) {
	return db.All[Letter](tx, `SELECT id, request_id, number, body, person_id, at FROM report_letter WHERE request_id = $1 ORDER BY number DESC`, request)
}

// letter is the chase letter of a page, seen by those who follow its request.
func (c *Reports) letter(rq *web.Request) (Letter, Asked, error) {
	a, err := c.overseen(rq)
	if err != nil {
		return Letter{}, a, err
	}
	id, err := rq.ID("letter")
	if err != nil {
		return Letter{}, a, err
	}
	l, ok, err := db.Find[Letter](rq.Tx, `SELECT id, request_id, number, body, person_id, at FROM report_letter WHERE id = $1 AND request_id = $2`, id, a.ID)
	if err == nil && !ok {
		err = errs.Absent("chase letter", id)
	}
	return l, a, err
}

// paperNumber is the number typed for a paper, 0 when none was.
func paperNumber(rq *web.Request) int {
	n, _ := strconv.Atoi(rq.Query("number"))
	if n < 0 || n > 99999 {
		return 0
	}
	return n
}

func (c *Reports) pageLetter(rq *web.Request) (web.Reply, error) {
	l, a, err := c.letter(rq)
	if err != nil {
		return web.Reply{}, err
	}
	v := paperView{Title: rq.T("report.letter.title", l.Number), Path: "/requests/" + a.ID + "/letters/" + l.ID, Files: "/requests/" + a.ID + "/letters/" + l.ID + "/paper", Numbered: true, Body: docrender.HTML(l.document(paperNumber(rq)), nil)}
	return web.Show(v.Title, paperPage(v.numbered(rq))).With(crumb(rq), requestCrumb(rq, a)).Under("/reports"), nil
}

func (c *Reports) letterFile(ext string) func(rq *web.Request) (web.Reply, error) {
	return func(rq *web.Request) (web.Reply, error) {
		l, _, err := c.letter(rq)
		if err != nil {
			return web.Reply{}, err
		}
		return written("cong-van-don-doc-"+strconv.Itoa(l.Number), ext, l.document(paperNumber(rq)))
	}
}
