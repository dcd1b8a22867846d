package document

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/policy"
)

func (o *office) search(a policy.Actor, f Filter) (list []Found, total int) {
	o.Helper()
	if f.Size == 0 {
		f.Size = 20
	}
	dbtest.Read(o, o.DB, func(tx *db.Tx) (err error) { list, total, err = o.List(tx, a, f); return err })
	return list, total
}

func subjects(list []Found) string {
	var out []string
	for _, x := range list {
		out = append(out, x.Subject)
	}
	return strings.Join(out, " | ")
}

func TestSearchWithoutMarksExactFirst(t *testing.T) {
	eachOffice(t, func(o *office) {
		put := func(subject, text string) Document {
			p := plan(o.health)
			p.Subject, p.Text = subject, text
			o.clock.Add(time.Second)
			return o.issue(p)
		}
		put("Một", "Hỗ trợ nạn nhân hoà nhập cộng đồng tại xã")
		put("Hai", "Hóa chất, nhạp liệu: hoa nhap cong dong") // the letters without marks
		put("Ba", "Cộng tác viên nhập dữ liệu; hòa giải viên đồng hành")
		put("Bốn", "Rà soát thủy lợi")
		put("Năm", "Ban hành bảng theo dõi, theo Đề án")
		a := o.clerk(o.health)
		for _, x := range []struct{ words, want string }{
			{"hòa nhập cộng đồng", "Một | Hai | Ba"},
			{"HOÀ NHẬP cộng đồng", "Một | Hai | Ba"},
			{norm.NFD.String("hòa nhập cộng đồng"), "Một | Hai | Ba"},
			{`"hoa nhap cong dong"`, "Hai | Một"},
			{`“hòa nhập”`, "Một | Hai"},
			{"thuỷ lợi", "Bốn"}, {"thuy loi", "Bốn"},
			{"de an", "Năm"}, {"đề án", "Năm"}, {"Đề", "Năm"},
			{"không có", ""}, {"   ", "Năm | Bốn | Ba | Hai | Một"}, {`"" " ' ( ) * ^ : - \`, ""}, {`a"b AND OR NOT NEAR(`, ""}, {"'; DROP TABLE document; --", ""},
			{"04/KH-SYT", "Bốn"}, {"4/kh-syt", "Bốn"}, {"kh-syt Bốn", "Bốn"},
		} {
			list, n := o.search(a, Filter{Words: strings.TrimSpace(x.words)})
			if got := subjects(list); got != x.want || n != len(list) {
				t.Errorf("%q finds %q (%d), want %q", x.words, got, n, x.want)
			}
		}
		list, _ := o.search(a, Filter{Words: "hòa nhập"})
		var marked []string
		for _, p := range list[0].Snippet {
			if p.Mark {
				marked = append(marked, p.Text)
			}
		}
		if strings.Join(marked, " ") != "hoà nhập" {
			t.Errorf("marked %q", marked)
		}
		// A number alone finds the paper of that number first.
		if list, _ := o.search(a, Filter{Words: "3"}); len(list) == 0 || list[0].Subject != "Ba" {
			t.Errorf("number alone: %s", subjects(list))
		}
	})
}

// Lists, counts and search hold only what the reader may see.
func TestSearchShowsOnlyWhatTheReaderMaySee(t *testing.T) {
	eachOffice(t, func(o *office) {
		p := o.issue(plan(o.health))
		o.write(func(tx *db.Tx) error {
			_, err := o.Deliver(tx, o.clerk(o.health), p.ID, []string{o.north}, ToAct)
			return err
		})
		d := o.arrive(o.sea, letter)
		o.write(func(tx *db.Tx) error {
			for unit, book := range map[string]string{o.sea: inBook, o.health: outBook} {
				if err := o.AddRegister(tx, o.clerk(unit), unit, book, "BCĐ", "Văn bản của Ban Chỉ đạo"); err != nil {
					return err
				}
			}
			if _, _, err := o.Confirm(tx, o.clerk(o.sea), d.ID, d.Version, d.Facts, Entry{Register: "BCĐ"}, false); err != nil {
				return err
			}
			n := plan(o.health)
			n.Unit, n.Register, n.Kind, n.Text = o.health, "BCĐ", "thong_bao", "Thông báo"
			_, err := o.Issue(tx, o.clerk(o.health), n)
			return err
		})
		for _, x := range []struct {
			who  policy.Actor
			f    Filter
			want int
		}{
			{o.clerk(o.sea), Filter{Book: "in/BCĐ"}, 1}, {o.clerk(o.sea), Filter{Book: "in/X"}, 0}, {o.clerk(o.health), Filter{Book: "out/BCĐ"}, 1}, {o.clerk(o.health), Filter{Book: "out/X"}, 0},
			{o.clerk(o.health), Filter{}, 2}, {o.clerk(o.north), Filter{}, 1}, {o.clerk(o.sea), Filter{}, 1}, {o.clerk(o.ward), Filter{}, 0},
			{o.clerk(o.north), Filter{Words: "truyền thông"}, 1}, {o.clerk(o.sea), Filter{Words: "truyền thông"}, 0},
			{o.clerk(o.north), Filter{Words: "rà soát"}, 0}, {o.clerk(o.sea), Filter{Words: "rà soát"}, 1},
			{o.clerk(o.north), Filter{Book: "in"}, 1}, {o.clerk(o.north), Filter{Book: "out"}, 0}, {o.clerk(o.health), Filter{Book: "out"}, 2},
			{actor("leader", o.province), Filter{}, 0}, {actor("leader", o.province), Filter{Book: "all"}, 3},
			{o.clerk(o.north), Filter{Book: "all", Kind: "ke_hoach"}, 1}, {o.clerk(o.north), Filter{Kind: "cong_van"}, 0},
			{o.clerk(o.sea), Filter{Year: 2026}, 1}, {o.clerk(o.sea), Filter{Year: 2025}, 0}, {o.clerk(o.sea), Filter{Issuer: "sở y"}, 1}, {o.clerk(o.sea), Filter{Issuer: "công an"}, 0},
			{o.clerk(o.health), Filter{Topic: "trafficking"}, 0}, {policy.Actor{Person: "x", Unit: o.health}, Filter{Book: "all"}, 0},
		} {
			if list, n := o.search(x.who, x.f); n != x.want || len(list) != n {
				t.Errorf("%s %+v: %d of %d, want %d", x.who.Person, x.f, len(list), n, x.want)
			}
		}
	})
}

// Whatever a person types is a search or none, never a failure, and a word of the text is always found by its folded form.
func TestAnyQueryIsASearch(t *testing.T) {
	eachOffice(t, func(o *office) {
		text := "Tổ chức truyền thông tại 12 thôn, bản; phát 1.250 tờ rơi."
		p := plan(o.health)
		p.Text = text
		o.issue(p)
		rapid.Check(t, func(rt *rapid.T) {
			s := rapid.StringOfN(rapid.RuneFrom([]rune(`"“”'*^:()-+/\{}<>&|! 0áđĐẫ.,;ab%_`+"\u0301\u200b")), 0, 40, -1).Draw(rt, "words")
			var list []Found
			err := o.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
				list, _, err = o.List(tx, o.clerk(o.health), Filter{Words: s, Size: 5})
				return err
			})
			if err != nil {
				rt.Fatalf("%q: %v", s, err)
			}
			_ = list
		})
		for _, w := range wordsOf(text) {
			if _, n := o.search(o.clerk(o.health), Filter{Words: w.fold}); n != 1 {
				t.Errorf("%q is not found", w.fold)
			}
		}
	})
}

// The index is no part of a dump: what is missing in it is put back.
func TestTheIndexIsMadeAnew(t *testing.T) {
	eachOffice(t, func(o *office) {
		for range 3 {
			o.issue(plan(o.health))
		}
		found := func() int { _, n := o.search(o.clerk(o.health), Filter{Words: "truyền thông"}); return n }
		o.write(emptyIndex)
		if found() != 0 {
			t.Fatal("the index is not empty")
		}
		o.write(Rebuild)
		if found() != 3 {
			t.Error("rebuilt:", found())
		}
		if n, err := o.Reindex(t.Context(), o.DB, true); err != nil || n != 3 || found() != 3 {
			t.Error("begun anew:", n, err, found())
		}
		if n, err := o.Reindex(t.Context(), o.DB, false); err != nil || n != 0 {
			t.Error("nothing is missing:", n, err)
		}
	})
}

func FuzzSnippet(f *testing.F) {
	f.Add("Hỗ trợ nạn nhân hòa nhập", "hoa nhap")
	f.Add(letter, `"rà soát" xã`)
	f.Fuzz(func(t *testing.T, text, words string) {
		if !utf8.ValidString(text) || !utf8.ValidString(words) {
			return
		}
		text = norm.NFC.String(text)
		q := parseQuery(words)
		if q.empty() {
			return
		}
		for _, h := range q.hits(text) {
			if h.start < 0 || h.end > len(text) || h.start >= h.end || !utf8.ValidString(text[h.start:h.end]) {
				t.Fatalf("hit %+v", h)
			}
		}
		var b strings.Builder
		for _, p := range cut(text, q) {
			b.WriteString(p.Text)
		}
		if !utf8.ValidString(b.String()) {
			t.Errorf("%q is cut inside a letter", b.String())
		}
		if len(q.tokens()) == 0 {
			t.Error("no query")
		}
	})
}
