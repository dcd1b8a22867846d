package directive

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chungtay/docrender"
	"chungtay/internal/civil"
)

// A letter speaks to its addressees; a plan has no "Kính gửi" and names them in "Nơi nhận". The line "Lưu" is drawn once.
func TestToWhomAPaperGoes(t *testing.T) {
	c := Content{Kind: string(docrender.Letter), Addressees: []string{"Sở Y tế", "Công an tỉnh"}, Recipients: []string{"Như trên", "Bộ Công an (b/c)", "Lưu: VT"}, Archive: "NC"}
	said := func(d docrender.Document) []string {
		var out []string
		for _, r := range d.Recipients {
			out = append(out, strings.TrimSpace(r.Name+" "+r.Mark))
		}
		return out
	}
	d := c.Paper(0, civil.Date{})
	if diff := cmp.Diff([]string{"Như trên", "Bộ Công an b/c"}, said(d)); diff != "" || len(d.Addressees) != 2 {
		t.Error(diff, d.Addressees)
	}
	c.Kind = string(docrender.Plan)
	d = c.Paper(0, civil.Date{})
	if diff := cmp.Diff([]string{"Sở Y tế", "Công an tỉnh", "Bộ Công an b/c"}, said(d)); diff != "" || d.Addressees != nil {
		t.Error(diff, d.Addressees)
	}
}
