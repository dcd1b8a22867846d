package doctext

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"chungtay/internal/errs"
)

// fuzzFile runs a reader over a file of a given kind: no panic, no endless work, an error only with a sentence, a text that holds what is
// promised.
func fuzzFile(t *testing.T, kind Type, b []byte) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	o := Options{NoOCR: true, MaxText: 4 << 20}.withDefaults()
	j := &job{ctx: ctx, r: bytes.NewReader(b), size: int64(len(b)), o: o, kind: kind, out: newBuilder(o.MaxText)}
	if err := j.read(); err != nil {
		if ctx.Err() != nil {
			t.Fatalf("%d bytes take more than their time", len(b))
		}
		if _, ok := errs.TextOf(err); !ok {
			t.Fatalf("error without a sentence: %v", err)
		}
		return
	}
	checkText(t, j.out.finish(kind))
}

func FuzzDetect(f *testing.F) {
	for _, s := range []string{"", "PK\x03\x04", "%PDF-1.4", "{\\rtf1", "<html>", "chữ", "\xFF\xFEa\x00", "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a\n\n--a"} {
		f.Add([]byte(s))
	}
	f.Add(wordFile(f, p("một"), nil))
	f.Add(compoundFile(false, "Root Entry", "WordDocument"))
	f.Fuzz(func(t *testing.T, b []byte) {
		kind, err := Detect(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			if _, ok := errs.TextOf(err); !ok {
				t.Fatalf("error without a sentence: %v", err)
			}
			return
		}
		switch kind {
		case PDF, PNG, JPEG, TIFF, WebP, Doc:
			return
		}
		fuzzFile(t, kind, b)
	})
}

// FuzzDOCX fuzzes the parts, not the archive around them, which hardly any change would leave whole.
func FuzzDOCX(f *testing.F) {
	f.Add(p("một")+`<w:p><w:pPr><w:pStyle w:val="A"/><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:rPr><w:rFonts w:hAnsi=".VnTimeH"/><w:caps/></w:rPr><w:t>ñy</w:t><w:tab/><w:br/><w:lastRenderedPageBreak/></w:r></w:p><w:tbl><w:tr>`+tc(p("a"))+tc(p("b"))+`</w:tr></w:tbl>`,
		`<w:styles><w:style w:styleId="A" w:type="paragraph" w:default="1"><w:basedOn w:val="A"/><w:pPr><w:spacing w:after="120"/><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style></w:styles>`,
		`<w:numbering><w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="A"/><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%1.%2)"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="9"/></w:lvlOverride></w:num></w:numbering>`)
	f.Fuzz(func(t *testing.T, body, styles, numbering string) {
		fuzzFile(t, DOCX, wordFile(t, body, map[string]string{"styles.xml": styles, "numbering.xml": numbering, "header1.xml": "<w:hdr>" + body + "</w:hdr>", "docProps/core.xml": styles, "docProps/app.xml": numbering}))
	})
}

func FuzzODT(f *testing.F) {
	f.Add(`<d><style:style style:family="paragraph" style:name="P"><style:text-properties style:font-name=".VnTime"/></style:style><text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/></text:list-style><office:text><text:list text:style-name="L"><text:list-item><text:p text:style-name="P">một<text:s text:c="3"/></text:p></text:list-item></text:list><table:table><table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="3"><text:p>a</text:p></table:table-cell></table:table-row></table:table></office:text></d>`)
	f.Fuzz(func(t *testing.T, content string) {
		fuzzFile(t, ODT, zipped(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, "styles.xml": content, "meta.xml": content}))
	})
}

func FuzzXLSX(f *testing.F) {
	f.Add(`<worksheet><sheetData><row><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>45123</v></c><c t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>`, `<sst><si><r><rPr><rFont val=".VnTime"/></rPr><t>Sè</t></r></si></sst>`, `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`)
	f.Fuzz(func(t *testing.T, sheet, shared, styles string) {
		fuzzFile(t, XLSX, workbookFile(t, map[string]string{"Tờ 1": sheet}, shared, styles))
	})
}

func FuzzRTF(f *testing.F) {
	f.Add([]byte(`{\rtf1\ansi\ansicpg1258{\fonttbl{\f0\fcharset163 Times New Roman;}{\f1 .VnTime;}}{\info{\title a}{\creatim\yr2023\mo7\dy3}}{\header x\par}\pard\intbl\f0 S\u7889?\'f3\cell\row\pard{\listtext 1.\tab}{\f1 \'a9}\par{\*\x y}\bin3 abc}`))
	f.Fuzz(func(t *testing.T, b []byte) { fuzzFile(t, RTF, b) })
}

func FuzzHTML(f *testing.F) {
	f.Add([]byte(`<html><head><meta charset=utf-8><title>a</title></head><body><nav>m</nav><table><tr><td>a<td><table><tr><td>b</table></table><ol type=i><li>x</ol><p style="font-family:.VnTime">Sè<br></body></html>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		fuzzFile(t, HTML, b)
		fuzzFile(t, MHT, b)
	})
}

func FuzzPlain(f *testing.F) {
	f.Add([]byte(sample))
	f.Add(encodeVNI(sample))
	f.Add([]byte(encodeVIQR(sample)))
	f.Add([]byte("\xFE\xFF\x00a"))
	f.Fuzz(func(t *testing.T, b []byte) { fuzzFile(t, Plain, b) })
}

// FuzzXML compares the small XML reader with encoding/xml: what that one accepts, this one reads with the same names and texts.
func FuzzXML(f *testing.F) {
	f.Add(`<?xml version="1.0"?><!-- c --><a:b x="1 &lt; 2" y='"'>t &amp; <c/><![CDATA[<raw>]]></a:b>`)
	f.Add(`<a>` + strings.Repeat("<b>x</b>", 50) + `</a>`)
	f.Fuzz(func(t *testing.T, s string) {
		var want []string
		d := xml.NewDecoder(strings.NewReader(s))
		// declarations other than comments are no part of office files; the two readers may differ there
		ok := utf8.ValidString(s) && strings.Count(s, "<!") == strings.Count(s, "<!--")
		depth := 0
		for ok {
			tok, err := d.RawToken()
			if err != nil {
				ok = errors.Is(err, errEOF)
				break
			}
			switch e := tok.(type) {
			case xml.StartElement:
				depth++
				want = append(want, "<"+e.Name.Local)
				for _, a := range e.Attr {
					if a.Name.Space != "xmlns" {
						want = append(want, a.Name.Local+"="+a.Value)
					}
				}
			case xml.EndElement:
				depth--
				want = append(want, ">")
			case xml.CharData:
				if depth > 0 && len(e) > 0 {
					if n := len(want) - 1; n >= 0 && strings.HasPrefix(want[n], "'") {
						want[n] += string(e)
					} else {
						want = append(want, "'"+string(e))
					}
				}
			}
			if depth < 0 || depth > maxDepth {
				ok = false
			}
		}
		x := newXML(strings.NewReader(s))
		var got []string
		level := 0
		for x.next() {
			switch x.kind {
			case xmlOpen:
				level++
				got = append(got, "<"+x.name)
			case xmlClose:
				level--
				got = append(got, ">")
			case xmlText:
				text := strings.ReplaceAll(strings.ReplaceAll(string(x.appendText(nil)), "\r\n", "\n"), "\r", "\n")
				if n := len(got) - 1; n >= 0 && strings.HasPrefix(got[n], "'") {
					got[n] += text
				} else {
					got = append(got, "'"+text)
				}
			}
			if level < 0 || x.depth > maxDepth {
				t.Fatalf("depth %d, %d", level, x.depth)
			}
		}
		if !ok || depth != 0 || len(want) == 0 {
			return
		}
		if x.err != nil {
			t.Fatalf("%q: %v; encoding/xml accepts it", s, x.err)
		}
		var names []string
		for _, w := range want {
			if strings.HasPrefix(w, "<") || w == ">" || strings.HasPrefix(w, "'") {
				names = append(names, w)
			}
		}
		if strings.Join(names, "\x01") != strings.Join(got, "\x01") {
			t.Fatalf("%q\n got %q\nwant %q", s, got, names)
		}
	})
}

var errEOF = errorEOF()

func errorEOF() error {
	_, err := xml.NewDecoder(strings.NewReader("")).RawToken()
	return err
}

// FuzzLayout puts words anywhere on pages.
func FuzzLayout(f *testing.F) {
	f.Add([]byte("SỞ Y TẾ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), []byte{10, 10, 90, 10, 10, 20, 90, 20})
	f.Fuzz(func(t *testing.T, text, places []byte) {
		words := strings.Fields(valid(string(text)))
		at := func(i int) float32 {
			if len(places) == 0 {
				return 0
			}
			return float32(places[i%len(places)]) * 3
		}
		s := sheet{Number: 1, Width: 595, Height: 842}
		for i, w := range words {
			x, y := at(2*i), at(2*i+1)
			s.Words = append(s.Words, word{Text: w, X0: x, Y0: y, X1: x + at(i)/4, Y1: y + at(i+3)/16})
		}
		for i := 0; i+3 < len(places) && i < 400; i += 4 {
			s.Rules = appendRules(s.Rules, rule{at(i), at(i + 1), at(i) + at(i+2), at(i+1) + at(i+3)})
		}
		b := newBuilder(1 << 20)
		b.compose([]sheet{s, s, s, s})
		got := b.finish(PDF)
		checkText(t, got)
	})
}

// FuzzPDF runs PDFium in its helper: a file on which that one ends must still be answered with a sentence.
func FuzzPDF(f *testing.F) {
	f.Add(pdfFile([]string{shown(60, 700, 12, "Mot hai ba")}, "", ""))
	f.Fuzz(func(t *testing.T, b []byte) {
		o := testOptions(t)
		o.NoOCR, o.Timeout = true, 20*time.Second
		text, err := Extract(context.Background(), bytes.NewReader(append([]byte("%PDF-1.4\n"), b...)), int64(len(b)+9), "x", o)
		if err == nil {
			checkText(t, text)
		} else if _, ok := errs.TextOf(err); !ok {
			t.Fatalf("error without a sentence: %v", err)
		}
	})
}

func FuzzTSV(f *testing.F) {
	f.Add("level\tpage_num\n1\t1\t0\t0\t0\t0\t0\t0\t10\t10\t-1\t\n5\t1\t1\t1\t1\t1\t36\t92\t96\t12\t96.5\tKẾ\n")
	f.Fuzz(func(t *testing.T, s string) {
		var o recogniser
		for _, words := range o.parse(s) {
			b := newBuilder(1 << 20)
			b.compose([]sheet{{Words: words}})
			checkText(t, b.finish(PNG))
		}
	})
}
