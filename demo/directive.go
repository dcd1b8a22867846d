package demo

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"

	"chungtay/directive"
	"chungtay/document"
	"chungtay/internal/blob"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/task"
)

// directives is the story of four papers that went in as files and became work: an instruction of the province to two levels and a plan with
// duties of five bodies, both drafted outside with their number, day and signer left blank; a letter of the department of the same kind; and
// a web page about somebody else's plan. They are read, put right, signed, numbered and carried on; some units are late, some silent.
func directives(ctx context.Context, p *Province) error {
	s := &story{ctx: ctx, p: p, r: rand.New(rand.NewPCG(118, 402))}
	made := func(o Office, file, name string, own bool, enter func(*document.Facts), mend func(*directive.Content)) (d directive.Directive) {
		paper := s.taken(o, file, name, enter)
		s.do("draft from "+file, func(tx *db.Tx) error {
			draft, err := p.Directives.FromDocument(tx, o.Officer, o.ID, paper.ID, own)
			if err != nil {
				return err
			}
			c := draft.Content.V
			c.Signer = o.Leader.Name
			mend(&c)
			d, err = p.Directives.Save(tx, o.Officer, draft.ID, draft.Version, c)
			return err
		})
		return d
	}
	on := func(days int) deadline.Deadline { return deadline.New(deadline.Until, p.Today().AddDays(days)) }

	p.Ago(26, 8, 10)
	order := made(p.Committee, "chi-thi-hai-cap.txt", "Du thao chi thi hai cap (lan 3).docx", true, func(f *document.Facts) {}, func(c *directive.Content) {
		c.Addressees = []string{"Các sở, ban, ngành tỉnh", "Ủy ban nhân dân các xã, phường"}
		c.Recipients = []string{"Thường trực Tỉnh ủy (b/c)"}
		c.Authority, c.SignerTitle = []string{"KT. CHỦ TỊCH"}, "PHÓ CHỦ TỊCH"
		c.Briefing = true
	})
	p.Ago(26, 9, 40)
	s.do("a remark on the instruction", func(tx *db.Tx) error {
		return p.Directives.Comment(tx, p.Committee.Leader, order.ID, "Mục 4 nêu rõ ai làm thay khi công chức đầu mối đi vắng.")
	})
	p.Ago(25, 14, 0)
	order = s.out(p.Committee, order.ID)

	p.Ago(24, 8, 30)
	plan := made(p.Committee, "ke-hoach-nam-don-vi.txt", "KH truyen thong tuyen dung qua mang.docx", true, func(f *document.Facts) {}, func(c *directive.Content) {
		c.Recipients = []string{"Thường trực Tỉnh ủy, Thường trực Hội đồng nhân dân tỉnh"}
		c.Authority, c.SignerTitle = []string{"TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH"}, "PHÓ CHỦ TỊCH"
	})
	p.Ago(24, 15, 30)
	plan = s.out(p.Committee, plan.ID)

	p.Ago(23, 9, 0)
	five := []Office{p.Dept, p.Police, p.Border, p.Culture, p.Women}
	s.receipt(plan, five[:4]...) // the last only after two days
	for i, o := range p.Communes {
		if i%6 != 5 {
			s.receipt(order, o)
		}
	}
	s.receipt(order, p.Dept, p.Police, p.Border, p.Culture)
	s.carried(p.Dept, order, "Cơ sở trợ giúp xã hội tỉnh", "Phòng Bảo trợ xã hội, trẻ em và Phòng, chống tệ nạn xã hội")
	s.carried(p.Dept, plan, "Cơ sở trợ giúp xã hội tỉnh", "Phòng Bảo trợ xã hội, trẻ em và Phòng, chống tệ nạn xã hội")
	p.Ago(22, 10, 0)
	for i, o := range p.Communes[:6] {
		if i < 5 {
			s.carried(o, order, "Phòng Văn hóa - Xã hội", "Công an xã")
		} else {
			s.do("a draft of "+o.Name, func(tx *db.Tx) error {
				_, err := p.Directives.Cascade(tx, o.Officer, order.ID, o.ID)
				return err
			})
		}
	}

	p.Ago(21, 8, 0)
	letter := made(p.Dept, "cong-van-so-y-te.txt", "CV ra soat nguoi tro ve (trinh ky).docx", true, func(f *document.Facts) {}, func(c *directive.Content) {
		c.Addressees = []string{"Ủy ban nhân dân các xã, phường"}
		c.Recipients = []string{"Như trên", "Ủy ban nhân dân tỉnh (b/c)", "Giám đốc, các Phó Giám đốc Sở"}
		c.Authority, c.SignerTitle = []string{"KT. GIÁM ĐỐC"}, "PHÓ GIÁM ĐỐC"
	})
	p.Ago(21, 16, 0)
	letter = s.out(p.Dept, letter.ID)
	p.Ago(20, 9, 0)
	s.receipt(plan, five[4])
	for i, o := range p.Communes {
		if i%9 != 7 && i%4 != 3 {
			s.receipt(letter, o)
		}
	}

	p.Ago(18, 8, 20)
	var ten []string
	for _, o := range p.Communes[10:20] {
		ten = append(ten, o.Name)
	}
	page := made(p.Dept, "bai-bao.html", "Hoi truoc khi di.html", false, func(f *document.Facts) { f.Issuer, f.Kind = "Bản tin Vùng cao", "tin_bai" }, func(c *directive.Content) {
		c.Subject = "học cách hỏi thăm từng nhà có người đi làm ăn xa"
		c.Addressees = ten
		c.Work = []directive.Duty{{Text: "Cử người đến từng nhà có người đi làm ăn xa, hỏi cuộc gọi gần nhất; nhà nào quá ba tháng không có tin thì báo Công an xã", Product: "Số nhà đã hỏi, số nhà đã báo", Due: on(-7)}}
		c.Report.Due = on(4)
		c.Recipients = []string{"Như trên", "Hội Liên hiệp Phụ nữ tỉnh (để phối hợp)"}
		c.Authority, c.SignerTitle = []string{"KT. GIÁM ĐỐC"}, "PHÓ GIÁM ĐỐC"
	})
	p.Ago(18, 11, 0)
	page = s.out(p.Dept, page.ID)
	p.Ago(17, 8, 0)
	s.receipt(page, p.Communes[10:18]...)
	for i, o := range p.Communes { // those who were slow
		if i%4 == 3 && i%9 != 7 {
			s.receipt(letter, o)
		}
	}

	p.Ago(15, 15, 0)
	s.worked(plan, p.Committee, five...)
	s.worked(order, p.Committee, p.Communes...)
	p.Ago(14, 9, 0)
	s.worked(letter, p.Dept, p.Communes...)
	s.worked(page, p.Dept, p.Communes[10:20]...)
	return s.err
}

// taken lets the clerk of an office drop a file in, has it read, and enters it as the clerk leaves it.
func (s *story) taken(o Office, file, name string, enter func(*document.Facts)) (d document.Document) {
	if s.err != nil {
		return d
	}
	p := s.p
	content, err := p.file(file)
	if err != nil {
		s.err = err
		return d
	}
	ref, err := p.Blobs.Put(s.ctx, bytes.NewReader(content), blob.PutOptions{Name: name, Allow: blob.Papers})
	if err != nil {
		s.err = err
		return d
	}
	s.do(file, func(tx *db.Tx) error {
		d, err = p.Documents.Register(tx, o.Clerk, document.Incoming{Unit: o.ID, Files: []blob.Ref{ref}})
		return err
	})
	s.jobs()
	s.do("entry of "+file, func(tx *db.Tx) error {
		read, err := p.Documents.Get(tx, o.Clerk, d.ID)
		if err != nil {
			return err
		}
		f := read.Facts
		enter(&f)
		d, _, err = p.Documents.Confirm(tx, o.Clerk, d.ID, read.Version, f, document.Entry{}, false)
		return err
	})
	return d
}

// receipt confirms for each office that it has a directive.
func (s *story) receipt(d directive.Directive, list ...Office) {
	s.do("receipt of "+d.Symbol, func(tx *db.Tx) error {
		for _, o := range list {
			if err := s.p.Directives.Acknowledge(tx, o.Officer, d.ID, o.ID); err != nil {
				return fmt.Errorf("%s: %w", o.Name, err)
			}
		}
		return nil
	})
}

// carried makes an office's own directive from one above, to the bodies below it, and issues it.
func (s *story) carried(o Office, up directive.Directive, to ...string) {
	id := ""
	s.do("cascade of "+o.Name, func(tx *db.Tx) error {
		d, err := s.p.Directives.Cascade(tx, o.Officer, up.ID, o.ID)
		if err != nil {
			return err
		}
		c := d.Content.V
		c.Addressees, c.Signer = to, o.Leader.Name
		if c.SignerTitle = "PHÓ CHỦ TỊCH"; o.ID == s.p.Dept.ID {
			c.SignerTitle, c.Authority = "PHÓ GIÁM ĐỐC", []string{"KT. GIÁM ĐỐC"}
		} else {
			c.Authority = []string{"TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH"}
		}
		id = d.ID
		_, err = s.p.Directives.Save(tx, o.Officer, d.ID, d.Version, c)
		return err
	})
	s.out(o, id)
}

// worked lets offices work on a directive's tasks: of ten, five are done and accepted, one waits to be accepted, one came back, one asks for
// more time, one is being done and one was never begun.
func (s *story) worked(d directive.Directive, issuer Office, list ...Office) {
	p := s.p
	type doing struct {
		o Office
		task.Row
	}
	var all []doing
	s.do("tasks of "+d.Symbol, func(tx *db.Tx) error {
		for _, o := range list {
			rows, _, err := p.Tasks.List(tx, o.Officer, task.Filter{Side: "ours", Directive: d.ID, Page: 1, Size: 50})
			if err != nil {
				return err
			}
			for _, t := range rows {
				all = append(all, doing{o, t})
			}
		}
		return nil
	})
	var shots []blob.Ref
	for i := range all {
		if s.err != nil {
			return
		}
		ref, err := p.Blobs.Put(s.ctx, bytes.NewReader(picture(i+len(d.Symbol))), blob.PutOptions{Name: fmt.Sprintf("minh chứng %d.png", i+1)})
		if err != nil {
			s.err = err
			return
		}
		shots = append(shots, ref)
	}
	s.do("work on "+d.Symbol, func(tx *db.Tx) error {
		for i, x := range all {
			by := x.o.Officer
			var err error
			switch i % 10 {
			case 3:
				err = p.Tasks.Progress(tx, by, x.ID, "Đang làm; còn hai bản xa chưa đến được.")
			case 5:
				err = p.Tasks.AskMore(tx, by, x.ID, deadline.New(deadline.Until, p.Today().AddDays(10)), "Công chức đầu mối đi học, xin lùi một tuần.")
			case 8: // never begun
			default:
				if err = p.Tasks.Attach(tx, by, x.ID, shots[i:i+1]); err == nil {
					err = p.Tasks.Submit(tx, by, x.ID, 0, "Đã làm; ảnh kèm theo.")
				}
				if err == nil && i%10 == 6 {
					err = p.Tasks.Return(tx, issuer.Officer, x.ID, 0, "Ảnh chưa thấy số điện thoại trực; chụp lại.")
				} else if err == nil && i%10 != 1 {
					err = p.Tasks.Accept(tx, issuer.Officer, x.ID, 0, "")
				}
			}
			if err != nil {
				return fmt.Errorf("%s, %s: %w", x.o.Name, x.Text, err)
			}
		}
		return nil
	})
}
