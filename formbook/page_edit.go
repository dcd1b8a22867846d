package formbook

import (
	"regexp"
	"slices"
	"strings"

	"chungtay/formdef"
	"chungtay/internal/errs"
	"chungtay/internal/ui"
	"chungtay/internal/web"
)

// The editor changes the definition piece by piece: the form is a tree of items (sections, fields, columns, rows), each with a page of its
// own. What has no page (breakdowns, rules over several cells) is written in the text of the definition.

type editView struct {
	Version  Version
	Form     Form
	Sections []editItem
	Problems []formdef.Problem
	Hard     int
	Refused  *web.Form // an edit that would have broken the form
}

type editItem struct {
	At, List     string // its own place, and the list new ones go into
	Name, Label  string
	What         string // the type in words
	Unit         string
	Code         string
	First, Last  bool
	Children     []editItem
	ChildList    string // where new children go, "" if it has none
	ChildCreates string // "field", "column", "entry"
}

// openDraft finds the draft in the path, for its writer.
func (b *Books) openDraft(rq *web.Request) (Version, Form, *formdef.Draft, error) {
	id, err := rq.ID("version")
	if err != nil {
		return Version{}, Form{}, nil, err
	}
	v, f, err := b.draft(rq.Tx, rq.Actor, id)
	if err != nil {
		return v, f, nil, err
	}
	d, err := formdef.NewDraft([]byte(v.Definition))
	return v, f, d, err
}

func (b *Books) pageEdit(rq *web.Request) (web.Reply, error) {
	v, f, d, err := b.openDraft(rq)
	if err != nil {
		return web.Reply{}, err
	}
	return b.edit(rq, v, f, d, rq.Form("formbook.edit"))
}

func (b *Books) edit(rq *web.Request, v Version, f Form, d *formdef.Draft, form *web.Form) (web.Reply, error) {
	out := editView{Version: v, Form: f, Sections: items(rq, d), Refused: form}
	parsed, err := b.parse(v)
	if err != nil {
		return web.Reply{}, err
	}
	out.Problems = parsed.Check()
	for _, p := range out.Problems {
		if p.Level == formdef.Hard {
			out.Hard++
		}
	}
	title := rq.T("formbook.edit.title", f.Title)
	trail := []web.Crumb{crumb(rq), {Text: f.Title, Path: "/forms/" + v.ID}, {Text: rq.T("formbook.edit.short")}}
	if !form.OK() {
		return web.Again(title, form, editPage(out, title)).With(trail...), nil
	}
	return web.Show(title, editPage(out, title)).With(trail...), nil
}

func items(rq *web.Request, d *formdef.Draft) []editItem {
	label := func(at, key string) string { return d.Wording(at + "." + key).In(rq.Lang) }
	var fields func(list, creates string) []editItem
	fields = func(list, creates string) []editItem {
		var out []editItem
		n := d.Len(list)
		for i := range n {
			at := list + "[" + itoa(i+1) + "]"
			typ := d.Text(at + ".type")
			x := editItem{At: at, List: list, Name: d.Text(at + ".name"), Label: label(at, "label"), What: rq.T("formbook.type." + typ), First: i == 0, Last: i == n-1}
			if u := d.Text(at + ".unit"); u != "" {
				x.Unit = rq.T("formdef.unit." + u)
				if !slices.Contains(formdef.CommonUnits, u) {
					x.Unit = ownUnit(rq, d, u)
				}
			}
			if x.Code = d.Text(at + ".indicator.code"); x.Code == "" {
				x.Code = d.Text(at + ".indicator")
			}
			switch typ {
			case "table":
				x.ChildList, x.ChildCreates = at+".columns", "column"
				x.Children = fields(at+".columns", "column")
			case "repeat":
				x.ChildList, x.ChildCreates = at+".fields", "entry"
				x.Children = fields(at+".fields", "entry")
			}
			out = append(out, x)
		}
		return out
	}
	var out []editItem
	n := d.Len("sections")
	for i := range n {
		at := "sections[" + itoa(i+1) + "]"
		x := editItem{At: at, List: "sections", Name: d.Text(at + ".name"), Label: label(at, "title"), First: i == 0, Last: i == n-1, ChildList: at + ".fields", ChildCreates: "field"}
		if o := d.Text(at + ".outline"); o != "" {
			x.Label = o + ". " + x.Label
		}
		x.Children = fields(at+".fields", "field")
		out = append(out, x)
	}
	return out
}

func ownUnit(rq *web.Request, d *formdef.Draft, code string) string {
	for i := range d.Len("units") {
		at := "units[" + itoa(i+1) + "]"
		if d.Text(at+".code") == code {
			return d.Wording(at + ".label").In(rq.Lang)
		}
	}
	return code
}

// placeForm is what may be edited by place.
var placeForm = regexp.MustCompile(`^sections\[[1-9][0-9]{0,3}\](\.(fields|columns)\[[1-9][0-9]{0,3}\]){0,2}$`)

// listForm is a list items may be added to.
var listForm = regexp.MustCompile(`^(sections|sections\[[1-9][0-9]{0,3}\]\.fields(\[[1-9][0-9]{0,3}\]\.(columns|fields))?)$`)

// doEdit moves, drops and adds items.
func (b *Books) doEdit(rq *web.Request) (web.Reply, error) {
	v, form, d, err := b.openDraft(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("formbook.edit")
	edit, _ := f.Int("edit", 1, 1_000_000, web.Need)
	deed, place, _ := strings.Cut(f.Raw("do"), ":")
	back := "/forms/" + v.ID + "/edit"
	switch {
	case !f.OK():
	case deed == "add" && listForm.MatchString(place):
		members := [][2]string{{"name", freeName(d, place)}, {"title", rq.T("formbook.edit.new_section")}}
		if place != "sections" {
			members = [][2]string{{"name", freeName(d, place)}, {"type", "integer"}, {"label", rq.T("formbook.edit.new_field")}}
		}
		at := d.Insert(place, 0, members...)
		if place == "sections" { // a section without a field is not a form
			d.Insert(at+".fields", 0, [2]string{"name", freeName(d, at+".fields")}, [2]string{"type", "integer"}, [2]string{"label", rq.T("formbook.edit.new_field")})
		}
		back = itemPath(v.ID, at)
	case !placeForm.MatchString(place) || !d.Has(place):
		return web.Reply{}, errs.Absent("place in form", place)
	case deed == "up":
		back += "#" + anchor(d.Move(place, -1))
	case deed == "down":
		back += "#" + anchor(d.Move(place, 1))
	case deed == "drop":
		d.Drop(place)
	default:
		return web.Reply{}, errs.Absent("edit", deed)
	}
	if f.OK() {
		if err := b.Save(rq.Tx, rq.Actor, v.ID, int(edit), d.JSON()); err == nil {
			return web.To(back), nil
		} else if list := Problems(err); list != nil {
			for _, p := range list[:min(len(list), 5)] {
				f.Refuse(p.Path, "formbook.edit.breaks", p.Path, p.Message)
			}
		} else if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	old, err := formdef.NewDraft([]byte(v.Definition))
	if err != nil {
		return web.Reply{}, err
	}
	return b.edit(rq, v, form, old, f)
}

// freeName is a name no item of a list has.
func freeName(d *formdef.Draft, list string) string {
	base := "o_moi_"
	if list == "sections" {
		base = "phan_moi_"
	}
	text := string(d.JSON())
	for i := 1; ; i++ {
		if !strings.Contains(text, `"`+base+itoa(i)+`"`) {
			return base + itoa(i)
		}
	}
}

func itemPath(version, at string) string {
	return "/forms/" + version + "/item?at=" + strings.NewReplacer("[", "%5B", "]", "%5D").Replace(at)
}

func anchor(place string) string {
	return "i-" + strings.NewReplacer("[", "-", "]", "", ".", "-").Replace(place)
}

// The page of one item.

type itemView struct {
	Version Version
	At      string
	Kind    string // section, field, column, entry
	Type    string
	Form    *web.Form
	Types   []ui.Option
	Units   []ui.Option
	Edit    string
}

// kindOf tells what stands at a place.
func kindOf(d *formdef.Draft, at string) string {
	part := strings.Split(at, ".")
	switch {
	case len(part) == 1:
		return "section"
	case len(part) == 2:
		return "field"
	case strings.HasPrefix(part[2], "columns"):
		return "column"
	}
	return "entry"
}

var typesOf = map[string][]string{
	"field":  {"integer", "decimal", "money", "text", "narrative", "choice", "date", "table", "repeat"},
	"column": {"integer", "decimal", "money", "text", "choice", "date"},
	"entry":  {"integer", "decimal", "money", "text", "narrative", "choice", "date"},
}

// wordings, texts and numbers are the members an item's page edits; of wordings the inputs of both languages and the place below the item.
var wordings = []struct{ vi, en, place string }{{"title_vi", "title_en", "title"}, {"label_vi", "label_en", "label"}, {"hint_vi", "hint_en", "hint"},
	{"required_msg_vi", "", "required_msg"}, {"constraint_msg_vi", "constraint_msg_en", "constraint_msg"}, {"definition_vi", "definition_en", "indicator.definition"}}

var texts = []string{"name", "type", "outline", "unit", "relevant", "calculate", "constraint", "source", "aggregate", "over_time", "appearance"}

var numbers = []string{"decimals", "min", "max", "max_length", "max_entries"}

func (b *Books) item(rq *web.Request) (Version, Form, *formdef.Draft, string, error) {
	v, f, d, err := b.openDraft(rq)
	at := rq.Query("at")
	if at == "" {
		at = rq.Form("formbook.item").Raw("at")
	}
	if err == nil && (!placeForm.MatchString(at) || !d.Has(at)) {
		err = errs.Absent("place in form", at)
	}
	return v, f, d, at, err
}

func (b *Books) pageItem(rq *web.Request) (web.Reply, error) {
	v, form, d, at, err := b.item(rq)
	if err != nil {
		return web.Reply{}, err
	}
	values := map[string]string{"edit": itoa(v.Edit)}
	for _, w := range wordings {
		text := d.Wording(at + "." + w.place)
		values[w.vi], values[w.en] = text.VI, text.EN
	}
	for _, key := range texts {
		values[key] = d.Text(at + "." + key)
	}
	for _, key := range numbers {
		values[key] = strings.Replace(d.Text(at+"."+key), ".", ",", 1)
	}
	values["required"] = d.Text(at + ".required")
	if values["indicator"] = d.Text(at + ".indicator"); values["indicator"] == "" {
		values["indicator"] = d.Text(at + ".indicator.code")
	}
	for _, flag := range []string{"multiple", "total"} {
		if d.Text(at+"."+flag) == "true" {
			values[flag] = "1"
		}
	}
	if n := d.Text(at + ".none"); n != "" {
		values["none"] = map[string]string{"true": "yes", "false": "no"}[n]
	}
	values["numerator"], values["denominator"], values["per"] = d.Text(at+".ratio.numerator"), d.Text(at+".ratio.denominator"), d.Text(at+".ratio.per")
	values["choices"] = lines(d, at+".choices", "value")
	values["rows"] = lines(d, at+".rows", "name")
	return b.itemPage(rq, v, form, d, at, rq.Filled("formbook.item", values))
}

// lines writes a list of choices or rows, one a line: name | Vietnamese | English, and for rows | unit | code | source.
func lines(d *formdef.Draft, list, key string) string {
	var b strings.Builder
	for i := range d.Len(list) {
		at := list + "[" + itoa(i+1) + "]"
		w := d.Wording(at + ".label")
		part := []string{d.Text(at + "." + key), w.VI, w.EN}
		if key == "name" {
			code := d.Text(at + ".indicator")
			if code == "" {
				code = d.Text(at + ".indicator.code")
			}
			part = append(part, d.Text(at+".unit"), code, d.Text(at+".source"))
		}
		b.WriteString(strings.TrimRight(strings.Join(part, " | "), " |") + "\n")
	}
	return b.String()
}

func (b *Books) itemPage(rq *web.Request, v Version, form Form, d *formdef.Draft, at string, f *web.Form) (web.Reply, error) {
	out := itemView{Version: v, At: at, Kind: kindOf(d, at), Type: d.Text(at + ".type"), Form: f, Edit: itoa(v.Edit)}
	for _, t := range typesOf[out.Kind] {
		out.Types = append(out.Types, ui.Option{Value: t, Text: rq.T("formbook.type." + t)})
	}
	out.Units = []ui.Option{{Text: rq.T("formbook.item.no_unit")}}
	for i := range d.Len("units") {
		at := "units[" + itoa(i+1) + "]"
		out.Units = append(out.Units, ui.Option{Value: d.Text(at + ".code"), Text: d.Wording(at + ".label").In(rq.Lang)})
	}
	for _, u := range formdef.CommonUnits {
		out.Units = append(out.Units, ui.Option{Value: u, Text: rq.T("formdef.unit." + u)})
	}
	name := d.Wording(at + ".label").In(rq.Lang)
	if out.Kind == "section" {
		name = d.Wording(at + ".title").In(rq.Lang)
	}
	trail := []web.Crumb{crumb(rq), {Text: form.Title, Path: "/forms/" + v.ID}, {Text: rq.T("formbook.edit.short"), Path: "/forms/" + v.ID + "/edit"}, {Text: name}}
	if !f.OK() {
		return web.Again(name, f, itemPage(out, name)).With(trail...), nil
	}
	return web.Show(name, itemPage(out, name)).With(trail...), nil
}

// doItem writes an item back. Only members its page shows are touched, so that nothing is lost that the page does not know.
func (b *Books) doItem(rq *web.Request) (web.Reply, error) {
	v, form, d, at, err := b.item(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("formbook.item")
	edit, _ := f.Int("edit", 1, 1_000_000, web.Need)
	has := func(name string) bool { return f.RawAll(name) != nil }
	for _, w := range wordings {
		if !has(w.vi) {
			continue
		}
		en := d.Wording(at + "." + w.place).EN
		if has(w.en) {
			en = f.LongText(w.en, 2000, false)
		}
		d.SetWording(at+"."+w.place, formdef.Text{VI: f.LongText(w.vi, 2000, false), EN: en})
	}
	code := f.Text("indicator", 40, false)
	switch {
	case !has("indicator"):
	case code == "":
		d.Drop(at + ".indicator")
	case d.Wording(at + ".indicator.definition").IsZero():
		d.SetText(at+".indicator", code)
	default:
		d.SetText(at+".indicator.code", code)
	}
	for _, key := range texts {
		if has(key) {
			d.SetText(at+"."+key, f.LongText(key, 2000, false))
		}
	}
	for _, key := range numbers {
		if has(key) {
			s := strings.ReplaceAll(f.Text(key, 30, false), ",", ".")
			d.SetNumber(at+"."+key, s)
		}
	}
	if has("required") {
		switch s := f.LongText("required", 2000, false); s {
		case "true", "true()":
			d.SetFlag(at+".required", true, false)
		default:
			d.SetText(at+".required", s)
		}
	}
	if has("flags") { // the page shows the boxes
		d.SetFlag(at+".total", f.Bool("total"), false)
		d.SetFlag(at+".multiple", f.Bool("multiple"), false)
		switch f.Choice("none", false, "yes", "no") {
		case "yes":
			d.SetFlag(at+".none", true, false)
		case "no":
			d.SetFlag(at+".none", false, true)
		default:
			d.Drop(at + ".none")
		}
	}
	if has("numerator") {
		num, den := f.Text("numerator", 200, false), f.Text("denominator", 200, false)
		d.SetText(at+".ratio.numerator", num)
		d.SetText(at+".ratio.denominator", den)
		d.SetNumber(at+".ratio.per", f.Text("per", 20, false))
		if num == "" && den == "" {
			d.Drop(at + ".ratio")
		}
	}
	if has("choices") {
		setLines(d, at+".choices", "value", f.LongText("choices", 50_000, false))
	}
	if has("rows") {
		setLines(d, at+".rows", "name", f.LongText("rows", 50_000, false))
	}
	tidyType(d, at)
	if f.OK() {
		err := b.Save(rq.Tx, rq.Actor, v.ID, int(edit), d.JSON())
		if err == nil {
			return web.To("/forms/" + v.ID + "/edit#" + anchor(at)), nil
		}
		if list := Problems(err); list != nil {
			refuseAt(f, at, list)
		} else if !f.Take(err) {
			return web.Reply{}, err
		}
	}
	return b.itemPage(rq, v, form, d, at, f)
}

// refuseAt puts the problems of a definition at the inputs of the item's page.
func refuseAt(f *web.Form, at string, list []formdef.Problem) {
	for _, p := range list {
		name, ok := strings.CutPrefix(p.Path, at+".")
		if p.Path == at {
			name, ok = "", true
		}
		key, _, _ := strings.Cut(name, ".")
		key, _, _ = strings.Cut(key, "[")
		switch key {
		case "title", "label", "hint", "constraint_msg", "required_msg":
			key += "_vi"
		case "ratio":
			key = "numerator"
		}
		if !ok {
			f.Refuse("", "formbook.edit.breaks", p.Path, p.Message)
			continue
		}
		f.Refuse(key, "formbook.own", p.Message)
	}
}

// setLines reads choices or rows back from their lines. An item keeps what its line does not show (bands, definitions).
func setLines(d *formdef.Draft, list, key, text string) {
	var order []string
	var all [][]string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		part := strings.Split(line, "|")
		for i := range part {
			part[i] = strings.TrimSpace(part[i])
		}
		for len(part) < 6 {
			part = append(part, "")
		}
		order, all = append(order, part[0]), append(all, part)
	}
	d.Arrange(list, key, order)
	for i, part := range all {
		place := list + "[" + itoa(i+1) + "]"
		if part[1] == "" {
			part[1] = part[0]
		}
		d.SetWording(place+".label", formdef.Text{VI: part[1], EN: part[2]})
		if key != "name" {
			continue
		}
		d.SetText(place+".unit", part[3])
		switch {
		case part[4] == "":
			d.Drop(place + ".indicator")
		case d.Wording(place + ".indicator.definition").IsZero():
			d.SetText(place+".indicator", part[4])
		default:
			d.SetText(place+".indicator.code", part[4])
		}
		d.SetText(place+".source", part[5])
	}
}

// tidyType takes away members the type of an item does not have, and gives a new table or repeat something to begin with.
func tidyType(d *formdef.Draft, at string) {
	typ := formdef.Type(d.Text(at + ".type"))
	drop := func(keys ...string) {
		for _, k := range keys {
			d.Drop(at + "." + k)
		}
	}
	if typ == "" {
		return
	}
	if !typ.Number() {
		drop("decimals", "min", "max", "ratio", "aggregate", "over_time", "total")
		if typ != formdef.Table {
			drop("unit", "indicator", "jump")
		}
	}
	if typ == formdef.Integer {
		drop("decimals")
	}
	if typ != formdef.Choice {
		drop("choices", "multiple")
	}
	if typ != formdef.Narrative {
		drop("outline")
	}
	if typ != formdef.Narrative && typ != formdef.Line {
		drop("max_length")
	}
	first := func(list, label string, members ...[2]string) {
		if d.Len(at+"."+list) == 0 {
			d.Insert(at+"."+list, 0, append([][2]string{{"name", freeName(d, at)}}, append(members, [2]string{"label", label})...)...)
		}
	}
	if typ != formdef.Table {
		drop("rows", "columns", "dimension")
	} else {
		drop("fields", "max_entries", "calculate", "constraint", "constraint_msg")
		first("rows", "Dòng 1")
		first("columns", "Số lượng", [2]string{"type", "integer"})
	}
	if typ != formdef.Repeat {
		drop("fields", "max_entries")
	} else {
		drop("calculate", "constraint", "constraint_msg", "rules")
		first("fields", "Nội dung", [2]string{"type", "text"})
	}
	if typ == formdef.Choice && d.Len(at+".choices") == 0 {
		d.Insert(at+".choices", 0, [2]string{"value", "co"}, [2]string{"label", "Có"})
		d.Insert(at+".choices", 0, [2]string{"value", "khong"}, [2]string{"label", "Không"})
	}
}

// The text of the definition.

type textView struct {
	Version  Version
	Form     *web.Form
	Problems []formdef.Problem
}

func (b *Books) pageText(rq *web.Request) (web.Reply, error) {
	v, form, _, err := b.openDraft(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Filled("formbook.text", map[string]string{"definition": v.Definition, "edit": itoa(v.Edit)})
	return b.textPage(rq, v, form, f, nil)
}

func (b *Books) textPage(rq *web.Request, v Version, form Form, f *web.Form, list []formdef.Problem) (web.Reply, error) {
	title := rq.T("formbook.text.title", form.Title)
	trail := []web.Crumb{crumb(rq), {Text: form.Title, Path: "/forms/" + v.ID}, {Text: rq.T("formbook.edit.short"), Path: "/forms/" + v.ID + "/edit"}, {Text: rq.T("formbook.text.short")}}
	body := textPage(textView{v, f, list}, title)
	if !f.OK() {
		return web.Again(title, f, body).With(trail...), nil
	}
	return web.Show(title, body).With(trail...), nil
}

func (b *Books) doText(rq *web.Request) (web.Reply, error) {
	v, form, _, err := b.openDraft(rq)
	if err != nil {
		return web.Reply{}, err
	}
	f := rq.Form("formbook.text")
	edit, _ := f.Int("edit", 1, 1_000_000, web.Need)
	text := f.Raw("definition")
	if f.OK() {
		err := b.Save(rq.Tx, rq.Actor, v.ID, int(edit), []byte(text))
		if err == nil {
			return web.To("/forms/" + v.ID + "/edit").Say("formbook.said.saved"), nil
		}
		list := Problems(err)
		for _, p := range list {
			f.Refuse("definition", "formbook.text.line", p.Line, p.Col, p.Message)
		}
		if list == nil && !f.Take(err) {
			return web.Reply{}, err
		}
		return b.textPage(rq, v, form, f, list)
	}
	return b.textPage(rq, v, form, f, nil)
}
