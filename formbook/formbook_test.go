package formbook

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ids"
	"chungtay/internal/ui"
	"chungtay/internal/world"
	"chungtay/policy"
)

var roles = policy.NewBook(
	policy.Role{Name: "administrator", Gives: map[policy.Permission]policy.Reach{Read: policy.All, Edit: policy.Below}},
	policy.Role{Name: "officer", Gives: map[policy.Permission]policy.Reach{Read: policy.All}})

type bench struct {
	*world.World
	books *Books
	t     *testing.T
}

func each(t *testing.T, f func(t *testing.T, b *bench)) {
	clock := dbtest.NewClock(time.Date(2026, 7, 1, 2, 0, 0, 0, time.UTC))
	dbtest.EachWith(t, append(world.Migrations(), Migrations()), db.Options{Clock: clock.Now}, func(t *testing.T, d *db.DB) {
		w := world.New(t, d, roles)
		f(t, &bench{w, &Books{Book: w.Book}, t})
	})
}

func (b *bench) do(f func(tx *db.Tx) error) error {
	b.t.Helper()
	return b.DB.Write(context.Background(), f)
}

func (b *bench) must(f func(tx *db.Tx) error) {
	b.t.Helper()
	if err := b.do(f); err != nil {
		b.t.Fatal(err)
	}
}

// refused runs a deed that must fail with a kind and, if given, at a field.
func (b *bench) refused(kind errs.Kind, field string, f func(tx *db.Tx) error) {
	b.t.Helper()
	err := b.do(f)
	if !errs.Is(err, kind) {
		b.t.Fatalf("%v, want %s", err, kind)
	}
	if field != "" && (len(errs.FieldsOf(err)) == 0 || errs.FieldsOf(err)[0].Name != field) {
		b.t.Fatalf("%v, want it at %s", err, field)
	}
}

func (b *bench) begin(by policy.Actor, n New) (id string) {
	b.t.Helper()
	b.must(func(tx *db.Tx) (err error) { id, err = b.books.Begin(tx, by, n); return err })
	return id
}

func TestLifeOfAForm(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		admin, other, officer := b.AdminNow, b.Admin, b.ThanhHoa.Health.Officer
		unit := b.ThanhHoa.Committee.ID
		draft := b.begin(admin, New{Unit: unit, Code: "bao_cao_quy", Title: "Báo cáo quý"})
		b.refused(errs.Invalid, "code", func(tx *db.Tx) error {
			_, err := b.books.Begin(tx, admin, New{Unit: unit, Code: "bao_cao_quy", Title: "Lần nữa"})
			return err
		})
		b.refused(errs.Invalid, "code", func(tx *db.Tx) error {
			_, err := b.books.Begin(tx, admin, New{Unit: unit, Code: "Báo cáo", Title: "Lần nữa"})
			return err
		})
		b.refused(errs.Invalid, "unit", func(tx *db.Tx) error {
			_, err := b.books.Begin(tx, other, New{Unit: unit, Code: "cua_tinh_khac", Title: "Của tỉnh khác"})
			return err
		})
		var v Version
		find := func(id string) Version {
			t.Helper()
			b.must(func(tx *db.Tx) (err error) { v, err = versionByID(tx, id); return err })
			return v
		}
		find(draft)
		changed := strings.Replace(v.Definition, `"label": {"vi": "Số liệu", "en": "Figure"}`, `"label": {"vi": "Số cuộc", "en": "Events"}, "indicator": {"code": "X1", "definition": "Số cuộc đã tổ chức."}`, 1)
		// A draft is withheld from those who may not write it, and looks absent.
		for _, by := range []policy.Actor{other, officer} {
			b.refused(errs.NotFound, "", func(tx *db.Tx) error { _, _, err := b.books.see(tx, by, draft); return err })
			b.refused(errs.NotFound, "", func(tx *db.Tx) error { return b.books.Save(tx, by, draft, 1, []byte(changed)) })
			b.refused(errs.NotFound, "", func(tx *db.Tx) error { return b.books.Publish(tx, by, draft, 1, "") })
		}
		b.refused(errs.NotFound, "", func(tx *db.Tx) error { _, err := b.books.Version(tx, draft); return err })
		b.refused(errs.NotFound, "", func(tx *db.Tx) error { _, _, err := b.books.Published(tx, "bao_cao_quy"); return err })

		b.must(func(tx *db.Tx) error { return b.books.Save(tx, admin, draft, 1, []byte(changed)) })
		b.refused(errs.Conflict, "", func(tx *db.Tx) error { return b.books.Save(tx, admin, draft, 1, []byte(v.Definition)) })
		b.refused(errs.Conflict, "", func(tx *db.Tx) error { return b.books.Publish(tx, admin, draft, 1, "") })
		b.refused(errs.Invalid, "definition", func(tx *db.Tx) error {
			return b.books.Save(tx, admin, draft, 2, []byte(strings.Replace(changed, "bao_cao_quy", "ma_khac", 1)))
		})
		err := b.do(func(tx *db.Tx) error { return b.books.Save(tx, admin, draft, 2, []byte("{\n  \"code\": nope\n}")) })
		if p := Problems(err); len(p) != 1 || p[0].Line != 2 || !errs.Is(err, errs.Invalid) {
			t.Errorf("a broken definition: %v, %v", p, err)
		}
		if find(draft).Edit != 2 || v.Definition != changed {
			t.Errorf("the draft is %+v", v)
		}
		// A form that is unsound is not published: the unit of measure is missing.
		unsound := strings.Replace(changed, `"unit": "cuoc", `, ``, 1)
		unsound = strings.Replace(unsound, `, "unit": "cuoc"`, ``, 1)
		b.must(func(tx *db.Tx) error { return b.books.Save(tx, admin, draft, 2, []byte(unsound)) })
		b.refused(errs.Invalid, "", func(tx *db.Tx) error { return b.books.Publish(tx, admin, draft, 3, "") })
		b.must(func(tx *db.Tx) error { return b.books.Save(tx, admin, draft, 3, []byte(changed)) })
		b.must(func(tx *db.Tx) error { return b.books.Publish(tx, admin, draft, 4, "lần đầu") })

		// Published, everybody may read it and nobody changes it.
		b.must(func(tx *db.Tx) error { _, _, err := b.books.see(tx, officer, draft); return err })
		b.refused(errs.Conflict, "", func(tx *db.Tx) error { return b.books.Save(tx, admin, draft, 4, []byte(unsound)) })
		b.refused(errs.Conflict, "", func(tx *db.Tx) error { return b.books.Discard(tx, admin, draft) })
		b.refused(errs.Forbidden, "", func(tx *db.Tx) error { return b.books.Close(tx, other, draft) })
		b.refused(errs.Forbidden, "", func(tx *db.Tx) error { _, err := b.books.Amend(tx, other, v.Form); return err })
		var second string
		b.must(func(tx *db.Tx) (err error) { second, err = b.books.Amend(tx, admin, v.Form); return err })
		var again string
		b.must(func(tx *db.Tx) (err error) { again, err = b.books.Amend(tx, admin, v.Form); return err })
		if again != second {
			t.Error("a second draft was begun beside the first")
		}
		b.refused(errs.Invalid, "", func(tx *db.Tx) error { return b.books.Publish(tx, admin, second, 1, "") }) // nothing changed
		next := strings.Replace(changed, "Số cuộc đã tổ chức.", "Số cuộc đã tổ chức, kể cả trực tuyến.", 1)
		b.must(func(tx *db.Tx) error { return b.books.Save(tx, admin, second, 1, []byte(next)) })
		b.must(func(tx *db.Tx) error { return b.books.Publish(tx, admin, second, 2, "tính cả trực tuyến") })
		if find(second).Number != 2 || find(draft).Number != 1 || v.Definition != changed {
			t.Errorf("the first version became %+v", v)
		}
		b.must(func(tx *db.Tx) error {
			newest, f, err := b.books.Published(tx, "bao_cao_quy")
			if err == nil && (newest.ID != second || !bytes.Contains(f.JSON(), []byte("trực tuyến"))) {
				t.Errorf("the newest is %s", newest.ID)
			}
			return err
		})
		// An old client may send by the first version until it is closed; what was sent opens still.
		b.must(func(tx *db.Tx) error { _, err := b.books.Accepting(tx, draft); return err })
		b.must(func(tx *db.Tx) error { return b.books.Close(tx, admin, draft) })
		b.refused(errs.Conflict, "", func(tx *db.Tx) error { return b.books.Close(tx, admin, draft) })
		b.refused(errs.Conflict, "", func(tx *db.Tx) error { _, err := b.books.Accepting(tx, draft); return err })
		b.must(func(tx *db.Tx) error { _, err := b.books.Version(tx, draft); return err })
		b.refused(errs.NotFound, "", func(tx *db.Tx) error { _, err := b.books.Accepting(tx, ids.New(tx.Now)); return err })
		// A definition changed in the database behind our back is not used.
		b.must(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE formbook_version SET definition = $1 WHERE id = $2`, unsound, draft)
			return err
		})
		fresh := &Books{Book: b.Book}
		if err := b.do(func(tx *db.Tx) error { _, err := fresh.Version(tx, draft); return err }); errs.Of(err) != errs.Internal || err == nil {
			t.Errorf("a changed definition: %v", err)
		}
	})
}

func TestInstall(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		for range 2 { // the second start finds everything there
			b.must(Install)
		}
		var list []Listed
		b.must(func(tx *db.Tx) (err error) { list, err = b.books.Choices(tx); return err })
		if len(list) != 3 || list[0].Number != 1 || list[0].Figures < 60 {
			t.Fatalf("%+v", list)
		}
		// An upgrade brings a new version; the old one stays.
		b.must(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE formbook_version SET digest = 'of an older release' WHERE id = $1`, list[0].VersionID)
			return err
		})
		b.must(Install)
		b.must(func(tx *db.Tx) error {
			v, _, err := b.books.Published(tx, list[0].Code)
			if err == nil && v.Number != 2 {
				t.Errorf("version %d", v.Number)
			}
			return err
		})
		// What came with the system is copied, never changed.
		b.refused(errs.Forbidden, "", func(tx *db.Tx) error { _, err := b.books.Amend(tx, b.Root, list[1].ID); return err })
		id := b.begin(b.AdminNow, New{Unit: b.ThanhHoa.Committee.ID, Code: "ban_sao", Title: "Bản sao", From: list[1].VersionID})
		b.must(func(tx *db.Tx) error {
			v, err := versionByID(tx, id)
			if err == nil && v.Figures != list[1].Figures {
				t.Errorf("the copy has %d figures, the original %d", v.Figures, list[1].Figures)
			}
			return err
		})
		// A form that was never published goes with its draft.
		b.must(func(tx *db.Tx) error { return b.books.Discard(tx, b.AdminNow, id) })
		b.must(func(tx *db.Tx) error {
			_, there, err := findFormByCode(tx, "ban_sao")
			if there {
				t.Error("the form is still there")
			}
			return err
		})
	})
}

func TestListShowsDraftsToTheirWriters(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must(Install)
		b.begin(b.AdminNow, New{Unit: b.ThanhHoa.Committee.ID, Code: "cua_thanh_hoa", Title: "Biểu 100 % của Thanh Hóa"})
		count := func(by policy.Actor, words string) (n int) {
			scope := b.Book.Scope(by, Edit)
			b.must(func(tx *db.Tx) (err error) {
				_, n, err = listForms(tx, formFilter{Words: words, Drafts: &scope}, 1, 50)
				return err
			})
			return n
		}
		for _, c := range []struct {
			by    policy.Actor
			words string
			want  int
		}{{b.AdminNow, "", 4}, {b.Root, "", 4}, {b.Admin, "", 3}, {b.ThanhHoa.Health.Officer, "", 3}, {b.AdminNow, "thanh hoa", 1}, {b.AdminNow, "100 %", 1}, {b.AdminNow, "%", 1}, {b.AdminNow, "_", 4}, {b.AdminNow, "zzz", 0}, {b.Admin, "thanh hóa", 0}} {
			if got := count(c.by, c.words); got != c.want {
				t.Errorf("%s looking for %q finds %d, want %d", c.by.Name, c.words, got, c.want)
			}
		}
	})
}

func speaking(t *testing.T, lang i18n.Lang) context.Context {
	t.Helper()
	c, err := i18n.Load(formdef.Words, Text, ui.Text, os.DirFS("../internal/web"))
	if err != nil {
		t.Fatal(err)
	}
	return i18n.With(context.Background(), c, lang)
}

// Every cell of every shipped form is drawn once, in both languages, and what is drawn filled and sent is what was filled.
func TestWhatIsDrawnIsReadBack(t *testing.T) {
	for code := range Shipped() {
		f := shippedForm(t, code)
		values := formdef.Values{}
		for i, c := range f.Cells() {
			switch {
			case c.Calculated() || c.Repeat != nil:
			case i%7 == 3 && c.NoneAllowed() && c.Field.Type.Number():
				values[c.Address] = formdef.NoneValue()
			case c.Field.Type == formdef.Decimal:
				n, _ := formdef.ParseNumber("1234.5")
				values[c.Address] = formdef.Figure(n)
			case c.Field.Type.Number():
				values[c.Address] = formdef.IntValue(int64(1000 * (i + 1)))
			default:
				values[c.Address] = formdef.TextValue("Kết quả \"tốt\" <b>\ndòng hai")
			}
		}
		r := f.Evaluate(values, formdef.Context{Today: civil.MustParse("2026-08-01")})
		s := Sheet{Form: f, Values: r.Values, Findings: r.Problems, Hidden: r.Hidden, Last: values, Required: true,
			Sources: map[string]Source{"truc_tiep/mit_tinh/so": {"12 hoạt động", "/activities?kind=mit_tinh"}}}
		for _, lang := range i18n.Langs {
			var b bytes.Buffer
			if err := Fields(s).Render(speaking(t, lang), &b); err != nil {
				t.Fatal(err)
			}
			if err := Review(s).Render(speaking(t, lang), &b); err != nil {
				t.Fatal(err)
			}
			if out := b.String(); strings.Contains(out, "⟦") || strings.Contains(out, "{0") {
				t.Errorf("%s in %s has a word without text: %.80s", code, lang, out[strings.IndexAny(out, "⟦"):])
			}
		}
		sent := inputs(t, s)
		if n := len(sent); n > f.Inputs() {
			t.Errorf("%s sends %d inputs and says it has at most %d", code, n, f.Inputs())
		}
		back, found := f.Posted(func(name string) []string { return sent[name] })
		if len(found) > 0 {
			t.Errorf("%s sent as drawn is refused: %v", code, said(t, found))
		}
		want := r.Values.Clone()
		for _, c := range f.Cells() {
			if c.Calculated() {
				delete(want, c.Address)
			}
		}
		if d := formdef.DiffCells(want, back); len(d) > 0 {
			t.Errorf("%s sent as drawn differs in %d cells, first %+v", code, len(d), d[0])
		}
	}
}

func TestShownAgain(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "formdef", "testdata", "small.json"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := formdef.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	typed := map[string][]string{"v.buoi": {"mười"}, "v.nu": {"12"}, "n.nu": {"1"}, "n.nn/d16": {"1"}, "v.nn/tong/nam": {"–"}, "v.hinh_thuc": {"loa", "mit_tinh"},
		"v.ngay_mit_tinh.day": {"31"}, "v.ngay_mit_tinh.month": {"2"}, "v.ngay_mit_tinh.year": {"2026"}, "e.vb": {"3"}, "v.vb[2]/so": {"12/KH"}, "v.kinh_phi": {"1.5"}, "v.nguoi": {""}}
	get := func(name string) []string { return typed[name] }
	values, found := f.Posted(get)
	want := []string{"Số buổi: nhập số nguyên bằng chữ số, ví dụ 1250", "Trong đó nữ: vừa có giá trị vừa đánh dấu không phát sinh. Giữ lại một.",
		"Kinh phí: số lẻ viết sau dấu phẩy. Nhập 1,5", "Ngày mít tinh: nhập đủ ngày, tháng, năm có trong lịch, ví dụ 30/7/2026"}
	got := said(t, found)
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("said:\n%s", strings.Join(got, "\n"))
	}
	if values["nn/d16/nam"] != formdef.NoneValue() || values["nn/d16/nu"] != formdef.NoneValue() || values["nn/tong/nam"] != formdef.NoneValue() {
		t.Errorf("the row marked and the dash typed gave %v", values)
	}
	if values["vb[2]/so"] != formdef.TextValue("12/KH") || values["hinh_thuc"] != formdef.TextValue("loa mit_tinh") {
		t.Errorf("%v", values)
	}
	var out bytes.Buffer
	r := f.Evaluate(values, formdef.Context{})
	if err := Fields(Sheet{Form: f, Values: r.Values, Findings: f.Merge(found, r.Problems), Posted: get, Required: true}).Render(speaking(t, i18n.VI), &out); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{`value="mười"`, `value="12/KH"`, `id="f-v.buoi-error"`, "nhập số nguyên bằng chữ số", `name="v.ngay_mit_tinh.day" value="31"`, `name="e.vb" value="3"`} {
		if !strings.Contains(out.String(), s) {
			t.Errorf("the page shown again lacks %s", s)
		}
	}
	if strings.Contains(out.String(), "Nhập số buổi, hoặc") {
		t.Error("a cell that could not be read is said to be missing")
	}
	rest, _ := f.Posted(func(name string) []string {
		if name == formdef.InputRest {
			return []string{"truyen_thong"}
		}
		return nil
	})
	if rest["buoi"] != formdef.NoneValue() || rest["nn/tong/nam"].Answered() || rest["ngay_mit_tinh"].Answered() {
		t.Errorf("one section marked: %v", rest)
	}
}
