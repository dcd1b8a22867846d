package formdef

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chungtay/internal/civil"
	"chungtay/internal/i18n"
)

func read(t testing.TB, name string) *Form {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, string(b))
}

func parse(t testing.TB, s string) *Form {
	t.Helper()
	f, err := Parse([]byte(s))
	if err != nil {
		for _, p := range err.(*ParseError).Problems {
			t.Error(say(t, p))
		}
		t.FailNow()
	}
	return f
}

func words(t testing.TB) *i18n.Catalogue {
	t.Helper()
	c, err := i18n.Load(Words)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// say writes a problem as a person reads it.
func say(t testing.TB, p Problem) string {
	return itoa(p.Line) + " " + p.Path + ": " + words(t).Text(i18n.VI, p.Message.Key, p.Message.Args...)
}

func found(t testing.TB, r Result) []string {
	var out []string
	for _, p := range r.Problems {
		out = append(out, string(p.Level)+" "+p.Kind+" "+p.At+": "+words(t).Text(i18n.VI, p.Message.Key, p.Message.Args...))
	}
	return out
}

func same(t testing.TB, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmp.AllowUnexported(Number{})); d != "" {
		t.Errorf("%s (- want, + got):\n%s", what, d)
	}
}

func n(s string) Value {
	x, err := ParseNumber(s)
	if err != nil {
		panic(s)
	}
	return Figure(x)
}

func TestEvaluate(t *testing.T) {
	f := read(t, "small.json")
	day := Context{Today: civil.MustParse("2026-08-01")}
	for _, c := range []struct {
		name  string
		in    string
		want  string
		found []string
	}{
		{"empty", `{}`, `{}`, []string{"hard required buoi: Nhập số buổi, hoặc đánh dấu không phát sinh"}},
		{"none is an answer", `{"buoi":{"none":true},"nguoi":12}`, `{"buoi":{"none":true}}`, nil},
		{"zero hides as well", `{"buoi":0,"nguoi":12}`, `{"buoi":0}`, nil},
		{"ratio", `{"buoi":3,"nguoi":7,"nu":2}`, `{"buoi":3,"nguoi":7,"nu":2,"ty_le_nu":28.6}`, nil},
		{"rate of nothing", `{"buoi":3,"nguoi":0,"nu":0}`, `{"buoi":3,"nguoi":0,"nu":0}`, nil},
		{"none in a rate", `{"buoi":3,"nguoi":7,"nu":{"none":true}}`, `{"buoi":3,"nguoi":7,"nu":{"none":true},"ty_le_nu":{"none":true}}`, nil},
		{"constraint", `{"buoi":3,"nguoi":7,"nu":8}`, `{"buoi":3,"nguoi":7,"nu":8,"ty_le_nu":114.3}`, []string{"hard constraint nu: Số nữ không lớn hơn số người dự"}},
		{"unknown passes", `{"buoi":3,"nu":8}`, `{"buoi":3,"nu":8}`, nil},
		{"given for a calculated cell", `{"buoi":3,"nguoi":7,"nu":2,"ty_le_nu":99}`, `{"buoi":3,"nguoi":7,"nu":2,"ty_le_nu":28.6}`, nil},
		{"types", `{"buoi":1.5,"nguoi":"x","kinh_phi":1.2345,"hinh_thuc":"loa xe","ngay_mit_tinh":"2026-02-30"}`, `{}`, []string{
			"hard type buoi: Số buổi: nhập số nguyên bằng chữ số, ví dụ 1250",
			"hard type kinh_phi: Kinh phí: nhập tối đa 3 số lẻ",
			"hard type hinh_thuc: Hình thức: chọn trong danh sách"}},
		{"negative", `{"buoi":-1}`, `{"buoi":-1}`, []string{"hard range buoi: Số buổi: nhập từ 0 trở lên"}},
		{"unknown cell", `{"buoi":1,"buoy":2}`, `{"buoi":1}`, []string{"hard unknown buoy: Biểu mẫu không có ô buoy. Kiểm tra phiên bản biểu mẫu."}},
		{"choices in the order of the form", `{"buoi":1,"hinh_thuc":"mit_tinh loa","ngay_mit_tinh":"2026-07-30"}`, `{"buoi":1,"hinh_thuc":"loa mit_tinh","ngay_mit_tinh":"2026-07-30"}`, nil},
		{"required when relevant", `{"buoi":1,"hinh_thuc":"mit_tinh"}`, `{"buoi":1,"hinh_thuc":"mit_tinh"}`, []string{"hard required ngay_mit_tinh: Chọn ngày mít tinh"}},
		{"date", `{"buoi":1,"hinh_thuc":"mit_tinh","ngay_mit_tinh":"2026-08-02"}`, `{"buoi":1,"hinh_thuc":"mit_tinh","ngay_mit_tinh":"2026-08-02"}`, []string{"hard constraint ngay_mit_tinh: Ngày phải trong tháng 7"}},
		{"rule of the form", `{"buoi":0,"hinh_thuc":"mit_tinh","ngay_mit_tinh":"2026-07-30"}`, `{"buoi":0,"hinh_thuc":"mit_tinh","ngay_mit_tinh":"2026-07-30"}`, []string{"warn rule buoi: Có mít tinh mà không có buổi nào"}},
		{"repeat", `{"buoi":1,"vb[1]/so":"12/KH","vb[1]/noi_nhan":8,"vb[2]/so":"13/KH","vb[2]/noi_nhan":{"none":true}}`,
			`{"buoi":1,"so_vb":2,"tong_nhan":8,"vb[1]/noi_nhan":8,"vb[1]/so":"12/KH","vb[2]/noi_nhan":{"none":true},"vb[2]/so":"13/KH"}`, nil},
		{"repeat with a gap", `{"buoi":1,"vb[2]/noi_nhan":8}`, `{"buoi":1,"so_vb":1,"tong_nhan":8,"vb[2]/noi_nhan":8}`, []string{"hard required vb[2]/so: Nhập số"}},
		{"no repeat", `{"buoi":1,"vb":{"none":true}}`, `{"buoi":1,"so_vb":{"none":true},"tong_nhan":{"none":true},"vb":{"none":true}}`, nil},
		{"too many entries", `{"buoi":1,"vb[21]/so":"1"}`, `{"buoi":1}`, []string{"hard unknown vb[21]/so: Biểu mẫu không có ô vb[21]/so. Kiểm tra phiên bản biểu mẫu."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, first, err := f.Decode([]byte(c.in))
			if err != nil {
				t.Fatal(err)
			}
			_ = first
			var raw Values
			if err := raw.UnmarshalJSON([]byte(c.in)); err != nil {
				t.Fatal(err)
			}
			r := f.Evaluate(raw, day)
			same(t, "values", string(r.Values.Canonical()), c.want)
			same(t, "findings", found(t, r), c.found)
			again := f.Evaluate(r.Values, day)
			same(t, "evaluated again", string(again.Values.Canonical()), string(r.Values.Canonical()))
			kept, err := f.Kept(r.Values.Canonical())
			if err != nil {
				t.Fatal(err)
			}
			same(t, "kept", string(kept.Canonical()), string(r.Values.Canonical()))
			_ = v
		})
	}
}

func TestBreakdownInTable(t *testing.T) {
	f := read(t, "small.json")
	in := Values{"buoi": n("1"), "nn/tong/nam": n("5"), "nn/d16/nam": n("2"), "nn/d18/nam": n("1"), "nn/lon/nam": n("1"), "nn/kr/nam": NoneValue(), "nn/tong/nu": n("3"), "nn/d16/nu": n("4")}
	r := f.Evaluate(in, Context{})
	same(t, "findings", found(t, r), []string{
		"hard partition nn/tong/nam: Tổng số, nam: 5 khác 4 (cộng theo tuổi). Đối chiếu số chung với các phần",
		"hard partition nn/tong/nu: Tổng số, nữ: 3 nhỏ hơn 4 (cộng theo tuổi). Đối chiếu số chung với các phần"})
	same(t, "total of the row", r.Values["nn/tong/cong"], n("8"))
	if r.Values["nn/d18/cong"].Answered() {
		t.Error("a total with a missing part was given")
	}
}

func TestJump(t *testing.T) {
	f := read(t, "small.json")
	last := Values{"buoi": n("40"), "nguoi": n("1000"), "nu": NoneValue()}
	for _, c := range []struct {
		buoi, nguoi string
		want        []string
	}{
		{"60", "1500", nil}, // exactly 50 %
		{"61", "1000", []string{"warn jump buoi: Số buổi tăng mạnh so với kỳ trước, từ 40 lên 61. Kiểm tra lại, hoặc ghi lý do"}},
		{"20", "499", []string{"warn jump nguoi: Người dự giảm mạnh so với kỳ trước, từ 1.000 xuống 499. Kiểm tra lại, hoặc ghi lý do"}},
	} {
		r := f.Evaluate(Values{"buoi": n(c.buoi), "nguoi": n(c.nguoi)}, Context{Last: last})
		same(t, c.buoi, found(t, r), c.want)
	}
}

func TestAggregate(t *testing.T) {
	f := read(t, "small.json")
	var reports []Values
	for _, s := range []string{`{"buoi":3,"nguoi":10,"nu":5,"kinh_phi":1.5}`, `{"buoi":{"none":true}}`, `{"buoi":2,"nguoi":30,"kinh_phi":0.25}`, `{"buoi":1,"nguoi":90,"nu":10}`} {
		var v Values
		if err := v.UnmarshalJSON([]byte(s)); err != nil {
			t.Fatal(err)
		}
		reports = append(reports, f.Evaluate(v, Context{}).Values)
	}
	got, cov := f.Aggregate(reports)
	same(t, "sum", string(got.Canonical()), `{"buoi":6,"kinh_phi":1.75,"nguoi":130,"nu":15,"ty_le_nu":15}`)
	same(t, "coverage of sessions", cov.Cells["buoi"], Count{Given: 3, None: 1})
	same(t, "coverage of people: not asked where nothing was held", cov.Cells["nguoi"], Count{Given: 3, NotAsked: 1})
	same(t, "coverage of women", cov.Cells["nu"], Count{Given: 2, Missing: 2})
	// The rate is 15 of 100: the 30 people of the report without the women are not in the denominator.
	nothing, _ := f.Aggregate([]Values{{"buoi": NoneValue()}, {}})
	same(t, "nothing but none", string(nothing.Canonical()), `{"buoi":{"none":true}}`)

	packed := f.NewTotal(OverUnits)
	for _, v := range reports {
		if err := packed.AddPacked(f.Pack(f.Evaluate(v, Context{}))); err != nil {
			t.Fatal(err)
		}
	}
	pv, pc := packed.Result()
	same(t, "packed", pv, got)
	same(t, "packed coverage", pc, cov)
}

func TestCheckOfAGoodForm(t *testing.T) {
	for _, p := range read(t, "small.json").Check() {
		if p.Level == Hard && !strings.Contains(p.Message.Key, "indicator") {
			t.Error(say(t, p))
		}
	}
}
