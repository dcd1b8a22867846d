package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// chromium returns the browser's path, or skips loudly.
func chromium(t testing.TB) string {
	t.Helper()
	if os.Getenv("CHUNGTAY_E2E") == "" {
		t.Skip("SKIPPED: browser tests run with CHUNGTAY_E2E=1; `make test` sets it")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	t.Fatal("CHUNGTAY_E2E=1 but there is no Chromium; run scripts/deps.sh")
	return ""
}

// browser is one browser with a profile of its own; tab opens pages in it.
type browser struct {
	t   testing.TB
	ctx context.Context
}

func newBrowser(t testing.TB) *browser {
	path := chromium(t)
	o := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()))
	for _, f := range []string{"disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync", "hide-scrollbars"} {
		o = append(o, chromedp.Flag(f, true))
	}
	o = append(o, chromedp.Flag("font-render-hinting", "none"), chromedp.Flag("lang", "vi-VN"))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), o...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(alloc)
	t.Cleanup(end)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil { // a time-out on the first call would kill the browser
		t.Fatal(err)
	}
	return &browser{t, ctx}
}

// do runs actions under a time limit.
func (b *browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.t.Fatalf("browser: %v", err)
	}
}

func eval[T any](b *browser, js string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("browser: %.80s: %v", js, err)
	}
	return v
}

// open goes to an address at a width of the window.
func (b *browser) open(url string, width int) {
	b.t.Helper()
	b.window(width)
	b.do(chromedp.Navigate(url))
	eval[bool](b, `document.fonts.ready.then(() => true)`)
}

// window makes the window as wide as asked: a phone or a desk.
func (b *browser) window(width int) {
	b.t.Helper()
	height := int64(900)
	if width < 640 {
		height = 844
	}
	b.do(chromedp.EmulateViewport(int64(width), height))
}

// scripts turns scripts of pages on or off, as a person can.
func (b *browser) scripts(on bool) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on}); err != nil {
		b.t.Fatal(err)
	}
}

// shot keeps a picture of the whole page in e2e/shots, for looking at.
func (b *browser) shot(name string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.MkdirAll("shots", 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("shots", name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// slow sets the slow profile: 400 kbit/s, 400 ms, a processor four times as slow.
func (b *browser) slow() {
	b.t.Helper()
	latency, down := 400.0, 50_000.0
	_, err := chromedp.Call(b.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Latency: latency, DownloadThroughput: down, UploadThroughput: down}}})
	if err == nil {
		_, err = chromedp.Call(b.ctx, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: 4})
	}
	if err != nil {
		b.t.Fatal(err)
	}
}
