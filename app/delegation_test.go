package app

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"chungtay/audit"
	"chungtay/directive"
	"chungtay/document"
	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/deadline"
	"chungtay/policy"
	"chungtay/report"
	"chungtay/task"
)

// ofOneself are the deeds people do on their own account, by whatever role: they are in nobody's place.
var ofOneself = []string{"account.sign_out", "account.delegated", "account.role_taken", "account.session_ended", "account.codes_on", "account.codes_off", "account.password_changed",
	"account.passkey_added", "account.passkey_dropped", "account.recovery_made", "account.identity_linked", "account.identity_unlinked", "account.sign_in_refused", "task.feed_close"}

// filledIn says, in the words of app/access/ROOM.txt, how a deed is done of which the table there only knocks at the door. HERE stands for the
// unit in which all roles are held, OFFICER for who stands in, + for a space.
const filledIn = `
POST /activities/new               unit=HERE kind=noi_chuyen from=1/7/2026 quantity=1 place=x
POST /activities/{id}/edit         id=activity unit=HERE kind=noi_chuyen from=20/7/2021 quantity=2 place=x version=1
POST /activities/{id}/confirm      id=activity unit=HERE took=1
POST /campaigns                    unit=HERE title=x from=1/7/2026 to=15/8/2026
POST /campaigns/{id}/edit         id=campaign version=1 title=x from=1/7/2026 to=15/8/2026
POST /directives/new               way=blank kind=ke_hoach unit=HERE
POST /directives/{id}/receive      id=directive unit=HERE
POST /directives/{id}/readers      id=directive unit=HERE people=OFFICER
POST /directives/{id}/cascade      id=directive unit=HERE
POST /directives/{id}/sign         id=draft_sent
POST /directives/{id}/return       id=draft_sent reason=x
POST /directives/{id}/take-back    id=draft_sent
POST /directives/{id}/issue        id=draft_signed
POST /documents/{id}/take          id=passed
POST /documents/{id}/follow        id=passed progress=done version=3
POST /documents/{id}/pass          id=passed version=3 handler=person:OFFICER
POST /documents/{id}/return        id=arrived version=1 reason=x
POST /documents/{id}/enter         id=arrived version=1 arrived_on=1/7/2026 kind=cong_van symbol=5/UBND issuer=UBND+tỉnh issued_on=1/7/2026 subject=x
POST /documents/{id}/edit          id=document version=1 copies=2
POST /forms/new                    unit=HERE title=x code=mau_moi
POST /people/new                   name=Lò+Văn+Mới login=lo.van.moi
POST /people/{id}/role             id=person role=clerk unit_id=HERE unit=x from=1/7/2026
POST /registers/begin              book=in year=2026 start=last last=50 reason=x
POST /reports/{id}/verdict         id=report_sent verdict=approve version=1 number=1
POST /reports/{id}/unlock          id=report_approved reason=x
POST /requests/new                 unit=HERE title=x bound=until due=20/12/2030 units=Công+an+tỉnh confirmed=Công+an+tỉnh
POST /requests/{id}/freeze         id=report_approved.request
POST /schedules                    unit=HERE title=x every=quarter days=10 units=Công+an+tỉnh
POST /slogans                      text=Chung+tay+phòng+ngừa+mua+bán+người+ở+mọi+bản year=2026
POST /tasks/new                    issuer=HERE text=x bound=until due=20/12/2030 units=Công+an+tỉnh confirmed=Công+an+tỉnh
POST /tasks/{id}/delegate          id=task text=x bound=until due=1/12/2030 units=Công+an+tỉnh confirmed=Công+an+tỉnh
POST /tasks/{id}/accept            id=task_sent verdict=accept
POST /tasks/{id}/submit            id=task_begun result=x
POST /tasks/{id}/evidence/{file}/drop id=task_begun file=task_begun.file
POST /tasks/{id}/more/{extension}  id=task_begun extension=task_begun.more verdict=grant
POST /unit-groups                  phrase=UBND+các+xã name=x
POST /unit-groups/{id}/drop        id=unit_group
POST /units/{id}/abolish           id=unit on=1/3/2027 version=1 basis=x
POST /units/{id}/change            id=unit version=1 name=Đơn+vị+mới kind=khac level=province on=1/3/2027 basis=x
POST /units/{id}/takeover          id=unit_gone to=unit_gone.heir
`

// instead reads filledIn over the table of how routes are asked.
func (s *scene) instead(table map[string]asking) {
	real := strings.NewReplacer("HERE", s.Here.ID, "OFFICER", s.Here.Officer.Person, "+", " ")
	for _, line := range strings.Split(strings.TrimSpace(filledIn), "\n") {
		words := strings.Fields(line)
		a, ok := table[words[0]+" "+words[1]]
		if !ok {
			s.t.Errorf("there is no route %s %s", words[0], words[1])
		}
		a.form = url.Values{}
		for _, w := range words[2:] {
			name, value, _ := strings.Cut(w, "=")
			if strings.Contains(a.route, "{"+name+"}") {
				a.path[name] = value
			} else {
				a.form.Add(name, real.Replace(value))
			}
		}
		table[a.route] = a
	}
}

// underWay makes records in the middle of their work, all of Here or addressed to it.
func (s *scene) underWay() {
	by := policy.System("delegation")
	due := deadline.New(deadline.Until, civil.MustParse("2030-12-20"))
	known := func(kind, relation, id string) {
		if s.known[kind] == nil {
			s.known[kind] = map[string]string{}
		}
		s.known[kind][relation] = id
	}
	dbtest.Write(s.t, s.Installation.DB, func(tx *db.Tx) error {
		begin := func(kind, relation, issuer, unit string, sent bool) error {
			made, err := s.Tasks.Assign(tx, by, task.New{Issuer: issuer, Text: "việc", Units: []string{unit}, Due: due})
			if err != nil {
				return err
			}
			known(kind, relation, made[0])
			ref, err := s.Blobs.PutIn(tx, strings.NewReader("kết quả"), blob.PutOptions{Name: "ket qua.txt"})
			if err != nil {
				return err
			}
			if err := s.Tasks.Attach(tx, by, made[0], []blob.Ref{ref}); err != nil {
				return err
			}
			if sent {
				return s.Tasks.Submit(tx, by, made[0], 0, "xong")
			}
			id, err := firstOf(tx, `SELECT id FROM task_evidence WHERE task_id = $1`, made[0])
			if err != nil {
				return err
			}
			known(kind, relation+".file", id)
			if err := s.Tasks.AskMore(tx, by, made[0], deadline.New(deadline.Until, civil.MustParse("2031-01-20")), "chưa kịp"); err != nil {
				return err
			}
			id, err = firstOf(tx, `SELECT id FROM task_extension WHERE task_id = $1`, made[0])
			known(kind, relation+".more", id)
			return err
		}
		far := s.Elsewhere.ID
		if err := errors.Join(begin("task_sent", "own", s.Here.ID, far, true), begin("task_begun", "own", s.Here.ID, far, false), begin("task_begun", "addressed", far, s.Here.ID, false)); err != nil {
			return err
		}
		for _, kind := range []string{"report_sent", "report_approved"} {
			a, err := s.Reports.Ask(tx, by, report.New{Unit: s.Here.ID, Title: "báo cáo", Units: []string{far}, Due: due})
			if err != nil {
				return err
			}
			rows, _, err := s.Reports.List(tx, by, report.Filter{Request: a.ID, Size: 1})
			if err != nil {
				return err
			}
			known(kind, "own", rows[0].ID)
			known(kind, "own.request", a.ID)
			if _, err := s.Reports.Start(tx, by, rows[0].ID); err != nil {
				return err
			}
			if _, err := s.Reports.Nothing(tx, by, rows[0].ID, 0); err != nil {
				return err
			}
			if kind == "report_approved" {
				if err := s.Reports.Approve(tx, by, rows[0].ID, 1); err != nil {
					return err
				}
			}
		}
		for _, kind := range []string{"draft_sent", "draft_signed"} {
			paper := paperOf(s.Here, "Công an tỉnh")
			paper.Authority, paper.Signer = []string{"TUQ. GIÁM ĐỐC"}, s.Here.Officer.Name // as who stands in signs
			d, err := s.Directives.Start(tx, by, s.Here.ID, paper, directive.Directive{})
			if err != nil {
				return err
			}
			known(kind, "own", d.ID)
			if err := s.Directives.Submit(tx, by, d.ID, 0, ""); err != nil {
				return err
			}
			if kind == "draft_signed" {
				if err := s.Directives.Sign(tx, by, d.ID, 0); err != nil {
					return err
				}
			}
		}
		d, err := s.Documents.Issue(tx, by, document.Outgoing{Unit: far, Tail: "CV", Text: "Nội dung", Facts: document.Facts{Kind: "cong_van", Subject: "Công văn"}})
		if err != nil {
			return err
		}
		known("passed", "addressed", d.ID)
		if _, err := s.Documents.Deliver(tx, by, d.ID, []string{s.Here.ID}, document.ToAct); err != nil {
			return err
		}
		x, err := s.Documents.Enter(tx, by, d.ID, s.Here.ID, document.Entry{})
		if err != nil {
			return err
		}
		_, err = s.Documents.PassOn(tx, by, d.ID, s.Here.ID, x.Version, document.Passing{Kind: "person", Handler: s.Here.Officer.Person})
		return err
	})
}

func firstOf(tx *db.Tx, query, arg string) (string, error) { return db.One[string](tx, query, arg) }

// Whoever stands in for somebody (ủy quyền) is noted down as doing so, whatever they do: every route that writes is asked by a person who
// holds each role in an office of another province in their own right, and in Here in the place of its holder. What they do to the records
// within the reach of Here must be logged in Here and with whose role it was. The deeds that were logged, and the routes that were asked
// without one, stand in app/access/delegation.golden.
func TestDelegationIsShownWhereverItWasUsed(t *testing.T) {
	dbtest.Each(t, Migrations(), func(t *testing.T, d *db.DB) {
		table := readAccess(t)
		s := newScene(t, d)
		s.underWay()
		s.instead(table)
		srv, err := s.Server()
		if err != nil {
			t.Fatal(err)
		}
		srv.Door = s
		plain := srv.Handler()
		status := 0
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			x := &statusWriter{ResponseWriter: w}
			plain.ServeHTTP(x, r)
			status = x.code
		})
		home := s.World.SonLa.Police
		s.Instead = map[string]policy.Actor{}
		var entries []audit.Entry
		d.Rehearse(func(tx *db.Tx) {
			list, err := db.All[audit.Entry](tx, `SELECT id, at, action, person_id, person_name, unit_id, delegated_by, purpose, record_kind, record_id, change, ref
				FROM audit_entry WHERE person_id = $1 ORDER BY id`, s.Here.Officer.Person)
			if err != nil {
				t.Error(err)
			}
			entries = append(entries, list...)
		})
		defer d.Rehearse(nil)
		deeds := map[string]map[string]bool{}
		asked, logged := 0, 0
		for _, r := range srv.Routes {
			a, ok := table[r.Pattern]
			if !ok || strings.HasPrefix(r.Pattern, "GET ") || strings.HasPrefix(r.Pattern, "HEAD ") || strings.HasPrefix(r.Pattern, "OPTIONS ") || r.Needs == policy.Public {
				continue
			}
			deeds[r.Pattern] = map[string]bool{}
			for _, role := range s.Installation.Book.Roles() {
				holder := s.Role[role]
				own, lent := holder.Grants[0], holder.Grants[0]
				own.Unit, lent.DelegatedBy = home.ID, holder.Person
				by := policy.Actor{Person: s.Here.Officer.Person, Name: s.Here.Officer.Name, Unit: home.ID, UnitName: home.Name, Session: "x", SecondFactor: true, Grants: []policy.Grant{own, lent}}
				rels := []string{""}
				if k := a.kind(); k != "" {
					rels = s.of(k, role)
				}
				if k := a.kind(); k == "" || s.known[k]["any"] != "" {
					by.Unit, by.UnitName = s.Here.ID, s.Here.Name // what belongs to no unit, or to none yet, is done in the unit worked for
				}
				if !by.Holds(r.Needs) {
					continue
				}
				s.Instead[role] = by
				for _, rel := range rels {
					entries = nil
					s.ask(h, a, r.Needs, rel, role)
					asked++
					switch {
					case len(entries) == 0 && status < 400:
						deeds[r.Pattern]["done without an entry"] = true
					case len(entries) == 0 && status == 422:
						deeds[r.Pattern]["refused as filled in here"] = true
					}
					for _, e := range entries {
						logged++
						deeds[r.Pattern][e.Action] = true
						if e.DelegatedBy == "" && slices.Contains(ofOneself, e.Action) {
							continue
						}
						if e.DelegatedBy != holder.Person || e.UnitID != s.Here.ID {
							t.Errorf("%s by %s for %s: %s is noted in %s for %q, want in %s for %s", r.Pattern, role, rel, e.Action, e.UnitID, e.DelegatedBy, s.Here.ID, holder.Person)
						}
					}
				}
			}
		}
		t.Logf("%d routes that write, %d requests, %d entries of the log", len(deeds), asked, logged)
		var b bytes.Buffer
		b.WriteString("# What is logged of those who stand in: written by go test ./app -run Delegation -update, reviewed line by line.\n\n")
		for _, route := range slices.Sorted(maps.Keys(deeds)) {
			done := strings.Join(slices.Sorted(maps.Keys(deeds[route])), ", ")
			if done == "" {
				done = "not to be done as asked here"
			}
			fmt.Fprintf(&b, "%s: %s\n", route, done)
		}
		compare(t, "access/delegation.golden", b.String())
	})
}

type statusWriter struct {
	http.ResponseWriter
	code int
}

func (w *statusWriter) WriteHeader(code int) {
	w.code = code
	w.ResponseWriter.WriteHeader(code)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
