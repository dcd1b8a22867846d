package docrender

import (
	"bytes"
	"encoding/json"
	"errors"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"os"
	"strings"
	"testing"

	"chungtay/internal/errs"
	"chungtay/internal/i18n"
)

type counter struct{ n int }

func (c *counter) Write(b []byte) (int, error) { c.n += len(b); return len(b), nil }

// Each document that cannot be written says why by code and place, in both languages, and leaves not a byte.
func TestBadInput(t *testing.T) {
	words, err := i18n.Load(Text)
	if err != nil {
		t.Fatal(err)
	}
	good := func() Document { return read(t, "cong_van") }
	body := func(b ...Block) func(*Document) { return func(d *Document) { d.Body = append(d.Body, b...) } }
	wide := Table{Columns: make([]Column, 12)}
	for i := range wide.Columns {
		wide.Columns[i] = Column{Title: "Số lượt người được truyền thông", Width: 20}
	}
	wide.Rows = [][]Cell{Row(strings.Split(strings.Repeat("1,", 12), ",")[:12]...)}
	word := Table{Columns: []Column{{Title: "TT"}, {Title: "Nội dung"}}, Rows: [][]Cell{Row("1", strings.Repeat("dài", 200))}}
	for _, c := range []struct {
		name  string
		code  Code
		where string
		spoil func(*Document)
	}{
		{"no kind", MissingField, "kind", func(d *Document) { d.Kind = "" }},
		{"unknown kind", UnknownKind, "kind", func(d *Document) { d.Kind = "thu_tinh" }},
		{"no issuer", MissingField, "issuer", func(d *Document) { d.Issuer = []string{" "} }},
		{"no place", MissingField, "place", func(d *Document) { d.Place = "" }},
		{"no subject", MissingField, "subject", func(d *Document) { d.Subject = "" }},
		{"no symbol", MissingField, "symbol", func(d *Document) { d.Symbol = "" }},
		{"no addressee", MissingField, "addressees", func(d *Document) { d.Addressees = nil }},
		{"no text", MissingField, "body", func(d *Document) { d.Body = nil }},
		{"no signer", MissingField, "signer", func(d *Document) { d.Draft, d.Signer = false, "" }},
		{"nobody decides", MissingField, "decided_by", func(d *Document) { d.Kind, d.DecidedBy = Decision, "" }},
		{"no title", MissingField, "title", func(d *Document) { d.Kind = OtherKind }},
		{"annex without title", MissingField, "annexes.0.title", func(d *Document) { d.Annexes = []Annex{{Body: []Block{Para("x")}}} }},
		{"no such day", NoSuchDate, "date", func(d *Document) { d.Date.Month, d.Date.Day = 6, 31 }},
		{"blank left", MissingVariable, "subject", func(d *Document) { d.Subject = "Mời {{tên đại biểu}} dự họp" }},
		{"blank left in a table", MissingVariable, "body.6", body(OfTable(Table{Columns: []Column{{Title: "A"}}, Rows: [][]Cell{Row("{{x}}")}}))},
		{"Chinese", Uncovered, "body.6", body(Para("Ghi chú: 漢字"))},
		{"emoji", Uncovered, "signer", func(d *Document) { d.Signer = "Lê Văn 😀" }},
		{"control character", Uncovered, "subject", func(d *Document) { d.Subject = "a\x00b" }},
		{"broken text", Uncovered, "subject", func(d *Document) { d.Subject = "a\xff\xfeb" }},
		{"table by its widths", TableTooWide, "body.6", body(OfTable(wide))},
		{"table by a word", TableTooWide, "body.6", body(OfTable(word))},
		{"short row", TableShape, "body.6", body(OfTable(Table{Columns: []Column{{Title: "A"}, {Title: "B"}}, Rows: [][]Cell{Row("1", "2"), Row("1")}}))},
		{"span over the edge", TableShape, "body.6", body(OfTable(Table{Columns: []Column{{Title: "A"}, {Title: "B"}}, Rows: [][]Cell{{{Text: "1"}, {Text: "2", RowSpan: 3}}, {{Text: "1"}}}}))},
		{"no columns", TableShape, "body.6", body(OfTable(Table{}))},
		{"no picture", ImageNone, "body.6", body(OfImage(Image{}))},
		{"not a picture", ImageNone, "body.6", body(OfImage(Image{Data: []byte("GIF89a, or so")}))},
		{"100 MB", ImageTooBig, "body.6", body(OfImage(Image{Data: make([]byte, 100<<20)}))},
		{"a picture bomb", ImageTooBig, "body.6", body(OfImage(Image{Data: bomb()}))},
		{"chart with a hole", ChartShape, "body.6", body(OfChart(Chart{Kind: Bars, Title: "Số buổi", Categories: []string{"a", "b"}, Series: []Series{{"s", []float64{1}}}}))},
		{"unknown level", UnknownLevel, "body.6", body(Item("tiet", "x"))},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := good()
			c.spoil(&d)
			for _, write := range []func(io.Writer, Document) error{DOCX, PDF} {
				var out counter
				err := write(&out, d)
				var e *Error
				if !errors.As(err, &e) || !e.Has(c.code) {
					t.Fatalf("got %v, want %s", err, c.code)
				}
				if out.n != 0 {
					t.Errorf("%d bytes were written", out.n)
				}
				if !errs.Is(err, errs.Invalid) {
					t.Errorf("kind %v", errs.Of(err))
				}
				if p := e.Problems[0]; p.Where != c.where {
					t.Errorf("at %s, want %s", p.Where, c.where)
				}
				for _, p := range e.Problems {
					for _, l := range i18n.Langs {
						if s := words.Text(l, p.Message.Key, p.Message.Args...); strings.ContainsAny(s, "⟦{") {
							t.Errorf("%s says %q", l, s)
						}
					}
				}
			}
			// the page shows what it can
			if err := HTML(d, nil).Render(t.Context(), io.Discard); err != nil {
				t.Error(err)
			}
		})
	}
}

// bomb is a small file of a picture of 20,000 by 20,000 pixels.
func bomb() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)))
	out := b.Bytes()
	copy(out[16:], []byte{0, 0, 0x4E, 0x20, 0, 0, 0x4E, 0x20})
	// the checksum of the head, so that the size is believed
	sum := crcOf(out[12:29])
	out[29], out[30], out[31], out[32] = byte(sum>>24), byte(sum>>16), byte(sum>>8), byte(sum)
	return out
}

// Every name that vars does not have is named once; what is filled is filled everywhere.
func TestFill(t *testing.T) {
	d := read(t, "cong_van")
	d.Subject = "Mời {{ten}} dự {{ su_kien }}"
	d.Body = []Block{Para("Kính mời {{ten}} {{gio}}."), OfTable(Table{Columns: []Column{{Title: "A"}}, Rows: [][]Cell{Row("{{ten}}")}})}
	_, err := d.Fill(map[string]string{"ten": "ông Lò Văn Ún"})
	var e *Error
	if !errors.As(err, &e) || len(e.Problems) != 2 || e.Problems[0].Where != "su_kien" || e.Problems[1].Where != "gio" {
		t.Fatalf("got %v", err)
	}
	got, err := d.Fill(map[string]string{"ten": "ông Lò Văn Ún", "su_kien": "lễ", "gio": "lúc 8 giờ"})
	if err != nil || got.Subject != "Mời ông Lò Văn Ún dự lễ" || got.Body[0].Text != "Kính mời ông Lò Văn Ún lúc 8 giờ." || got.Body[1].Table.Rows[0][0].Text != "ông Lò Văn Ún" {
		t.Errorf("got %+v, %v", got, err)
	}
	if d.Body[0].Text != "Kính mời {{ten}} {{gio}}." || d.Body[1].Table.Rows[0][0].Text != "{{ten}}" {
		t.Error("the document filled was changed")
	}
}

// Text in pieces (NFD) and invisible characters are the same text.
func TestTextIsNormalised(t *testing.T) {
	a, b := read(t, "cong_van"), read(t, "cong_van")
	a.Body = []Block{Para("Phòng, chống mua bán người")}
	b.Body = []Block{Para("Pho\u0300ng, cho\u0302\u0301ng\u200b mua ba\u0301n ngu\u031bo\u031b\u0300i\ufeff")}
	if !bytes.Equal(written(t, PDF, a), written(t, PDF, b)) || !bytes.Equal(written(t, DOCX, a), written(t, DOCX, b)) {
		t.Error("composed and decomposed text give different files")
	}
}

func crcOf(b []byte) uint32 { return crc32.ChecksumIEEE(b) }

// Whatever a document holds, the writers answer with files or with an *Error; the same document gives the same file.
func FuzzDocument(f *testing.F) {
	for _, name := range golden {
		b, err := os.ReadFile("testdata/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var d Document
		if json.Unmarshal(b, &d) != nil {
			return
		}
		for _, write := range []func(io.Writer, Document) error{DOCX, PDF} {
			var one, two bytes.Buffer
			err := write(&one, d)
			var e *Error
			if err != nil && (!errors.As(err, &e) || one.Len() > 0) {
				t.Fatalf("%v after %d bytes", err, one.Len())
			}
			if err == nil {
				if err := write(&two, d); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
					t.Fatalf("the second time: %v", err)
				}
			}
		}
		if err := HTML(d, nil).Render(t.Context(), io.Discard); err != nil {
			t.Fatal(err)
		}
	})
}
