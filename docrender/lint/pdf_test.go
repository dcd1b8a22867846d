package lint

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"testing"

	"chungtay/docrender"
)

func lintPDF(t *testing.T, b []byte) []Finding {
	t.Helper()
	f, err := Lint(t.Context(), bytes.NewReader(b), int64(len(b)), reading(t))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// What the house prints is right in its own eyes.
func TestOwnPDFIsClean(t *testing.T) {
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			for _, f := range lintPDF(t, write(t, docrender.PDF, golden(t, name))) {
				t.Error(say(t, f))
			}
		})
	}
}

var (
	object = regexp.MustCompile(`(?s)(\d+) 0 obj\n.*?\nendobj\n`)
	stream = regexp.MustCompile(`(?s)^(\d+ 0 obj\n<<.*?)/Length \d+>>\nstream\n(.*)\nendstream\nendobj\n$`)
	drawn  = regexp.MustCompile(`0\.75 w ([\d.]+) ([\d.]+) m ([\d.]+) ([\d.]+) l S\n`)
)

// ruled is a golden paper as PDF with the rules of its first page drawn by what rule says of each: shorter, longer, not at all.
func ruled(t *testing.T, name string, rule func(i int, x1, y, x2 float64) string) []byte {
	t.Helper()
	b := write(t, docrender.PDF, golden(t, name))
	out := bytes.NewBuffer(b[:object.FindIndex(b)[0]:object.FindIndex(b)[0]])
	offsets := map[int]int{}
	done := false
	for _, m := range object.FindAllSubmatch(b, -1) {
		n, _ := strconv.Atoi(string(m[1]))
		offsets[n] = out.Len()
		s := stream.FindSubmatch(m[0])
		if s == nil || done {
			out.Write(m[0])
			continue
		}
		z, err := zlib.NewReader(bytes.NewReader(s[2]))
		if err != nil {
			out.Write(m[0])
			continue
		}
		page, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		i := 0
		page = drawn.ReplaceAllFunc(page, func(l []byte) []byte {
			f := drawn.FindSubmatch(l)
			x1, _ := strconv.ParseFloat(string(f[1]), 64)
			y, _ := strconv.ParseFloat(string(f[2]), 64)
			x2, _ := strconv.ParseFloat(string(f[3]), 64)
			i++
			return []byte(rule(i-1, x1, y, x2))
		})
		done = i > 0
		var packed bytes.Buffer
		w := zlib.NewWriter(&packed)
		if _, err := w.Write(page); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(out, "%s/Length %d>>\nstream\n%s\nendstream\nendobj\n", s[1], packed.Len(), packed.Bytes())
	}
	if !done {
		t.Fatal("no rule is drawn")
	}
	at := out.Len()
	fmt.Fprintf(out, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for i := 1; i <= len(offsets); i++ {
		fmt.Fprintf(out, "%010d 00000 n \n", offsets[i])
	}
	out.Write(b[bytes.LastIndex(b, []byte("trailer")):bytes.LastIndex(b, []byte("startxref"))])
	fmt.Fprintf(out, "startxref\n%d\n%%%%EOF\n", at)
	return out.Bytes()
}

// A rule below motto, issuer or subject that is not drawn, too short or too long is found at its component; those of the right length are not.
func TestRulesOnPages(t *testing.T) {
	line := func(x1, y, x2 float64) string { return fmt.Sprintf("0.75 w %.2f %.2f m %.2f %.2f l S\n", x1, y, x2, y) }
	middle := func(x1, y, x2, part float64) string {
		c, h := (x1+x2)/2, (x2-x1)/2*part
		return line(c-h, y, c+h)
	}
	for i, part := range []string{"ban-hanh", "tieu-ngu", "trich-yeu"} {
		for _, c := range []struct {
			rule string
			draw func(x1, y, x2 float64) string
		}{
			{"", line},
			{"rule-missing", func(_, _, _ float64) string { return "" }},
			{"rule-length", func(x1, y, x2 float64) string { return middle(x1, y, x2, 0.4) }},
			{"rule-length", func(x1, y, x2 float64) string { return middle(x1, y, x2, 1.6) }},
		} {
			found := lintPDF(t, ruled(t, "thong_bao", func(k int, x1, y, x2 float64) string {
				if k == i {
					return c.draw(x1, y, x2)
				}
				return line(x1, y, x2)
			}))
			switch {
			case c.rule == "" && len(found) > 0:
				t.Errorf("%s: %s", part, say(t, found[0]))
			case c.rule != "" && (len(found) != 1 || found[0].Rule != c.rule || found[0].Part != part):
				for _, f := range found {
					t.Error(say(t, f))
				}
				t.Errorf("%s: no %s alone", part, c.rule)
			}
		}
	}
}
