package ooxmltest

import (
	"archive/zip"
	"bytes"
	"os"
	"runtime"
	"testing"
)

// note keeps what a test would have reported.
type note struct {
	testing.TB
	failed bool
}

func (n *note) Errorf(string, ...any) { n.failed = true }

// A document whose body holds an element out of its place is refused, one in order is not.
func TestValid(t *testing.T) {
	if os.Getenv("CHUNGTAY_E2E") == "" || runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("SKIPPED: the validator runs with CHUNGTAY_E2E=1; `make test` sets it")
	}
	for body, bad := range map[string]bool{`<w:p><w:pPr><w:jc w:val="center"/></w:pPr></w:p>`: false, `<w:p><w:pPr><w:jc w:val="middle"/></w:pPr></w:p>`: true, `<w:pPr/>`: true} {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for name, content := range map[string]string{
			"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
			"_rels/.rels":         `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
			"word/document.xml":   `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body + `</w:body></w:document>`,
		} {
			w, err := z.Create(name)
			if err == nil {
				_, err = w.Write([]byte(content))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		n := &note{TB: t}
		Valid(n, body, b.Bytes())
		if n.failed != bad {
			t.Errorf("%s: refused %v", body, n.failed)
		}
	}
}
