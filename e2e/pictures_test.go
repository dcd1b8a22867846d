package e2e

import (
	"flag"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
)

var renew = flag.Bool("pictures", false, "renew the pictures of docs/pictures")

// pictures of the documentation, renewed by `make pictures`.
var pictures = []struct{ name, path, as string }{
	{"home", "/", "syt.cv"},
}

func TestPictures(t *testing.T) {
	if !*renew {
		t.Skip("SKIPPED: renewed by `make pictures`")
	}
	b := newBrowser(t)
	s := newSite(t)
	for _, p := range pictures {
		s.signIn(b, p.as)
		b.do(chromedp.EmulateViewport(1200, 675), chromedp.Navigate(s.url+p.path))
		eval[bool](b, `document.fonts.ready.then(() => true)`)
		png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("../docs/pictures/"+p.name+".png", png, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
