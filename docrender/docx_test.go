package docrender

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"testing"

	"chungtay/internal/ooxmltest"
)

// order is the sequence in which the schema of WordprocessingML (ECMA-376, part 1, annex A) wants the children of an element; only the
// children this package writes are listed, and no other may appear.
var order = map[string]string{
	"document":    "body",
	"p":           "pPr r",
	"pPr":         "pStyle keepNext keepLines widowControl numPr pBdr spacing ind jc outlineLvl rPr sectPr",
	"numPr":       "ilvl numId",
	"pBdr":        "top left bottom right",
	"r":           "rPr br t fldChar instrText drawing",
	"rPr":         "rFonts b bCs i iCs color sz szCs lang",
	"sectPr":      "headerReference footerReference type pgSz pgMar pgNumType titlePg",
	"tbl":         "tblPr tblGrid tr",
	"tblPr":       "tblStyle tblW tblInd tblBorders tblLayout tblCellMar tblLook",
	"tblBorders":  "top left bottom right insideH insideV",
	"tblCellMar":  "top left bottom right",
	"tblGrid":     "gridCol",
	"tr":          "trPr tc",
	"trPr":        "cantSplit trHeight tblHeader",
	"tcPr":        "tcW gridSpan vMerge vAlign",
	"styles":      "docDefaults style",
	"docDefaults": "rPrDefault pPrDefault",
	"rPrDefault":  "rPr",
	"pPrDefault":  "pPr",
	"style":       "name basedOn uiPriority semiHidden unhideWhenUsed qFormat pPr rPr tblPr",
	"numbering":   "abstractNum num",
	"abstractNum": "multiLevelType lvl",
	"lvl":         "start numFmt suff lvlText lvlJc pPr rPr",
	"num":         "abstractNumId lvlOverride",
	"lvlOverride": "startOverride",
	"settings":    "zoom defaultTabStop characterSpacingControl compat themeFontLang decimalSymbol listSeparator",
	"compat":      "compatSetting",
	"hdr":         "p", "ftr": "p",
	"fonts": "font", "font": "altName panose1 charset family pitch",
	// repeated groups: any order
	"body": "*", "tc": "*",
}

// mixed are elements whose listed children may repeat in any order.
var mixed = map[string]bool{"r": true}

type element struct {
	name  string
	attr  map[string]string
	kids  []*element
	space string
	text  string
}

func parseXML(t *testing.T, name string, b []byte) *element {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Strict = true
	root := &element{}
	stack := []*element{root}
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return root.kids[0]
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		switch x := tok.(type) {
		case xml.StartElement:
			e := &element{name: x.Name.Local, space: x.Name.Space, attr: map[string]string{}}
			if !strings.HasPrefix(e.space, "http") {
				t.Fatalf("%s: %s has no namespace", name, e.name)
			}
			for _, a := range x.Attr {
				if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" {
					continue
				}
				e.attr[a.Name.Local] = a.Value
			}
			top := stack[len(stack)-1]
			top.kids = append(top.kids, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			stack[len(stack)-1].text += string(x)
		}
	}
}

func (e *element) walk(f func(*element)) {
	f(e)
	for _, k := range e.kids {
		k.walk(f)
	}
}

func unzip(t *testing.T, b []byte) (parts map[string][]byte, names []string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	parts = map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		c, err := io.ReadAll(r) // verifies the checksum
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if parts[f.Name] != nil {
			t.Errorf("%s stands twice in the package", f.Name)
		}
		parts[f.Name], names = c, append(names, f.Name)
	}
	return parts, names
}

const spaceMain = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

// validate checks a package as a strict reader would: parts, types, relationships, order of elements, references.
func validate(t *testing.T, b []byte) {
	t.Helper()
	parts, names := unzip(t, b)
	if names[0] != "[Content_Types].xml" {
		t.Errorf("the package begins with %s", names[0])
	}
	types := parseXML(t, names[0], parts[names[0]])
	kind := map[string]string{}
	ext := map[string]string{}
	for _, k := range types.kids {
		if k.name == "Default" {
			ext[k.attr["Extension"]] = k.attr["ContentType"]
		} else {
			kind[strings.TrimPrefix(k.attr["PartName"], "/")] = k.attr["ContentType"]
		}
	}
	for n := range kind {
		if parts[n] == nil {
			t.Errorf("content type of %s, which is not there", n)
		}
	}
	target := map[string]bool{}
	ids := map[string]map[string]bool{}
	for _, n := range names[1:] {
		if kind[n] == "" && ext[strings.TrimPrefix(path.Ext(n), ".")] == "" {
			t.Errorf("%s has no content type", n)
		}
		if path.Ext(n) != ".rels" {
			continue
		}
		from := path.Dir(path.Dir(n))
		source := path.Join(from, strings.TrimSuffix(path.Base(n), ".rels"))
		ids[source] = map[string]bool{}
		for _, r := range parseXML(t, n, parts[n]).kids {
			to := path.Join(from, r.attr["Target"])
			if parts[to] == nil {
				t.Errorf("%s points to %s, which is not there", n, to)
			}
			if ids[source][r.attr["Id"]] {
				t.Errorf("%s has %s twice", n, r.attr["Id"])
			}
			ids[source][r.attr["Id"]], target[to] = true, true
		}
	}
	for _, n := range names[1:] {
		if path.Ext(n) != ".rels" && !target[n] {
			t.Errorf("nothing points to %s", n)
		}
	}
	styles, nums := map[string]string{}, map[string]bool{}
	parseXML(t, "styles", parts["word/styles.xml"]).walk(func(e *element) {
		if e.name == "style" {
			if styles[e.attr["styleId"]] != "" {
				t.Errorf("style %s twice", e.attr["styleId"])
			}
			styles[e.attr["styleId"]] = e.attr["type"]
		}
	})
	parseXML(t, "numbering", parts["word/numbering.xml"]).walk(func(e *element) {
		if e.name == "num" {
			nums[e.attr["numId"]] = true
		}
	})
	drawings := map[string]bool{}
	for _, n := range names {
		if !strings.HasPrefix(n, "word/") || path.Ext(n) != ".xml" || strings.HasPrefix(n, "word/charts") {
			continue
		}
		parseXML(t, n, parts[n]).walk(func(e *element) {
			if e.name == "docPr" {
				if drawings[e.attr["id"]] {
					t.Errorf("%s: drawing id %s twice", n, e.attr["id"])
				}
				drawings[e.attr["id"]] = true
			}
			if e.space != spaceMain {
				return
			}
			for _, r := range []string{"id", "embed"} {
				if v, ok := e.attr[r]; ok && strings.HasPrefix(v, "rId") && !ids[n][v] {
					t.Errorf("%s: %s refers to %s, which is not there", n, e.name, v)
				}
			}
			switch e.name {
			case "pStyle", "basedOn", "tblStyle":
				want := "paragraph"
				if e.name == "tblStyle" || e.attr["val"] == "TableNormal" {
					want = "table"
				}
				if styles[e.attr["val"]] != want {
					t.Errorf("%s: no %s style %q", n, want, e.attr["val"])
				}
			case "numId":
				if !nums[e.attr["val"]] {
					t.Errorf("%s: no list %s", n, e.attr["val"])
				}
			case "tc":
				if k := e.kids[len(e.kids)-1]; k.name != "p" {
					t.Errorf("%s: a cell ends in %s", n, k.name)
				}
			case "body":
				if k := e.kids[len(e.kids)-1]; k.name != "sectPr" || e.kids[len(e.kids)-2].name != "p" {
					t.Errorf("the body ends in %s after %s", k.name, e.kids[len(e.kids)-2].name)
				}
				for i := 1; i < len(e.kids); i++ {
					if e.kids[i].name == "tbl" && e.kids[i-1].name == "tbl" {
						t.Error("two tables touch")
					}
				}
			}
			want, known := order[e.name]
			if !known && len(e.kids) > 0 && e.name != "drawing" {
				t.Errorf("%s: children of %s are not in the table", n, e.name)
			}
			if want == "*" || e.name == "drawing" {
				return
			}
			at := 0
			list := strings.Fields(want)
			for _, k := range e.kids {
				i := slices.Index(list, k.name)
				if i < 0 {
					t.Errorf("%s: %s in %s", n, k.name, e.name)
				} else if i < at && !mixed[e.name] {
					t.Errorf("%s: %s stands too late in %s", n, k.name, e.name)
				} else {
					at = i
				}
			}
			if e.name == "tbl" {
				columns := len(e.kids[1].kids)
				for _, r := range e.kids[2:] {
					got := 0
					for _, c := range r.kids {
						if c.name != "tc" {
							continue
						}
						span := 1
						for _, p := range c.kids[0].kids {
							if p.name == "gridSpan" {
								_, _ = fmt.Sscan(p.attr["val"], &span)
							}
						}
						got += span
					}
					if got != columns {
						t.Errorf("a row of %d columns in a table of %d", got, columns)
					}
				}
			}
		})
	}
}

func TestDOCXIsValid(t *testing.T) {
	for _, name := range golden {
		t.Run(name, func(t *testing.T) { validate(t, written(t, DOCX, read(t, name))) })
	}
}

// Every golden document, and each at its hardest, passes the strictest validator there is, Microsoft's own.
func TestDOCXByOpenXMLValidator(t *testing.T) {
	needs(t)
	for _, name := range golden {
		ooxmltest.Valid(t, name, written(t, DOCX, read(t, name)))
		ooxmltest.Valid(t, name+" at its hardest", written(t, DOCX, hardest(t, name)))
	}
}

// A clerk goes on editing: titles are in the navigation pane, numbers are drawn by lists, heads repeat, page 1 has no number, an annex
// begins at 1, the document is Vietnamese.
func TestDOCXIsRealWord(t *testing.T) {
	parts, _ := unzip(t, written(t, DOCX, read(t, "ke_hoach")))
	doc, styles := string(parts["word/document.xml"]), string(parts["word/styles.xml"])
	for _, want := range []string{`<w:numPr>`, `<w:tblHeader/>`, `<w:titlePg/>`, `<w:pgNumType w:start="1"/>`, `w:orient="landscape"`, `<w:cantSplit/>`, `<w:keepNext/>`} {
		if !strings.Contains(doc, want) {
			t.Errorf("no %s", want)
		}
	}
	if n := strings.Count(doc, "<w:sectPr>"); n != 3 {
		t.Errorf("%d sections for a plan with two annexes", n)
	}
	for _, want := range []string{`w:lang w:val="vi-VN"`, `<w:outlineLvl w:val="1"/>`, `w:name w:val="Nơi nhận"`, `Times New Roman`} {
		if !strings.Contains(styles, want) {
			t.Errorf("styles have no %s", want)
		}
	}
	if n := strings.Count(doc, "I. MỤC ĐÍCH"); n != 0 {
		t.Error("a number is typed, not drawn by the list")
	}
	if !strings.Contains(string(parts["word/header1.xml"]), " PAGE ") || strings.Contains(string(parts["word/header2.xml"]), "PAGE") {
		t.Error("the page number is not where it belongs")
	}
	core := string(parts["docProps/core.xml"])
	if !strings.Contains(core, "<dc:identifier>07/KH-BCĐ138</dc:identifier>") || !strings.Contains(core, "<dc:language>vi-VN</dc:language>") {
		t.Errorf("properties: %s", core)
	}
}
