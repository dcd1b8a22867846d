package docparse

import "strings"

// A decision or plan carries its annexes behind the signature (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục III): the plan that
// a decision issues, a table that shares out the work. They are read as bodies of their own, and what they say is added to
// the document's.

// annexTitles head an annex that tells what is to be done.
var annexTitles = phrases("kế hoạch|chương trình|phương án|hướng dẫn|đề án", "phụ lục|bảng phân công|phân công nhiệm vụ|danh mục nhiệm vụ")

// annexes reads the annexes of a paper.
func (p *page) annexes() {
	if p.doc.Form != Paper || p.doc.Kind == Report {
		return
	}
	for i := p.endBody; i < len(p.paras); {
		tag := p.annexAt(i)
		if tag == 0 {
			i++
			continue
		}
		end := i + 1
		for end < len(p.paras) && (end < i+3 || !p.annexBegins(end)) {
			end++
		}
		p.annex(i, end, tag)
		i = end
	}
}

// annexBegins tells whether the title of another annex, or of a form to be filled in, stands at paragraph i.
func (p *page) annexBegins(i int) bool {
	q := p.paras[i]
	if !q.caps || q.enum.kind != noEnum || q.end-q.start > 160 {
		return false
	}
	e, _ := annexEnds.at(p.low, q.start)
	return e > 0 || p.annexAt(i) > 0 && titleWord(p.lowOf(q)) == q.end-q.start
}

var annexEnds = phrases("phụ lục|danh sách|mẫu|biểu|biểu mẫu|đề cương|bảng tổng hợp")

// annexAt tells whether the title of an annex stands at paragraph i, and of which kind.
func (p *page) annexAt(i int) int {
	q := p.paras[i]
	if q.role != RoleAfter || !q.caps || q.enum.kind != noEnum {
		return 0
	}
	_, tag := annexTitles.at(p.low, q.start)
	return tag
}

// annex reads the paragraphs from at to end as a body.
func (p *page) annex(at, end, tag int) {
	sub := *p
	sub.paras = p.paras[at:end]
	sub.sections, sub.rows, sub.leadTask, sub.orders = nil, nil, Task{}, 0
	sub.doc = &Document{Text: p.text, source: p.offsets, glued: p.doc.glued, repaired: p.doc.repaired, Form: Paper, Kind: Plan, Issuer: p.doc.Issuer, IssuedOn: p.doc.IssuedOn, Subject: p.doc.Subject}
	first := 1
	for ; first < len(sub.paras); first++ {
		q := sub.paras[first]
		if !q.caps && !strings.HasPrefix(p.of(q), "(") && !p.drawn(q) || q.enum.kind != noEnum || sub.columnOf(first) != noColumn {
			break
		}
	}
	for i := range sub.paras {
		sub.paras[i].role = ""
	}
	for i := range first {
		sub.set(i, RoleTitle, "annex.title")
	}
	sub.firstBody, sub.endBody = first, len(sub.paras)
	sub.tables()
	sub.outline()
	sub.slogans()
	if tag == 1 {
		sub.tasks()
	} else {
		sub.tableTasks()
	}
	sub.period()
	sub.deadlines()
	d, s := p.doc, sub.doc
	known := map[string]bool{}
	for _, f := range d.Slogans {
		known[fold(f.Value)] = true
	}
	for _, f := range s.Slogans {
		if !known[fold(f.Value)] {
			d.Slogans = append(d.Slogans, f)
		}
	}
	d.Tasks = append(d.Tasks, s.Tasks...)
	d.Deadlines = append(d.Deadlines, s.Deadlines...)
	if s.Period != nil {
		if d.Period == nil {
			d.Period = s.Period
		} else {
			d.Period.widen(*s.Period)
		}
	}
	base := len(p.sections)
	for _, x := range sub.sections {
		if x.Parent >= 0 {
			x.Parent += base
		}
		x.para += at
		p.sections = append(p.sections, x)
	}
}
