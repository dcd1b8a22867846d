package demo

import (
	"bytes"
	"context"
	"embed"
	"strconv"
	"strings"

	"chungtay/document"
	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/db"
)

//go:embed papers/*.txt
var papers embed.FS

// paper is the text of an example paper, in the demonstration's year.
func (p *Province) paper(name string) (string, error) {
	b, err := papers.ReadFile("papers/" + name)
	return strings.ReplaceAll(string(b), "{year}", strconv.Itoa(p.Year)), err
}

// documents lets the clerk of the Sở take in what came from outside: a plan of the province that is entered and passed on, a letter with blanks
// that its handler is late with, and two that still wait to be entered.
func documents(ctx context.Context, p *Province) error {
	clerk := p.Dept.Clerk
	take := func(name, text string) (d document.Document, err error) {
		ref, err := p.Blobs.Put(ctx, bytes.NewReader([]byte(text)), blob.PutOptions{Name: name})
		if err != nil {
			return d, err
		}
		err = p.Write(ctx, func(tx *db.Tx) error {
			d, err = p.Documents.Register(tx, clerk, document.Incoming{Unit: p.Dept.ID, Files: []blob.Ref{ref}})
			return err
		})
		if err != nil {
			return d, err
		}
		if err := p.Work(ctx); err != nil {
			return d, err
		}
		return d, p.DB.Read(ctx, func(tx *db.Tx) error { d, err = p.Documents.Get(tx, clerk, d.ID); return err })
	}
	enter := func(d document.Document, mend func(*document.Facts), pass document.Passing) error {
		return p.Write(ctx, func(tx *db.Tx) error {
			f := d.Facts
			mend(&f)
			_, x, err := p.Documents.Confirm(tx, clerk, d.ID, d.Version, f, document.Entry{}, false)
			if err != nil {
				return err
			}
			_, err = p.Documents.PassOn(tx, clerk, d.ID, p.Dept.ID, x.Version, pass)
			return err
		})
	}
	day := func(month, day int) civil.Date {
		d, _ := civil.Parse(strconv.Itoa(p.Year) + "-" + two(month) + "-" + two(day))
		return d
	}

	p.To(6, 10, 8, 20)
	text, err := p.paper("ke-hoach-ubnd.txt")
	if err != nil {
		return err
	}
	plan, err := take("118-KH-UBND Ngày toàn dân 30-7.txt", text)
	if err != nil {
		return err
	}
	p.To(6, 10, 8, 35)
	if err := enter(plan, func(f *document.Facts) {
		f.Issuer, f.IssuerUnit, f.Topic = p.Committee.Name, p.Committee.ID, "campaign"
	},
		document.Passing{Kind: "unit", Handler: p.Social.ID, Due: day(6, 20)}); err != nil {
		return err
	}
	p.To(6, 10, 14, 5)
	if err := p.Write(ctx, func(tx *db.Tx) error {
		x, err := p.Documents.Take(tx, p.Social.Officer, plan.ID, p.Dept.ID)
		if err == nil {
			_, err = p.Documents.Follow(tx, p.Social.Officer, plan.ID, p.Dept.ID, x.Version, "done", "1.204/KH-SYT", "Đã tham mưu kế hoạch của Sở")
		}
		return err
	}); err != nil {
		return err
	}

	p.To(6, 12, 9, 0)
	if text, err = p.paper("cong-van-blank.txt"); err != nil {
		return err
	}
	letter, err := take("CV rà soát cơ sở hỗ trợ.txt", text)
	if err != nil {
		return err
	}
	p.To(6, 12, 9, 10)
	if err := enter(letter, func(f *document.Facts) {
		f.Issuer, f.IssuedOn, f.Symbol = "Cục Bảo trợ xã hội", day(6, 11), "402/BTXH-PCTNXH"
	}, document.Passing{Kind: "person", Handler: p.Dept.Officer.Person, Due: day(6, 24), Note: "Báo cáo trước ngày 25/6"}); err != nil {
		return err
	}

	p.To(6, 19, 8, 5)
	if text, err = p.paper("tin-bai.txt"); err != nil {
		return err
	}
	if _, err := take("Tin xã biên giới.txt", text); err != nil {
		return err
	}
	if text, err = p.paper("ke-hoach-ubnd.txt"); err != nil {
		return err
	}
	_, err = take("KH 118 ban scan gui lai.txt", strings.Replace(text, "VĂN PHÒNG", "", 1)+"\n")
	return err
}

func two(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}
