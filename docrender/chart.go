package docrender

import (
	"archive/zip"
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Colours of a chart's series; they differ in lightness too, for a black-and-white printer.
var seriesColours = []string{"1F4E79", "C55A11", "7F7F7F", "2E75B6", "F4B183", "404040"}

func colourOf(i int) string { return seriesColours[i%len(seriesColours)] }

// words says a chart in words: what it shows and its figures.
func (c *Chart) words() string {
	var b strings.Builder
	b.WriteString("Biểu đồ: " + c.Title)
	for _, s := range c.Series {
		b.WriteString(". " + s.Name + ": ")
		for i, v := range s.Values {
			if i > 0 {
				b.WriteString("; ")
			}
			b.WriteString(strings.ReplaceAll(c.Categories[i], "\n", " ") + " " + number(v))
		}
	}
	if c.Unit != "" {
		b.WriteString(" (" + c.Unit + ")")
	}
	return b.String()
}

// number writes 1250.5 as 1.250,5.
func number(v float64) string {
	s := strconv.FormatFloat(math.Abs(v), 'f', -1, 64)
	whole, frac, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "." + whole[i:]
	}
	if frac != "" {
		whole += "," + frac
	}
	if v < 0 {
		return "-" + whole
	}
	return whole
}

// scale finds the top of the axis and its step: 1, 2 or 5 times a power of ten, four to eight steps.
func (c *Chart) scale() (top, step float64) {
	most := 0.0
	for _, s := range c.Series {
		for _, v := range s.Values {
			most = math.Max(most, v)
		}
	}
	if most <= 0 || math.IsInf(most, 0) || math.IsNaN(most) {
		return 1, 1
	}
	step = math.Pow(10, math.Floor(math.Log10(most/4)))
	for _, k := range []float64{1, 2, 5, 10} {
		if most/(step*k) <= 6 {
			step *= k
			break
		}
	}
	return math.Ceil(most*1.0001/step) * step, step
}

// labelled tells whether there is room for the figures beside their marks.
func (c *Chart) labelled() bool {
	return len(c.Series)*len(c.Categories) <= 24 && (c.Kind == Bars || len(c.Series) <= 2)
}

// below tells whether a line's figures stand below it: of two lines those of the lower.
func (c *Chart) below(series int) bool {
	if c.Kind != Lines || len(c.Series) != 2 {
		return false
	}
	sum := [2]float64{}
	for i, s := range c.Series {
		for _, v := range s.Values {
			sum[i] += v
		}
	}
	lower := 0
	if sum[1] < sum[0] {
		lower = 1
	}
	return series == lower
}

func col(i int) string { return string(rune('A' + i%26)) }

// chartPart is the chart as the word processor draws it, with its figures cached; the workbook beside it makes them editable.
func (g *graph) chartPart(lang string) []byte {
	var b bytes.Buffer
	w := func(s ...string) {
		for _, p := range s {
			b.WriteString(p)
		}
	}
	text := func(size int, bold bool) string {
		return fmt.Sprintf(`<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="%d" b="%d"><a:latin typeface="Times New Roman"/></a:defRPr></a:pPr><a:endParaRPr lang="%s"/></a:p></c:txPr>`, size*100, map[bool]int{true: 1}[bold], escaped(lang))
	}
	top, step := g.scale()
	w(xmlDecl, `<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><c:date1904 val="0"/><c:lang val="`, escaped(lang), `"/><c:roundedCorners val="0"/><c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1300" b="1"><a:latin typeface="Times New Roman"/></a:defRPr></a:pPr><a:r><a:rPr lang="`, escaped(lang), `" sz="1300" b="1"><a:latin typeface="Times New Roman"/></a:rPr><a:t>`)
	escape(&b, g.heading())
	w(`</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>`)
	if g.Kind == Bars {
		w(`<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>`)
	} else {
		w(`<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>`)
	}
	last := strconv.Itoa(len(g.Categories) + 1)
	for i, s := range g.Series {
		n := strconv.Itoa(i)
		w(`<c:ser><c:idx val="`, n, `"/><c:order val="`, n, `"/><c:tx><c:strRef><c:f>Bang!$`, col(i+1), `$1</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>`)
		escape(&b, s.Name)
		w(`</c:v></c:pt></c:strCache></c:strRef></c:tx><c:spPr>`)
		if g.Kind == Bars {
			w(`<a:solidFill><a:srgbClr val="`, colourOf(i), `"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>`)
		} else {
			w(`<a:ln w="25400"><a:solidFill><a:srgbClr val="`, colourOf(i), `"/></a:solidFill></a:ln></c:spPr><c:marker><c:symbol val="circle"/><c:size val="5"/><c:spPr><a:solidFill><a:srgbClr val="`, colourOf(i), `"/></a:solidFill></c:spPr></c:marker>`)
		}
		if g.labelled() {
			w(`<c:dLbls><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>`, text(10, false))
			if g.below(i) {
				w(`<c:dLblPos val="b"/>`)
			} else if g.Kind == Lines {
				w(`<c:dLblPos val="t"/>`)
			} else {
				w(`<c:dLblPos val="outEnd"/>`)
			}
			w(`<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>`)
		}
		w(`<c:cat><c:strRef><c:f>Bang!$A$2:$A$`, last, `</c:f><c:strCache><c:ptCount val="`, strconv.Itoa(len(g.Categories)), `"/>`)
		for j, name := range g.Categories {
			w(`<c:pt idx="`, strconv.Itoa(j), `"><c:v>`)
			escape(&b, name)
			w(`</c:v></c:pt>`)
		}
		w(`</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>Bang!$`, col(i+1), `$2:$`, col(i+1), `$`, last, `</c:f><c:numCache><c:formatCode>[$-42A]#,##0</c:formatCode><c:ptCount val="`, strconv.Itoa(len(s.Values)), `"/>`)
		for j, v := range s.Values {
			w(`<c:pt idx="`, strconv.Itoa(j), `"><c:v>`, strconv.FormatFloat(v, 'f', -1, 64), `</c:v></c:pt>`)
		}
		w(`</c:numCache></c:numRef></c:val>`)
		if g.Kind == Lines {
			w(`<c:smooth val="0"/>`)
		}
		w(`</c:ser>`)
	}
	if g.Kind == Bars {
		w(`<c:gapWidth val="60"/><c:axId val="1"/><c:axId val="2"/></c:barChart>`)
	} else {
		w(`<c:marker val="1"/><c:axId val="1"/><c:axId val="2"/></c:lineChart>`)
	}
	line := `<c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="7F7F7F"/></a:solidFill></a:ln></c:spPr>`
	w(`<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="b"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>`, line, text(11, false), `<c:crossAx val="2"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="0"/></c:catAx>`)
	w(`<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:max val="`, strconv.FormatFloat(top, 'f', -1, 64), `"/><c:min val="0"/></c:scaling><c:delete val="0"/><c:axPos val="l"/><c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="D9D9D9"/></a:solidFill></a:ln></c:spPr></c:majorGridlines><c:numFmt formatCode="[$-42A]#,##0" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>`, line, text(11, false), `<c:crossAx val="1"/><c:crosses val="autoZero"/><c:crossBetween val="between"/><c:majorUnit val="`, strconv.FormatFloat(step, 'f', -1, 64), `"/></c:valAx>`)
	w(`</c:plotArea>`)
	if len(g.Series) > 1 {
		w(`<c:legend><c:legendPos val="b"/><c:overlay val="0"/>`, text(11, false), `</c:legend>`)
	}
	w(`<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr><c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>`)
	return b.Bytes()
}

// heading is the title with the unit.
func (g *graph) heading() string {
	if g.Unit == "" {
		return g.Title
	}
	return g.Title + " (" + g.Unit + ")"
}

// workbook holds the chart's figures, so that "Edit data" works in the word processor.
func (g *graph) workbook() []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(name, content string) {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err == nil {
			_, _ = f.Write([]byte(xmlDecl + content)) // a buffer takes all
		}
	}
	put("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`)
	put("_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	put("xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Bang" sheetId="1" r:id="rId1"/></sheets></workbook>`)
	put("xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`)
	var s bytes.Buffer
	s.WriteString(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	word := func(cell, text string) {
		s.WriteString(`<c r="` + cell + `" t="inlineStr"><is><t xml:space="preserve">`)
		escape(&s, text)
		s.WriteString(`</t></is></c>`)
	}
	s.WriteString(`<row r="1">`)
	word("A1", g.Unit)
	for i, x := range g.Series {
		word(col(i+1)+"1", x.Name)
	}
	s.WriteString(`</row>`)
	for j, name := range g.Categories {
		r := strconv.Itoa(j + 2)
		s.WriteString(`<row r="` + r + `">`)
		word("A"+r, name)
		for i, x := range g.Series {
			s.WriteString(`<c r="` + col(i+1) + r + `"><v>` + strconv.FormatFloat(x.Values[j], 'f', -1, 64) + `</v></c>`)
		}
		s.WriteString(`</row>`)
	}
	s.WriteString(`</sheetData></worksheet>`)
	put("xl/worksheets/sheet1.xml", s.String())
	_ = z.Close()
	return b.Bytes()
}
