package press_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chungtay/internal/press"
)

func TestAnItemIsTypedAndReadBack(t *testing.T) {
	x := press.Item{Title: "Sơn La: 23.527 lượt người", Lead: "Đợt cao điểm <b>kết thúc</b>.", Paras: []string{"Một", "Hai & ba"}}
	if d := cmp.Diff(x, press.Parse(strings.ReplaceAll(x.Text(), "\n", "\r\n"))); d != "" {
		t.Error(d)
	}
	h := x.HTML()
	for _, want := range []string{"<h1>Sơn La: 23.527 lượt người</h1>", "<strong>Đợt cao điểm &lt;b&gt;kết thúc&lt;/b&gt;.</strong>", "<p>Hai &amp; ba</p>", `lang="vi"`} {
		if !strings.Contains(h, want) {
			t.Errorf("no %q in %s", want, h)
		}
	}
	if got := press.Parse(" \n\n\n"); got.Title != "" {
		t.Errorf("%+v", got)
	}
}
