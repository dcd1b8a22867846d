package e2e

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"chungtay/internal/db"
)

func TestTmpDocument(t *testing.T) {
	b := newBrowser(t)
	s := newSite(t)
	id := func(where string) (out string) {
		if err := s.DB.Read(context.Background(), func(tx *db.Tx) (err error) { out, err = db.One[string](tx, `SELECT id FROM document WHERE `+where+` LIMIT 1`); return err }); err != nil {
			t.Fatal(where, err)
		}
		return out
	}
	plan, letter, news := id(`symbol LIKE '118/KH%' AND state = 'registered'`), id(`symbol LIKE '402/%'`), id(`kind = 'tin_bai'`)
	again := id(`symbol LIKE '118/KH%' AND state = 'arrived'`)
	s.signIn(b, "syt.vt")
	pages := map[string]string{"list": "/documents", "search": "/documents?q=mua+ban+nguoi", "waiting": "/documents/waiting", "new": "/documents/new", "plan": "/documents/" + plan, "letter": "/documents/" + letter,
		"enter": "/documents/" + news + "/enter", "again": "/documents/" + again + "/enter", "in": "/registers/in", "out": "/registers/out", "follow": "/registers/follow", "print": "/registers/in?print=1", "registers": "/registers", "legal": "/legal", "pass": "/documents/" + plan + "/pass", "edit": "/documents/" + plan + "/edit",
		"hits": "/documents/" + plan + "?q=truyen+thong", "refused": "/documents/refused", "home": "/"}
	only := os.Getenv("ONLY")
	for n, p := range pages {
		if only != "" && !strings.Contains(","+only+",", ","+n+",") {
			continue
		}
		for _, w := range []int{1366, 390} {
			b.open(s.url+p, w)
			b.shot(fmt.Sprintf("d-%s-%d", n, w))
		}
	}
}
