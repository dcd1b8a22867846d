package notify

import (
	"fmt"
	"strings"

	"chungtay/account"
	"chungtay/internal/i18n"
	"chungtay/internal/web"
)

func clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// readClock reads 21:00, 21h or 21.
func readClock(s string) (minutes int, ok bool) {
	s = strings.TrimSuffix(strings.NewReplacer("h", ":", "g", ":", ".", ":", " ", "").Replace(strings.ToLower(strings.TrimSpace(s))), ":")
	h, m := 0, 0
	switch n := strings.Count(s, ":"); {
	case n == 0:
		if _, err := fmt.Sscanf(s, "%d", &h); err != nil || fmt.Sprint(h) != strings.TrimPrefix(s, "0") && s != "0" && s != "00" {
			return 0, false
		}
	case n == 1:
		if k, err := fmt.Sscanf(s, "%d:%d", &h, &m); err != nil || k != 2 || fmt.Sprintf("%02d:%02d", h, m) != s && fmt.Sprintf("%d:%02d", h, m) != s {
			return 0, false
		}
	default:
		return 0, false
	}
	if h < 0 || h > 23 || m < 0 || m > 59 {
		return 0, false
	}
	return h*60 + m, true
}

func (n *Notices) pagePreference(rq *web.Request) (web.Reply, error) {
	p, err := preferenceOf(rq.Tx, rq.Actor.Person)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Filled("notify.preference", map[string]string{"mail": string(p.Mail), "sms": string(p.SMS), "quiet_from": clock(p.QuietFrom), "quiet_to": clock(p.QuietTo),
		"lang": string(p.Lang), "version": fmt.Sprint(p.Version)})
	return n.showPreference(rq, f)
}

func (n *Notices) showPreference(rq *web.Request, f *web.Form) (web.Reply, error) {
	me, err := account.ByID(rq.Tx, rq.Actor.Person)
	if err != nil {
		return web.Reply{}, err
	}
	v := preferencePage{Mail: n.channel(Mail) != nil, SMS: n.channel(SMS) != nil, Address: me.Email}
	if c := n.channel(SMS); c != nil {
		v.Phone = c.Address(me)
	}
	body := preferenceView(f, v)
	rep := web.Show(rq.T("notify.preference.title"), body)
	if !f.OK() {
		rep = web.Again(rq.T("notify.preference.title"), f, body)
	}
	return rep.With(web.Crumb{Text: rq.T("notify.title"), Path: "/inbox"}, web.Crumb{Text: rq.T("notify.preference.title")}), nil
}

func (n *Notices) doPreference(rq *web.Request) (web.Reply, error) {
	f := rq.Form("notify.preference")
	p := Preference{PersonID: rq.Actor.Person, Mail: When(f.Choice("mail", web.Need, string(Each), string(Daily), string(Urgent), string(Never))),
		SMS: When(f.Choice("sms", web.Need, string(Urgent), string(Never))), Lang: i18n.ParseLang(f.Choice("lang", web.Need, "vi", "en"))}
	var ok1, ok2 bool
	if p.QuietFrom, ok1 = readClock(f.Raw("quiet_from")); !ok1 {
		f.Refuse("quiet_from", "notify.preference.bad_time")
	}
	if p.QuietTo, ok2 = readClock(f.Raw("quiet_to")); !ok2 {
		f.Refuse("quiet_to", "notify.preference.bad_time")
	}
	p.Version, _ = f.Int("version", 0, 1<<40, false)
	if f.OK() {
		err := SavePreference(rq.Tx, p)
		if err == nil {
			return web.To("/me/notices").Say("notify.preference.saved"), nil
		}
		if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return n.showPreference(rq, f)
}
