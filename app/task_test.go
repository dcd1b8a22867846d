package app

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/deadline"
	"chungtay/task"
)

// What is late is one number wherever it is told: in the list, its bar and its workbook, in the table of units and its workbook, on the home page.
// Work handed in after its deadline is told apart from work that still has to come. All former deadlines of a task stand on its page.
func TestLateWorkIsOneNumberEverywhere(t *testing.T) {
	dbtest.Each(t, Migrations(), func(t *testing.T, d *db.DB) {
		s := newScene(t, d)
		srv, err := s.Server()
		if err != nil {
			t.Fatal(err)
		}
		srv.Door = s
		h := srv.Handler()
		get := func(path string) *httptest.ResponseRecorder {
			t.Helper()
			r := httptest.NewRequest("GET", path, nil)
			r.Header.Set("X-Role", "leader")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != 200 {
				t.Fatalf("%s: %d %.300s", path, w.Code, pageText(w))
			}
			return w
		}
		var ids []string
		commune := s.ThanhHoa.HacThanh.Committee.ID
		dbtest.Write(t, d, func(tx *db.Tx) error {
			if _, err := tx.Exec(`DELETE FROM task_party`); err != nil {
				return err
			}
			for _, q := range []string{`DELETE FROM task_note`, `DELETE FROM task_evidence`, `DELETE FROM task_extension`, `DELETE FROM task`} {
				if _, err := tx.Exec(q); err != nil {
					return err
				}
			}
			today := civil.Of(tx.Now)
			for _, x := range []struct {
				due   int
				units []string
			}{{-3, []string{commune, s.ThanhHoa.ThoXuan.Committee.ID, s.ThanhHoa.Police.ID}}, {5, []string{commune}}} {
				made, err := s.Tasks.Assign(tx, s.Role["leader"], task.New{Issuer: s.Here.ID, Text: fmt.Sprintf("Việc thứ %d", x.due), Due: deadline.New(deadline.Until, today.AddDays(x.due)), Units: x.units})
				if err != nil {
					return err
				}
				ids = append(ids, made...)
			}
			_, err := tx.Exec(`UPDATE task SET state = 'submitted', submitted_at = $1 WHERE id = $2`, tx.Now, ids[0])
			return err
		})
		links := func(page string) []string {
			var out []string
			for _, m := range regexp.MustCompile(`href="/tasks/(\w{26})"`).FindAllStringSubmatch(page, -1) {
				if !slices.Contains(out, m[1]) {
					out = append(out, m[1])
				}
			}
			slices.Sort(out)
			return out
		}
		late, handed := slices.Sorted(slices.Values(ids[1:3])), ids[:1]
		if got := links(get("/tasks?state=late").Body.String()); !slices.Equal(got, late) {
			t.Errorf("late in the list: %q, want %q", got, late)
		}
		if got := links(get("/tasks?state=handed_late").Body.String()); !slices.Equal(got, handed) {
			t.Errorf("handed in late: %q, want %q", got, handed)
		}
		if text := pageText(get("/tasks")); !strings.Contains(text, "Quá hạn 2") {
			t.Errorf("the bar of the list: %.600s", text)
		}
		if got := links(get("/").Body.String()); !slices.Contains(got, late[0]) || !slices.Contains(got, late[1]) {
			t.Errorf("on the home page: %q, want %q", got, late)
		}
		if got := strings.Count(pageText(get("/")), "đang làm"); got != 2 {
			t.Errorf("the home page waits for %d", got)
		}
		sheet := func(path string) [][]string {
			t.Helper()
			book, err := excelize.OpenReader(get(path).Body)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := book.GetRows(book.GetSheetName(0))
			if err != nil {
				t.Fatal(err)
			}
			return rows
		}
		told := map[string]int{}
		for _, r := range sheet("/tasks.xlsx") {
			if len(r) > 0 {
				told[r[len(r)-1]]++
			}
		}
		if told["Quá hạn"] != 2+1 || told["Nộp muộn"] != 1 { // one is the head of the column
			t.Errorf("the workbook of tasks: %v", told)
		}
		foot := []string{"4", "3", "0", "1", "0", "0", "0", "2", "1"} // all, open, doing, handed in, returned, done, cancelled, late, handed in late
		for path, want := range map[string][]string{"/tasks/units.xlsx": foot, "/tasks/units.xlsx?level=commune": {"3", "2", "0", "1", "0", "0", "0", "1", "1"}} {
			rows := sheet(path)
			if last := rows[len(rows)-1]; !slices.Equal(last[2:], want) {
				t.Errorf("%s: %q, want %q", path, last, want)
			}
		}
		page := pageText(get("/tasks/units"))
		if i := strings.LastIndex(page, "Cộng"); i < 0 || !strings.HasPrefix(strings.TrimSpace(page[i+len("Cộng"):]), "4 3 0 1 0 0 2 1") {
			t.Errorf("the sum of the table of units: %.900s", page)
		}

		// Two extensions: both former deadlines are on the page.
		var words []string
		dbtest.Write(t, d, func(tx *db.Tx) error {
			for _, days := range []int{10, 20} {
				at, err := s.Tasks.Get(tx, s.Role["leader"], ids[1])
				if err != nil {
					return err
				}
				words = append(words, at.DueWords)
				if err := s.Tasks.AskMore(tx, s.ThanhHoa.ThoXuan.Committee.Officer, ids[1], deadline.New(deadline.Until, civil.Of(tx.Now).AddDays(days)), "mưa lũ"); err != nil {
					return err
				}
				list, err := task.Extensions(tx, ids[1])
				if err != nil {
					return err
				}
				for _, e := range list {
					if e.State == "asked" {
						err = s.Tasks.Decide(tx, s.Role["leader"], ids[1], e.ID, true, "")
					}
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		text := pageText(get("/tasks/" + ids[1]))
		for _, w := range words {
			if !strings.Contains(text, "Hạn trước khi gia hạn "+w) {
				t.Errorf("the former deadline %q is not on the page: %.900s", w, text)
			}
		}
	})
}

// What somebody was still writing when a draft was submitted is not lost: the form comes back with it and says why it was not saved.
func TestWrittenWhileSubmitted(t *testing.T) {
	s := newScene(t, dbtest.SQLite(t, Migrations(), db.Options{}))
	srv, err := s.Server()
	if err != nil {
		t.Fatal(err)
	}
	srv.Door = s
	h := srv.Handler()
	ask := func(method, path string, v url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(v.Encode()))
		r.Header.Set("X-Role", "officer")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	draft := "/directives/" + s.known["draft"]["own"]
	f := form(ask("GET", draft+"/edit", nil).Body.String())
	f.Set("intro", "Đoạn đang viết dở")
	dbtest.Write(t, s.Installation.DB, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directive SET state = 'submitted' WHERE id = $1`, s.known["draft"]["own"])
		return err
	})
	if w := ask("POST", draft+"/edit", f); w.Code != 409 || !strings.Contains(w.Body.String(), "Đoạn đang viết dở") || !strings.Contains(w.Body.String(), "Chờ ký") {
		t.Errorf("%d %.900s", w.Code, pageText(w))
	}
}
