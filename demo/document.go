package demo

import (
	"archive/zip"
	"bytes"
	"context"
	"embed"
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"

	"chungtay/document"
	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/db"
)

//go:embed papers
var papers embed.FS

// blank is a place of an example paper that depends on when the demonstration is built: {year} of the Day, {-21} a day 21 days ago,
// {month-21} and {year-21} its month and year.
var blank = regexp.MustCompile(`\{(month|year)?([+-]\d+)?\}`)

// file is an example paper as it comes in: a text as the file of a word processor, a web page as it is.
func (p *Province) file(name string) ([]byte, error) {
	b, err := papers.ReadFile("papers/" + name)
	if err != nil {
		return nil, err
	}
	text := blank.ReplaceAllStringFunc(string(b), func(s string) string {
		m := blank.FindStringSubmatch(s)
		days, _ := strconv.Atoi(m[2])
		day := p.Today().AddDays(days)
		switch {
		case m[1] == "year" && m[2] == "":
			return strconv.Itoa(p.Year)
		case m[1] == "year":
			return strconv.Itoa(day.Year)
		case m[1] == "month":
			return strconv.Itoa(int(day.Month))
		}
		return two(day.Day) + "/" + strconv.Itoa(int(day.Month)) + "/" + strconv.Itoa(day.Year)
	})
	if strings.HasSuffix(name, ".html") {
		return []byte(text), nil
	}
	return wordFile(text)
}

// wordFile is a text as a DOCX file: a line a paragraph, lines with || the rows of a table of two columns, as the heads of papers are.
func wordFile(text string) ([]byte, error) {
	paragraph := func(s string) string {
		var b strings.Builder
		xml.EscapeText(&b, []byte(s))
		return `<w:p><w:r><w:t xml:space="preserve">` + b.String() + `</w:t></w:r></w:p>`
	}
	var body strings.Builder
	rows := false
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		left, right, cells := strings.Cut(line, " ||")
		if cells != rows {
			body.WriteString(map[bool]string{true: `<w:tbl>`, false: `</w:tbl>`}[cells])
		}
		if rows = cells; cells {
			body.WriteString(`<w:tr><w:tc>` + paragraph(left) + `</w:tc><w:tc>` + paragraph(strings.TrimSpace(right)) + `</w:tc></w:tr>`)
		} else {
			body.WriteString(paragraph(line))
		}
	}
	if rows {
		body.WriteString(`</w:tbl>`)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, x := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body.String() + `</w:body></w:document>`},
	} {
		w, err := z.Create(x[0])
		if err != nil {
			return nil, err
		}
		if _, err := w.Write([]byte(`<?xml version="1.0" encoding="UTF-8"?>` + x[1])); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// documents lets the clerk of the Sở take in what came from outside: a plan of the province that is entered and passed on, a letter with blanks
// that its handler is late with, and two that still wait to be entered.
func documents(ctx context.Context, p *Province) error {
	clerk := p.Dept.Clerk
	take := func(file, name string) (d document.Document, err error) {
		content, err := p.file(file)
		if err != nil {
			return d, err
		}
		ref, err := p.Blobs.Put(ctx, bytes.NewReader(content), blob.PutOptions{Name: name, Allow: blob.Papers})
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
	plan, err := take("ke-hoach-ubnd.txt", "118-KH-UBND Ngày toàn dân 30-7.docx")
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
	letter, err := take("cong-van-blank.txt", "CV rà soát cơ sở hỗ trợ.docx")
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
	if _, err := take("tin-bai.html", "Tin xã biên giới.html"); err != nil {
		return err
	}
	_, err = take("ke-hoach-ubnd.txt", "KH 118 ban gui lai.docx")
	return err
}

func two(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}
