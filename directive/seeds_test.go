package directive_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"chungtay/account"
	"chungtay/app"
	"chungtay/directive"
	"chungtay/docparse"
	"chungtay/doctext"
	"chungtay/document"
	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/deadline"
	"chungtay/internal/i18n"
	"chungtay/internal/jobs"
	"chungtay/internal/seal"
	"chungtay/internal/world"
	"chungtay/task"
)

// seed is a real paper with what people of an office put right in it, and nothing else: the clerk at entry, the officer in the draft.
type seed struct {
	file  string
	day   string
	at    func(b *bench) world.Office
	own   bool
	enter func(f *document.Facts)
	mend  func(c *directive.Content)
	tasks int // units at work after it was issued
}

var seeds = []seed{
	{file: "seed-000", day: "2026-05-20", at: func(b *bench) world.Office { return b.ThanhHoa.Health }, own: true, tasks: 5,
		mend: func(c *directive.Content) {
			c.Addressees = []string{"Thủ trưởng các phòng, đơn vị trực thuộc Sở"}           // in words that name units
			c.Work[0].Text = strings.Replace(c.Work[0].Text, "739/QĐ-TTg", "793/QĐ-TTg", 1) // a slip of the paper, pointed out
		}},
	{file: "seed-001", day: "2021-06-10", at: func(b *bench) world.Office { return b.SonLa.Labour }, own: true, tasks: 2,
		enter: func(f *document.Facts) {
			f.Subject = "Triển khai Ngày toàn dân phòng, chống mua bán người năm 2021"
		}, // the paper has none
		mend: func(c *directive.Content) {
			c.Recipients[1] = "Giám đốc, PGĐ Sở"
			c.Authority = []string{"KT. GIÁM ĐỐC"}
			c.Signer = "Lường Văn An" // left blank in the paper
		}},
	{file: "seed-002", day: "2022-07-12", at: func(b *bench) world.Office { return b.SonLa.Labour }, own: true, tasks: 20,
		mend: func(c *directive.Content) {
			c.Work[0].Text = "Phối hợp với các cơ quan chức năng, UBND các huyện, thành phố, Trung tâm Bảo trợ xã hội đẩy mạnh các hoạt động truyền thông về phòng, chống mua bán người. " + c.Work[0].Text
			c.Work = append(c.Work, directive.Duty{Who: "Phòng Phòng chống tệ nạn xã hội", Text: "Tham mưu xây dựng Báo cáo kết quả triển khai hoạt động hưởng ứng."})
		}},
	{file: "seed-003", day: "2023-07-14", at: func(b *bench) world.Office { return b.SonLa.Labour }, tasks: 2,
		enter: func(f *document.Facts) { f.Issuer = "Trang thông tin điện tử" },
		mend: func(c *directive.Content) {
			c.Subject += " năm 2023"
			c.Intro = strings.Replace(c.Intro, "PCTNNXH", "PCTNXH", 1) // a slip of the article, pointed out
			c.Aims = []string{"Nâng cao trách nhiệm của các cấp, các ngành và toàn xã hội trong công tác phòng, chống mua bán người và hỗ trợ nạn nhân bị mua bán trở về"}
			c.Addressees = []string{"Ủy ban nhân dân các huyện, thị xã, thành phố"}
			c.Groups = []string{"nạn nhân bị mua bán"}
			c.Report.Due = deadline.New(deadline.Before, civil.MustParse("2023-08-03"))
			c.SignerTitle = "GIÁM ĐỐC"
		}},
	{file: "seed-004", day: "2020-07-10", at: func(b *bench) world.Office { return b.SonLa.Labour }, tasks: 2,
		enter: func(f *document.Facts) {
			f.Issuer, f.Subject = "Báo điện tử", "Sơn La triển khai nhiều hoạt động tuyên truyền phòng, chống mua bán người"
		},
		mend: func(c *directive.Content) { // an article tells what was done; what is to be done is the officer's own
			c.Subject = "triển khai các hoạt động hưởng ứng “Ngày toàn dân phòng, chống mua bán người 30/7” năm 2020"
			c.Addressees = []string{"Ủy ban nhân dân các huyện, thị xã, thành phố"}
			c.Work = []directive.Duty{{Text: "Phối hợp tổ chức truyền thông tại cộng đồng, phổ biến đường dây nóng 111."}, {Text: "Phối hợp xác minh, tiếp nhận và hỗ trợ nạn nhân tái hòa nhập cộng đồng."}}
			c.Report.Due = deadline.New(deadline.Before, civil.MustParse("2020-08-03"))
			c.SignerTitle = "GIÁM ĐỐC"
		}},
}

// work counts what people changed between a proposal and what they left: fields, and characters typed in them. A line of a list and a field of
// a duty is a field of its own.
func typed(before, after reflect.Value) (fields, chars int) {
	if reflect.DeepEqual(before.Interface(), after.Interface()) {
		return 0, 0
	}
	if _, ok := before.Interface().(civil.Date); ok {
		return 1, len("03/8/2023")
	}
	switch before.Kind() {
	case reflect.String:
		a, b := []rune(before.String()), []rune(after.String())
		for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
			a, b = a[1:], b[1:]
		}
		for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
			a, b = a[:len(a)-1], b[:len(b)-1]
		}
		return 1, len(b)
	case reflect.Struct:
		if d, ok := after.Interface().(deadline.Deadline); ok {
			return 1, utf8.RuneCountInString(d.Words)
		}
		for i := range before.NumField() {
			f, c := typed(before.Field(i), after.Field(i))
			fields, chars = fields+f, chars+c
		}
	case reflect.Slice:
		for i := range max(before.Len(), after.Len()) {
			was, is := reflect.Zero(before.Type().Elem()), reflect.Zero(before.Type().Elem())
			if i < before.Len() {
				was = before.Index(i)
			}
			if i < after.Len() {
				is = after.Index(i)
			}
			f, c := typed(was, is)
			fields, chars = fields+f, chars+c
		}
	default:
		return 1, 1
	}
	return fields, chars
}

func filled(v reflect.Value) int {
	n, _ := typed(reflect.Zero(v.Type()), v)
	return n
}

// The five real papers of the specification go in as files, are read, entered, drafted, put right, signed and issued, and units are at work.
// What people had to put right is counted and stands in docs/directives.md.
func TestSeedsBecomeWork(t *testing.T) {
	dir := "../../shared/corpus/docs"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("SKIPPED: the real papers of the specification are not beside the project")
	}
	table, err := os.ReadFile("../docs/directives.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range seeds {
		t.Run(s.file, func(t *testing.T) {
			day, _ := time.Parse("2006-01-02", s.day)
			clock := dbtest.NewClock(day.Add(3 * time.Hour))
			d := dbtest.SQLite(t, app.Migrations(), db.Options{Clock: clock.Now})
			b := newBench(t, d, clock)
			vault, err := seal.Open(t.Context(), d, seal.KeyFile{Path: filepath.Join(t.TempDir(), "key.json")})
			if err != nil {
				t.Fatal(err)
			}
			store, err := blob.Open(t.Context(), d, vault, blob.Options{URL: "folder:" + t.TempDir()})
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			sentences, err := i18n.Load(document.Words, blob.Text)
			if err != nil {
				t.Fatal(err)
			}
			docs := b.d.Documents
			docs.Blobs, docs.Texts, docs.People, docs.Sentences = store, doctext.Options{NoOCR: true}, &account.Accounts{Book: b.Book}, sentences

			paths, _ := filepath.Glob(filepath.Join(dir, s.file+"*"))
			text, err := os.ReadFile(paths[0])
			if err != nil {
				t.Fatal(err)
			}
			ref, err := store.Put(t.Context(), strings.NewReader(string(text)), blob.PutOptions{Name: filepath.Base(paths[0])})
			if err != nil {
				t.Fatal(err)
			}
			o := s.at(b)
			var paper document.Document
			b.must(func(tx *db.Tx) (err error) {
				paper, err = docs.Register(tx, o.Clerk, document.Incoming{Unit: o.ID, Files: []blob.Ref{ref}})
				return err
			})
			kinds, _ := docs.Jobs()
			if err := jobs.RunAll(context.Background(), d, kinds); err != nil {
				t.Fatal(err)
			}
			b.must(func(tx *db.Tx) (err error) { paper, err = docs.Get(tx, o.Clerk, paper.ID); return err })
			facts := paper.Facts
			if s.enter != nil {
				s.enter(&facts)
			}
			fields, chars := typed(reflect.ValueOf(paper.Facts), reflect.ValueOf(facts))
			b.must(func(tx *db.Tx) error {
				_, _, err := docs.Confirm(tx, o.Clerk, paper.ID, paper.Version, facts, document.Entry{}, false)
				return err
			})

			var draft directive.Directive
			b.must(func(tx *db.Tx) (err error) {
				draft, err = b.d.FromDocument(tx, o.Officer, o.ID, paper.ID, s.own)
				return err
			})
			was, is := draft.Content.V, draft.Content.V
			is.Work, is.Recipients = append([]directive.Duty(nil), is.Work...), append([]string(nil), is.Recipients...)
			s.mend(&is)
			n, k := typed(reflect.ValueOf(was), reflect.ValueOf(is))
			fields, chars = fields+n, chars+k
			proposed := filled(reflect.ValueOf(paper.Facts)) + filled(reflect.ValueOf(was))
			b.must(func(tx *db.Tx) (err error) {
				draft, err = b.d.Save(tx, o.Officer, draft.ID, draft.Version, is)
				return err
			})
			b.out(draft.ID, o)
			dbtest.Read(t, d, func(tx *db.Tx) error {
				sum, err := task.OfDirective(tx, []string{draft.ID})
				if sum[draft.ID].Open != s.tasks {
					t.Errorf("%d tasks are open, want %d", sum[draft.ID].Open, s.tasks)
				}
				return err
			})
			if r := docparse.Read(directive.Plain(is.Paper(1, civil.MustParse(s.day))), docparse.Options{}); len(r.Tasks) < len(is.Work)-1 || r.Signer.Value != is.Signer {
				t.Errorf("the paper reads back with %d tasks of %d, signed by %q", len(r.Tasks), len(is.Work), r.Signer.Value)
			}
			words := len(strings.Fields(string(text)))
			minutes := float64(words)/200 + float64(chars)/150 + float64(fields)/4
			row := fmt.Sprintf("| %s | %d | %d | %d | %d | %s |", s.file, words, proposed, fields, chars, strings.Replace(fmt.Sprintf("%.0f", minutes), ".", ",", 1))
			if !strings.Contains(string(table), row) {
				t.Errorf("docs/directives.md lacks the row\n%s", row)
			}
		})
	}
}
