package campaign

import (
	"strings"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/i18n"
	"chungtay/internal/press"
	"chungtay/internal/web"
	"chungtay/orgunit"
)

// told is how many slogans and numbers a news item quotes.
const told = 3

// Call names the numbers that answer on a day all over the country, as news says them; those nobody has verified are left out.
func Call(tx *db.Tx, day civil.Date) ([]string, error) {
	list, err := Hotlines(tx, day)
	var out []string
	for _, h := range list {
		if h.Area == "" && h.Verified && len(out) < 2 {
			out = append(out, h.Shown+" ("+h.Name+")")
		}
	}
	return out, err
}

// newsOfPlan is a news item on what is planned: when, what kinds in which number, with which slogans, whom to call. Papers and the public
// speak Vietnamese, whoever takes it.
func (c *Campaigns) newsOfPlan(rq *web.Request, x Campaign) (press.Item, error) {
	ctx := i18n.As(rq.Context(), i18n.VI)
	names, err := orgunit.Names(rq.Tx, []string{x.Unit})
	if err != nil {
		return press.Item{}, err
	}
	all, err := c.PlanAgainstDone(rq.Tx, rq.Actor, x, rq.Actor.Unit)
	if err != nil {
		return press.Item{}, err
	}
	slogans, err := Slogans(rq.Tx, x.Year)
	if err != nil {
		return press.Item{}, err
	}
	call, err := Call(rq.Tx, civil.Of(rq.Tx.Now))
	if err != nil {
		return press.Item{}, err
	}
	unit := names[x.Unit]
	days := "từ ngày " + i18n.Date(i18n.VI, x.From) + " đến ngày " + i18n.Date(i18n.VI, x.To)
	item := press.Item{Title: unit + " chuẩn bị " + x.Title, Lead: "(" + i18n.Date(i18n.VI, civil.Of(rq.Tx.Now)) + ") – " + unit + " tổ chức đợt hoạt động “" + x.Title + "” " + days + "."}
	if x.Theme != "" && x.ThemeVerified { // the public is told no theme that nobody has verified
		item.Lead += " Chủ đề năm nay: “" + strings.Trim(x.Theme, "“”\".") + "”."
	}
	var planned []string
	for _, k := range all.Kinds {
		if k.Planned > 0 {
			kind, _ := KindOf(k.Kind)
			//i18n:prefix campaign.kind.
			name := i18n.T(ctx, "campaign.kind."+k.Kind)
			//i18n:prefix formdef.unit.
			planned = append(planned, lowerFirst(name)+" "+i18n.Int(i18n.VI, k.Planned)+" "+i18n.T(ctx, "formdef.unit."+kind.Unit))
		}
	}
	if len(planned) > 0 {
		item.Paras = append(item.Paras, "Theo kế hoạch, các cơ quan, đơn vị và địa phương thực hiện: "+strings.Join(planned, "; ")+".")
	}
	var groups []string
	for _, g := range x.Groups.V {
		//i18n:prefix campaign.group.
		groups = append(groups, lowerFirst(i18n.T(ctx, "campaign.group."+g)))
	}
	if len(groups) > 0 {
		item.Paras = append(item.Paras, "Đợt hoạt động hướng đến trước hết: "+strings.Join(groups, "; ")+".")
	}
	var said []string
	for _, s := range slogans {
		if len(said) < told {
			said = append(said, "“"+strings.Trim(s.Text, "“”\".")+"”")
		}
	}
	if len(said) > 0 {
		item.Paras = append(item.Paras, "Khẩu hiệu của đợt: "+strings.Join(said, "; ")+".")
	}
	if len(call) > 0 {
		item.Paras = append(item.Paras, "Khi nghi ngờ có người bị mua bán, hoặc bản thân cần giúp đỡ, hãy gọi "+strings.Join(call, " hoặc ")+".")
	}
	return item, nil
}

func lowerFirst(s string) string {
	r := []rune(s)
	if len(r) > 1 && strings.ToLower(string(r[1])) == string(r[1]) {
		return strings.ToLower(string(r[0])) + string(r[1:])
	}
	return s
}

func (c *Campaigns) pageNews(rq *web.Request) (web.Reply, error) {
	x, err := c.shown(rq)
	if err != nil {
		return web.Reply{}, err
	}
	item, err := c.newsOfPlan(rq, x)
	if err != nil {
		return web.Reply{}, err
	}
	return newsPage(rq, x, rq.Filled("campaign.news", map[string]string{"text": item.Text()})), nil
}

func newsPage(rq *web.Request, x Campaign, f *web.Form) web.Reply {
	title := rq.T("campaign.news.title")
	page := press.Page(press.View{Heading: title, Action: "/campaigns/" + x.ID + "/news", Back: "/campaigns/" + x.ID, Notes: []string{rq.T("campaign.news.note")}, Form: f})
	if !f.OK() {
		return web.Again(title, f, page).Under(viewList)
	}
	return web.Show(title, page).With(web.Crumb{Text: x.Title, Path: "/campaigns/" + x.ID}).Under(viewList)
}

func (c *Campaigns) doNews(rq *web.Request) (web.Reply, error) {
	x, err := c.shown(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("campaign.news")
	if reply, ok := press.Answer(f, "tin-bai-ke-hoach"); ok {
		return reply, nil
	}
	return newsPage(rq, x, f), nil
}
