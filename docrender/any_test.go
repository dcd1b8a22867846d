package docrender

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"pgregory.net/rapid"
)

var anyText = rapid.OneOf(
	rapid.StringMatching(`[a-zA-ZăâđêôơưĂÂĐÊÔƠƯạảãàáậẫẩầấ ,.;:/()%0-9-]{0,60}`),
	rapid.SampledFrom([]string{"", " ", "\n", "Phòng, chống mua bán người", "a\nb\n\nc", "<w:t>&amp;</w:t>", "]]>", `"'`, "dài-rất-dài-không-có-khoảng-trống-nào-hết-cả-cho-nên-phải-ngắt", "Điều 1.", "./.", ";", "một\u00a0hai", "o\u031b\u0301"}),
)

var anyAlign = rapid.SampledFrom([]Align{"", Left, Right, Center, Justify})

func anyCell(t *rapid.T) Cell {
	return Cell{Text: anyText.Draw(t, "cell"), Bold: rapid.Bool().Draw(t, "bold"), Align: anyAlign.Draw(t, "align"), ColSpan: rapid.IntRange(0, 3).Draw(t, "cols"), RowSpan: rapid.IntRange(0, 3).Draw(t, "rows")}
}

func anyTable(t *rapid.T) *Table {
	x := &Table{Caption: anyText.Draw(t, "caption"), Unit: anyText.Draw(t, "unit"), Height: rapid.SampledFrom([]float64{0, 0, 7, 40}).Draw(t, "height")}
	n := rapid.IntRange(1, 6).Draw(t, "columns")
	for range n {
		x.Columns = append(x.Columns, Column{Title: anyText.Draw(t, "title"), Width: rapid.SampledFrom([]float64{0, 0, 0, 5, 20, 60, -3}).Draw(t, "width"), Align: anyAlign.Draw(t, "align")})
	}
	// rows that fit, most of the time: cells fill what spans above leave open
	wild := rapid.IntRange(0, 9).Draw(t, "wild") == 0
	rows := rapid.IntRange(0, 8).Draw(t, "rows")
	open := make([]int, n)
	for i := range rows {
		var r []Cell
		next := make([]int, n)
		for c := 0; c < n; c++ {
			if open[c] > 0 {
				next[c] = open[c] - 1
				continue
			}
			cell := anyCell(t)
			if !wild {
				room := 1
				for c+room < n && open[c+room] == 0 && room < max(1, cell.ColSpan) {
					room++
				}
				cell.ColSpan = room
				cell.RowSpan = min(max(1, cell.RowSpan), rows-i)
			}
			for k := c; k < min(n, c+max(1, cell.ColSpan)); k++ {
				next[k] = max(1, cell.RowSpan) - 1
			}
			c += max(1, cell.ColSpan) - 1
			r = append(r, cell)
		}
		x.Rows = append(x.Rows, r)
		open = next
	}
	return x
}

func anyBlock(t *rapid.T) Block {
	b := Block{Text: anyText.Draw(t, "text"), Align: anyAlign.Draw(t, "align"), Restart: rapid.IntRange(0, 5).Draw(t, "restart") == 0}
	switch rapid.IntRange(0, 8).Draw(t, "type") {
	case 0, 1, 2:
		b.Type = ItemBlock
		b.Level = rapid.SampledFrom([]Level{LevelPart, LevelChapter, LevelSection, LevelArticle, LevelRoman, LevelArabic, LevelDecimal, LevelPoint, LevelPoint, LevelPoint, LevelDash, LevelPlus}).Draw(t, "level")
	case 3:
		b.Type = HeadingBlock
		b.Level = rapid.SampledFrom([]Level{LevelPart, LevelChapter, LevelSection, LevelArticle, LevelRoman, LevelArabic, LevelDecimal, LevelPoint}).Draw(t, "level")
	case 4:
		b.Type, b.Table = TableBlock, anyTable(t)
	case 5:
		b.Type = BreakBlock
	case 6:
		n := rapid.IntRange(1, 30).Draw(t, "categories")
		b.Type, b.Chart = ChartBlock, &Chart{Kind: rapid.SampledFrom([]ChartKind{Bars, Lines}).Draw(t, "kind"), Title: anyText.Draw(t, "title"), Height: rapid.SampledFrom([]float64{0, 40, 500}).Draw(t, "height"), Series: make([]Series, rapid.IntRange(1, 3).Draw(t, "series"))}
		for range n {
			b.Chart.Categories = append(b.Chart.Categories, anyText.Draw(t, "category"))
		}
		for i := range b.Chart.Series {
			b.Chart.Series[i] = Series{anyText.Draw(t, "name"), rapid.SliceOfN(rapid.SampledFrom([]float64{0, 1, 3.5, 1250, 1e9}), n, n).Draw(t, "values")}
		}
	case 7:
		b.Type = ParagraphBlock
		b.Runs = []Run{{Text: anyText.Draw(t, "run"), Bold: true}, {Text: anyText.Draw(t, "run"), Italic: true}, {}}
	default:
		b.Type = ParagraphBlock
	}
	return b
}

// Any document is written whole, valid and the same twice, or refused whole.
func TestAnyDocument(t *testing.T) {
	written, refused := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		d := Document{Kind: rapid.SampledFrom(Kinds()).Draw(rt, "kind"), Issuer: []string{"Sở Y tế"}, Symbol: "KH-SYT", Place: "Sơn La", Subject: "Về việc thử", DecidedBy: "Giám đốc", Addressees: rapid.SliceOfN(anyText, 1, 4).Draw(rt, "addressees"), SignerTitle: "Giám đốc", Signer: "Lò Thị Mai", Title: "Biên bản",
			Superior: rapid.SliceOfN(anyText, 0, 2).Draw(rt, "superior"), Bases: rapid.SliceOfN(anyText, 0, 3).Draw(rt, "bases"), Authority: rapid.SliceOfN(anyText, 0, 3).Draw(rt, "authority"), Contact: rapid.SliceOfN(anyText, 0, 2).Draw(rt, "contact"),
			Landscape: rapid.IntRange(0, 3).Draw(rt, "landscape") == 0,
			Draft:     rapid.Bool().Draw(rt, "draft"), Urgency: rapid.SampledFrom([]Urgency{"", Urgent, MoreUrgent, MostUrgent}).Draw(rt, "urgency")}
		if rapid.Bool().Draw(rt, "two sign") {
			d.CoSigner = &CoSigner{Authority: rapid.SliceOfN(anyText, 0, 3).Draw(rt, "their authority"), Title: "Giám đốc", Name: "Vì Văn Chung"}
		}
		for range rapid.IntRange(0, 50).Draw(rt, "recipients") {
			d.Recipients = append(d.Recipients, Recipient{Name: anyText.Draw(rt, "recipient")})
		}
		for range rapid.IntRange(1, 12).Draw(rt, "blocks") {
			d.Body = append(d.Body, anyBlock(rt))
		}
		if rapid.Bool().Draw(rt, "annex") {
			d.Annexes = []Annex{{Title: "x", Landscape: rapid.Bool().Draw(rt, "landscape"), Body: []Block{anyBlock(rt), anyBlock(rt)}}, {Title: "y", Body: nil}}
		}
		for _, write := range []func(io.Writer, Document) error{DOCX, PDF} {
			var one, two bytes.Buffer
			err := write(&one, d)
			var e *Error
			if err != nil {
				if !errors.As(err, &e) || one.Len() > 0 {
					rt.Fatalf("%v after %d bytes", err, one.Len())
				}
				refused++
				continue
			}
			written++
			if err := write(&two, d); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
				rt.Fatalf("the second time differs: %v", err)
			}
			if one.Bytes()[0] == 'P' {
				validate(t, one.Bytes())
				if t.Failed() {
					rt.FailNow()
				}
			}
		}
		if err := HTML(d, nil).Render(t.Context(), io.Discard); err != nil {
			rt.Fatal(err)
		}
	})
	if written < refused {
		t.Errorf("%d files, %d refusals: too few documents are good ones", written, refused)
	}
}
