package e2e

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"chungtay/demo"
)

// says fails unless the open page says something.
func says(b *browser, want string) {
	b.t.Helper()
	if text := eval[string](b, "document.body.innerText"); !strings.Contains(text, want) {
		b.t.Fatalf("the page does not say %q:\n%.600s", want, text)
	}
}

// signOut leaves through the button of the account page, as a person does.
func (s *site) signOut(b *browser) {
	b.t.Helper()
	b.open(s.url+"/me", 1366)
	press(b, "Đăng xuất")
	says(b, "Đăng nhập")
}

// name types a name and a password at the sign-in page.
func (s *site) name(b *browser, login, password string) {
	b.t.Helper()
	b.open(s.url+"/sign-in", 1366)
	enter(b, map[string]string{"login": login, "password": password})
	press(b, "Đăng nhập")
}

// A person turns codes on, signs in with a code and with a recovery code; neither works a second time. The account is one whose role
// counts only with a second factor, so the home page changes with it.
func TestSignInWithCodes(t *testing.T) {
	b := newBrowser(t)
	s := newSite(t)
	script := axe(t)
	both := []int{390, 1366}
	s.name(b, "hoso", demo.Password)
	says(b, "đăng nhập hai bước")
	if strings.Contains(eval[string](b, "document.body.innerText"), "Tài khoản chưa được phân công vai trò") {
		t.Error("the home page says that there is no role, though one waits for a second factor")
	}
	b.open(s.url+"/me", 1366)
	press(b, "Bật mã xác thực")
	for _, w := range both {
		sound(b, script, "me-codes", w)
	}
	secret := strings.ReplaceAll(eval[string](b, `document.querySelector("main code").innerText`), " ", "")
	at := time.Now()
	code := func(steps int) string {
		c, err := totp.GenerateCode(secret, at.Add(time.Duration(steps)*30*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	enter(b, map[string]string{"code": "12345"})
	press(b, "Bật")
	if eval[string](b, "document.title.slice(0, 4)") != "Lỗi:" || strings.ReplaceAll(eval[string](b, `document.querySelector("main code").innerText`), " ", "") != secret {
		t.Fatal("a wrong code at first: no error shown, or another secret")
	}
	enter(b, map[string]string{"code": code(0)})
	press(b, "Bật")
	for _, w := range both {
		sound(b, script, "me-recovery", w)
	}
	recovery := eval[[]string](b, `[...document.querySelectorAll("main .codes code")].map(c => c.innerText)`)
	if len(recovery) != 10 || !regexp.MustCompile(`^[a-z2-7]{4}(-[a-z2-7]{4}){3}$`).MatchString(recovery[0]) {
		t.Fatalf("recovery codes: %v", recovery)
	}
	for _, w := range both {
		b.open(s.url+"/me", w)
		sound(b, script, "me-codes-on", w)
	}

	// The next code, the same again, and then the first recovery code twice.
	s.signOut(b)
	next := code(1)
	for _, again := range []struct {
		code string
		good bool
	}{{next, true}, {next, false}, {recovery[0], true}, {recovery[0], false}, {strings.ToUpper(recovery[1]), true}} {
		if _, err := chromedp.Call(b.ctx, network.ClearBrowserCookies, cdp.Empty{}); err != nil {
			t.Fatal(err)
		}
		s.name(b, "hoso", demo.Password)
		enter(b, map[string]string{"code": again.code})
		press(b, "Tiếp tục")
		if in := eval[bool](b, `!!document.querySelector('.tools a[href="/me"]')`); in != again.good {
			t.Fatalf("code %s: signed in %v, want %v", again.code, in, again.good)
		}
		if !again.good {
			says(b, "Mã không đúng hoặc đã dùng")
			sound(b, script, "sign-in-code-refused", 390)
		}
	}
}

// A person adds a passkey with a device (the browser's virtual authenticator), signs in with it alone, and a device that does not ask for
// finger or PIN, or holds no key, is refused in words.
func TestSignInWithPasskey(t *testing.T) {
	b := newBrowser(t)
	s := newSite(t)
	script := axe(t)
	if _, err := chromedp.Call(b.ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	device, err := chromedp.Call(b.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal, HasResidentKey: true, HasUserVerification: true,
		IsUserVerified: true, AutomaticPresenceSimulation: true}})
	if err != nil {
		t.Fatal(err)
	}
	s.signIn(b, "btxh.cv")
	b.open(s.url+"/me", 1366)
	press(b, "Thêm khóa truy cập")
	says(b, "Đã thêm khóa truy cập")
	for _, w := range []int{390, 1366} {
		b.open(s.url+"/me", w)
		sound(b, script, "me-passkey", w)
	}
	s.signOut(b)
	b.open(s.url+"/sign-in?next=/documents", 1366)
	sound(b, script, "sign-in-passkey", 1366)
	press(b, "Đăng nhập bằng khóa truy cập")
	if at := eval[string](b, "location.pathname"); at != "/documents" {
		t.Fatalf("after the passkey the browser is at %s", at)
	}

	// A password is not enough any more; the passkey may stand in for the code.
	s.signOut(b)
	s.name(b, "btxh.cv", demo.Password)
	if at := eval[string](b, "location.pathname"); at != "/sign-in/code" {
		t.Fatalf("after the password the browser is at %s", at)
	}
	sound(b, script, "sign-in-code", 390)
	press(b, "Dùng khóa truy cập")
	says(b, "Việc của tôi")

	// The same device without a finger on it.
	s.signOut(b)
	if _, err := chromedp.Call(b.ctx, webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: device.AuthenticatorID, IsUserVerified: false}); err != nil {
		t.Fatal(err)
	}
	b.open(s.url+"/sign-in", 390)
	eval[any](b, `document.querySelector("[data-passkey]").click(); 0`)
	b.do(chromedp.Poll[chromedp.Void](`document.querySelector("[data-passkey-box] [role=alert]").textContent !== "" && !document.querySelector("[data-passkey]").hasAttribute("aria-busy")`))
	sound(b, script, "sign-in-passkey-refused", 390)

	// Without scripts the button is not there, and the password form is.
	b.scripts(false)
	b.open(s.url+"/sign-in", 390)
	b.scripts(true)
	if eval[bool](b, `document.querySelector("[data-passkey-box]").checkVisibility()`) {
		t.Error("the passkey button shows though nothing would happen")
	}
}

// An administrator invites a colleague and hands over the link; it opens once, leads to a password and to the first sign-in.
func TestInvitation(t *testing.T) {
	b := newBrowser(t)
	s := newSite(t)
	script := axe(t)
	const password = "Nuoc chay da mon 2026"
	s.signIn(b, "quantri")
	b.open(s.url+"/people/new", 1366)
	press(b, "Thêm người dùng")
	sound(b, script, "people-new-refused", 390)
	enter(b, map[string]string{"name": "Lò Thị Mai", "login": "mai.thu", "title": "Chuyên viên (người thử)"})
	press(b, "Thêm người dùng")
	person := eval[string](b, "location.href")
	for _, w := range []int{390, 1366} {
		b.open(person, w)
		sound(b, script, "person-invited", w)
	}
	b.open(person+"/role", 1366)
	enter(b, map[string]string{"unit": "Chi cục"})
	eval[any](b, `document.querySelector('[name=role]').value = "officer"; 0`)
	press(b, "Giao vai trò")
	sound(b, script, "person-role-which", 390)
	enter(b, map[string]string{"unit": "Sở Y tế tỉnh Sơn La"})
	eval[any](b, `document.querySelectorAll('[name=unit_id]').forEach(e => e.checked = false); 0`)
	press(b, "Giao vai trò")
	says(b, "Chuyên viên")
	press(b, "Tạo liên kết mời")
	sound(b, script, "person-link", 390)
	link := eval[string](b, `document.querySelector("#link").value`)
	if !strings.HasPrefix(link, s.url+"/link/") {
		t.Fatalf("link %q", link)
	}

	s.signIn(b, "") // the colleague's browser
	b.open(link, 390)
	if at := eval[string](b, "location.pathname"); at != "/set-password" {
		t.Fatalf("the link leads to %s", at)
	}
	sound(b, script, "set-password", 390)
	enter(b, map[string]string{"password": "mai.thu mai.thu", "again": "mai.thu mai.thu"})
	press(b, "Lưu")
	sound(b, script, "set-password-refused", 390)
	says(b, "Lò Thị Mai") // still says for whom
	enter(b, map[string]string{"password": password, "again": password})
	press(b, "Lưu")
	enter(b, map[string]string{"login": "mai.thu", "password": password})
	press(b, "Đăng nhập")
	says(b, "Việc của tôi")
	s.signIn(b, "")
	b.open(link, 390)
	sound(b, script, "link-gone", 390)
	if at := eval[string](b, "location.pathname"); at == "/set-password" {
		t.Error("the link opened twice")
	}
}
