package docrender

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

const packageRels = xmlDecl + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties" Target="docProps/app.xml"/></Relationships>`

const appPart = xmlDecl + `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Chung Tay</Application></Properties>`

const fontTable = xmlDecl + `<w:fonts ` + nsMain + `><w:font w:name="Times New Roman"><w:altName w:val="Liberation Serif"/><w:panose1 w:val="02020603050405020304"/><w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font></w:fonts>`

const headerFirst = xmlDecl + `<w:hdr ` + nsMain + `><w:p><w:pPr><w:pStyle w:val="SoTrang"/></w:pPr></w:p></w:hdr>`

const footerEmpty = xmlDecl + `<w:ftr ` + nsMain + `><w:p><w:pPr><w:pStyle w:val="DiaChi"/></w:pPr></w:p></w:ftr>`

// headerPart is the page number, in the middle of the top margin.
func headerPart() string {
	return xmlDecl + `<w:hdr ` + nsMain + `><w:p><w:pPr><w:pStyle w:val="SoTrang"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:hdr>`
}

// footerPart is the address of the body at the foot of page 1, below a rule.
func (x *docx) footerPart() []byte {
	var b bytes.Buffer
	b.WriteString(xmlDecl + `<w:ftr ` + nsMain + `>`)
	for i, p := range x.footer {
		b.WriteString(`<w:p><w:pPr><w:pStyle w:val="DiaChi"/>`)
		if i == 0 {
			b.WriteString(`<w:pBdr><w:top w:val="single" w:sz="6" w:space="2" w:color="auto"/></w:pBdr>`)
		}
		b.WriteString(`</w:pPr><w:r><w:t xml:space="preserve">`)
		escape(&b, p.runs[0].Text)
		b.WriteString(`</w:t></w:r></w:p>`)
	}
	b.WriteString(`</w:ftr>`)
	return b.Bytes()
}

func settingsPart(lang string) string {
	return xmlDecl + `<w:settings ` + nsMain + `><w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/><w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="` + escaped(lang) + `"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>`
}

// stylesPart writes the named styles. Those of the form come from pstyles; the table style is the rules of a table.
func stylesPart(lang string) string {
	var b strings.Builder
	l := escaped(lang)
	b.WriteString(xmlDecl + `<w:styles ` + nsMain + `><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="Times New Roman" w:cs="Times New Roman"/><w:sz w:val="28"/><w:szCs w:val="28"/><w:lang w:val="` + l + `" w:eastAsia="` + l + `" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>`)
	b.WriteString(`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>`)
	b.WriteString(`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="0" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>`)
	for _, p := range pstyles {
		fmt.Fprintf(&b, `<w:style w:type="paragraph" w:customStyle="1" w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>`, p.id, escaped(p.name))
		if p.keepNext {
			b.WriteString(`<w:keepNext/>`)
		}
		if p.keepLines || p.boxed {
			b.WriteString(`<w:keepLines/>`)
		}
		b.WriteString(`<w:widowControl/>`)
		if p.boxed {
			color := "auto"
			if p.red {
				color = "FF0000"
			}
			b.WriteString(`<w:pBdr>`)
			for _, side := range []string{"top", "left", "bottom", "right"} {
				fmt.Fprintf(&b, `<w:%s w:val="single" w:sz="8" w:space="2" w:color="%s"/>`, side, color)
			}
			b.WriteString(`</w:pBdr>`)
		}
		b.WriteString(`<w:spacing w:before="` + strconv.Itoa(twipsPt(p.before)) + `" w:after="` + strconv.Itoa(twipsPt(p.after)) + `"`)
		if p.exact > 0 {
			b.WriteString(` w:line="` + strconv.Itoa(twipsPt(p.exact)) + `" w:lineRule="exact"`)
		}
		b.WriteString(`/>`)
		if p.first > 0 || p.left > 0 {
			fmt.Fprintf(&b, `<w:ind w:left="%d" w:firstLine="%d"/>`, twips(p.left), twips(p.first))
		}
		b.WriteString(`<w:jc w:val="` + jc(p.align) + `"/>`)
		if p.outline > 0 {
			b.WriteString(`<w:outlineLvl w:val="` + strconv.Itoa(p.outline-1) + `"/>`)
		}
		b.WriteString(`</w:pPr><w:rPr>`)
		if p.bold {
			b.WriteString(`<w:b/><w:bCs/>`)
		}
		if p.italic {
			b.WriteString(`<w:i/><w:iCs/>`)
		}
		if p.red {
			b.WriteString(`<w:color w:val="FF0000"/>`)
		}
		n := strconv.Itoa(int(p.size * 2))
		b.WriteString(`<w:sz w:val="` + n + `"/><w:szCs w:val="` + n + `"/></w:rPr></w:style>`)
	}
	b.WriteString(`<w:style w:type="table" w:customStyle="1" w:styleId="BangKe"><w:name w:val="Bảng kẻ"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		b.WriteString(`<w:` + side + ` w:val="single" w:sz="4" w:space="0" w:color="auto"/>`)
	}
	pad, top := strconv.Itoa(twips(cellPad)), strconv.Itoa(twipsPt(cellPadTop))
	b.WriteString(`</w:tblBorders><w:tblCellMar><w:top w:w="` + top + `" w:type="dxa"/><w:left w:w="` + pad + `" w:type="dxa"/><w:bottom w:w="` + top + `" w:type="dxa"/><w:right w:w="` + pad + `" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style></w:styles>`)
	return b.String()
}

// numbering writes the lists: their levels are fixed, the runs are the document's.
func (x *docx) numbering() []byte {
	var b bytes.Buffer
	b.WriteString(xmlDecl + `<w:numbering ` + nsMain + `>`)
	b.WriteString(abstractLists)
	literals := map[int]int{}
	for i, n := range x.nums {
		if n.list == listLiteral {
			literals[i] = listLiteral + len(literals)
			fmt.Fprintf(&b, `<w:abstractNum w:abstractNumId="%d"><w:multiLevelType w:val="singleLevel"/>`, literals[i])
			levelXML(&b, 0, "decimal", escaped(n.literal), "", false)
			b.WriteString(`</w:abstractNum>`)
		}
	}
	used := map[int]bool{}
	for i, n := range x.nums {
		abstract := n.list
		if n.list == listLiteral {
			abstract = literals[i]
		}
		fmt.Fprintf(&b, `<w:num w:numId="%d"><w:abstractNumId w:val="%d"/>`, i+1, abstract)
		if (used[n.list] || n.from > 0) && n.list != listLiteral && n.list != listDashes {
			for l := range listLevels[n.list] {
				start := 1
				if l == n.ilvl && n.from > 0 {
					start = n.from
				}
				fmt.Fprintf(&b, `<w:lvlOverride w:ilvl="%d"><w:startOverride w:val="%d"/></w:lvlOverride>`, l, start)
			}
		}
		used[n.list] = true
		b.WriteString(`</w:num>`)
	}
	b.WriteString(`</w:numbering>`)
	return b.Bytes()
}

type listLevel struct {
	format, text, style string
	bold                bool
}

var listLevels = map[int][]listLevel{
	listParts:    {{"upperRoman", "Phần %1", "", true}, {"upperRoman", "Chương %2", "", true}, {"decimal", "Mục %3", "", true}},
	listArticles: {{"decimal", "Điều %1.", "", true}, {"decimal", "%2.", "", false}, {"decimal", "%2.%3.", "", false}, {"lowerLetter", "%4)", "", false}},
	listHeads:    {{"upperRoman", "%1.", "", false}, {"decimal", "%2.", "", false}, {"decimal", "%2.%3.", "", false}, {"lowerLetter", "%4)", "", false}},
	listDashes:   {{"bullet", "-", "", false}, {"bullet", "+", "", false}},
	listPoints:   {{"lowerLetter", "%1)", "", false}},
}

func levelXML(b *bytes.Buffer, ilvl int, format, text, suff string, bold bool) {
	if suff == "" {
		suff = "space"
	}
	fmt.Fprintf(b, `<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:suff w:val="%s"/><w:lvlText w:val="%s"/><w:lvlJc w:val="left"/>`, ilvl, format, suff, text)
	if suff == "space" { // as the paragraph styles have it; some word processors take the list's word
		fmt.Fprintf(b, `<w:pPr><w:ind w:left="0" w:firstLine="%d"/></w:pPr>`, twips(firstIndent))
	}
	if format == "bullet" {
		b.WriteString(`<w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"/></w:rPr>`)
	} else if bold {
		b.WriteString(`<w:rPr><w:b/><w:bCs/></w:rPr>`)
	}
	b.WriteString(`</w:lvl>`)
}

var abstractLists = func() string {
	var b bytes.Buffer
	for id := listParts; id < listLiteral; id++ {
		fmt.Fprintf(&b, `<w:abstractNum w:abstractNumId="%d"><w:multiLevelType w:val="multilevel"/>`, id)
		for i, l := range listLevels[id] {
			suff := ""
			if id == listParts {
				suff = "nothing"
			}
			levelXML(&b, i, l.format, l.text, suff, l.bold)
		}
		b.WriteString(`</w:abstractNum>`)
	}
	return b.String()
}()

func (x *docx) relations() []byte {
	var b bytes.Buffer
	b.WriteString(xmlDecl + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	rel := func(id, kind, target string) {
		b.WriteString(`<Relationship Id="` + id + `" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/` + kind + `" Target="` + target + `"/>`)
	}
	rel("rIdStyles", "styles", "styles.xml")
	rel("rIdNumbering", "numbering", "numbering.xml")
	rel("rIdSettings", "settings", "settings.xml")
	rel("rIdFonts", "fontTable", "fontTable.xml")
	rel("rIdHeader", "header", "header1.xml")
	rel("rIdHeaderFirst", "header", "header2.xml")
	rel("rIdFooterEmpty", "footer", "footer2.xml")
	if len(x.footer) > 0 {
		rel("rIdFooter", "footer", "footer1.xml")
	}
	for _, p := range x.images {
		rel("rIdImage"+strconv.Itoa(p.index), "image", strings.TrimPrefix(p.file(), "word/"))
	}
	for _, g := range x.graphs {
		rel("rIdChart"+strconv.Itoa(g.index), "chart", "charts/chart"+strconv.Itoa(g.index)+".xml")
	}
	b.WriteString(`</Relationships>`)
	return b.Bytes()
}

func (x *docx) contentTypes() []byte {
	var b bytes.Buffer
	b.WriteString(xmlDecl + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`)
	if len(x.images) > 0 {
		b.WriteString(`<Default Extension="png" ContentType="image/png"/><Default Extension="jpg" ContentType="image/jpeg"/>`)
	}
	if len(x.graphs) > 0 {
		b.WriteString(`<Default Extension="xlsx" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"/>`)
	}
	over := func(part, kind string) {
		b.WriteString(`<Override PartName="/` + part + `" ContentType="application/vnd.openxmlformats-officedocument.` + kind + `+xml"/>`)
	}
	over("word/document.xml", "wordprocessingml.document.main")
	over("word/styles.xml", "wordprocessingml.styles")
	over("word/numbering.xml", "wordprocessingml.numbering")
	over("word/settings.xml", "wordprocessingml.settings")
	over("word/fontTable.xml", "wordprocessingml.fontTable")
	over("word/header1.xml", "wordprocessingml.header")
	over("word/header2.xml", "wordprocessingml.header")
	over("word/footer2.xml", "wordprocessingml.footer")
	if len(x.footer) > 0 {
		over("word/footer1.xml", "wordprocessingml.footer")
	}
	for _, g := range x.graphs {
		over("word/charts/chart"+strconv.Itoa(g.index)+".xml", "drawingml.chart")
	}
	over("docProps/app.xml", "extended-properties")
	b.WriteString(`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`)
	return b.Bytes()
}

// core writes the properties of the file. Its dates are the document's: the same document gives the same bytes.
func (x *docx) core() []byte {
	var b bytes.Buffer
	d := x.doc
	b.WriteString(xmlDecl + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>`)
	escape(&b, x.title)
	b.WriteString(`</dc:title><dc:subject>`)
	escape(&b, d.Subject)
	b.WriteString(`</dc:subject><dc:creator>`)
	escape(&b, x.issuer)
	b.WriteString(`</dc:creator>`)
	if d.Number > 0 {
		b.WriteString(`<dc:identifier>`)
		escape(&b, strings.TrimPrefix(NumberLine(d.Number, d.Symbol), "Số: "))
		b.WriteString(`</dc:identifier>`)
	}
	b.WriteString(`<dc:language>` + escaped(d.lang()) + `</dc:language>`)
	if d.Date.Day > 0 {
		for _, name := range []string{"created", "modified"} {
			b.WriteString(`<dcterms:` + name + ` xsi:type="dcterms:W3CDTF">` + d.Date.String() + `T00:00:00+07:00</dcterms:` + name + `>`)
		}
	}
	b.WriteString(`</cp:coreProperties>`)
	return b.Bytes()
}
