package policy_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/policy"
)

var tables = []db.Migrations{{Room: "try", FS: fstest.MapFS{"20260101_1_t.sql": {Data: []byte(`
CREATE TABLE orgunit_closure (ancestor_id TEXT NOT NULL, unit_id TEXT NOT NULL, PRIMARY KEY (ancestor_id, unit_id));
CREATE TABLE paper (id TEXT PRIMARY KEY, unit_id TEXT NOT NULL, person_id TEXT NOT NULL);
CREATE TABLE paper_to (paper_id TEXT NOT NULL, unit_id TEXT NOT NULL, assigned BIGINT NOT NULL, PRIMARY KEY (paper_id, unit_id, assigned));
`)}}}}

var columns = policy.Columns{
	ID: "p.id", Unit: "p.unit_id", Person: "p.person_id",
	Addressed: "EXISTS (SELECT 1 FROM paper_to x WHERE x.paper_id = p.id AND x.assigned = 0 AND x.unit_id IN (%s))",
	Assigned:  "EXISTS (SELECT 1 FROM paper_to x WHERE x.paper_id = p.id AND x.assigned = 1 AND x.unit_id IN (%s))",
}

// A list must be exactly the filter of single decisions, over random trees, records and grants, on both databases.
func TestListIsTheFilterOfSingleDecisions(t *testing.T) {
	dbtest.Each(t, tables, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(rt *rapid.T) {
			n := rapid.IntRange(1, 12).Draw(rt, "units")
			parent := make([]int, n)
			for i := 1; i < n; i++ {
				parent[i] = rapid.IntRange(0, i-1).Draw(rt, "parent")
			}
			above := func(i int) (out []string) {
				for i != 0 {
					i = parent[i]
					out = append(out, unit(i))
				}
				return out
			}
			var records []policy.Record
			for range rapid.IntRange(0, 12).Draw(rt, "records") {
				u := rapid.IntRange(0, n-1).Draw(rt, "owner")
				r := policy.Record{ID: fmt.Sprintf("p%02d", len(records)), Unit: unit(u), Above: above(u), Persons: []string{rapid.SampledFrom([]string{"an", "binh"}).Draw(rt, "person")}}
				for range rapid.IntRange(0, 3).Draw(rt, "to") {
					a := rapid.IntRange(0, n-1).Draw(rt, "addressee")
					r.Addressed = append(r.Addressed, unit(a))
					r.AddressedAbove = append(r.AddressedAbove, above(a)...)
				}
				for range rapid.IntRange(0, 2).Draw(rt, "by") {
					r.Assigned = append(r.Assigned, rapid.SampledFrom([]string{"an", unit(rapid.IntRange(0, n-1).Draw(rt, "assignee"))}).Draw(rt, "assigned"))
				}
				records = append(records, r)
			}
			actor := policy.Actor{Person: "an"}
			reach := map[string]policy.Reach{}
			for i := range rapid.IntRange(0, 3).Draw(rt, "grants") {
				role := fmt.Sprint("role", i)
				reach[role] = policy.Reach(rapid.IntRange(0, 127).Draw(rt, "reach"))
				actor.Grants = append(actor.Grants, policy.Grant{Role: role, Unit: unit(rapid.IntRange(0, n-1).Draw(rt, "at")),
					Below: rapid.Bool().Draw(rt, "below"), Permissions: []policy.Permission{"paper.read"}})
			}
			for range rapid.IntRange(0, 2).Draw(rt, "openings") {
				actor.Openings = append(actor.Openings, policy.Opening{Record: fmt.Sprintf("p%02d", rapid.IntRange(0, 12).Draw(rt, "opened")), Emergency: rapid.Bool().Draw(rt, "emergency"),
					Permission: rapid.SampledFrom([]policy.Permission{"paper.read", "paper.write"}).Draw(rt, "for")})
			}
			scope := policy.ScopeOf(actor, "paper.read", func(role string, _ policy.Permission) (policy.Reach, bool) { r, ok := reach[role]; return r, ok })
			var want, got []string
			err := d.Write(context.Background(), func(tx *db.Tx) error {
				for _, q := range []string{`DELETE FROM orgunit_closure`, `DELETE FROM paper`, `DELETE FROM paper_to`} {
					if _, err := tx.Exec(q); err != nil {
						return err
					}
				}
				for i := range n {
					for _, a := range above(i) {
						if _, err := tx.Exec(`INSERT INTO orgunit_closure (ancestor_id, unit_id) VALUES ($1, $2)`, a, unit(i)); err != nil {
							return err
						}
					}
				}
				want = nil
				for i, r := range records {
					id := fmt.Sprintf("p%02d", i)
					if scope.Allows(r) {
						want = append(want, id)
					}
					if _, err := tx.Exec(`INSERT INTO paper (id, unit_id, person_id) VALUES ($1, $2, $3)`, id, r.Unit, r.Persons[0]); err != nil {
						return err
					}
					for k, list := range [][]string{r.Addressed, r.Assigned} {
						for _, u := range list {
							if _, err := tx.Exec(`INSERT INTO paper_to (paper_id, unit_id, assigned) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, id, u, k); err != nil {
								return err
							}
						}
					}
				}
				var w db.Where
				cond, args := scope.SQL(columns)
				w.And(cond, args...)
				var err error
				if got, err = db.All[string](tx, `SELECT p.id FROM paper p`+w.SQL()+` ORDER BY p.id`, w.Args()...); err != nil {
					return err
				}
				var beside db.Where // the condition holds together when it stands beside another
				beside.And("1 = 0 AND "+cond, args...)
				n, err := db.One[int](tx, `SELECT COUNT(*) FROM paper p`+beside.SQL(), beside.Args()...)
				if n != 0 {
					return fmt.Errorf("%s falls apart beside another condition", cond)
				}
				return err
			})
			if err != nil {
				rt.Fatal(err)
			}
			if !slices.Equal(got, want) {
				cond, _ := scope.SQL(columns)
				rt.Fatalf("list %v, single decisions %v; grants %+v reach %v; %s", got, want, actor.Grants, reach, cond)
			}
		})
	})
}

func unit(i int) string { return "u" + strings.Repeat("x", i) }

func TestNobodySeesNothingAndTheSystemSeesAll(t *testing.T) {
	none := func(string, policy.Permission) (policy.Reach, bool) { return 0, false }
	s := policy.ScopeOf(policy.Actor{}, "paper.read", none)
	if cond, _ := s.SQL(columns); cond != "1 = 0" || s.Allows(policy.Record{Unit: ""}) || !s.Empty() {
		t.Error("the public sees something")
	}
	if !policy.ScopeOf(policy.System("job"), "paper.read", none).Allows(policy.Record{}) {
		t.Error("a job does not see")
	}
	if (policy.Actor{}).Holds(policy.SignedIn) || !(policy.Actor{}).Holds(policy.Public) || (policy.Actor{Person: "an"}).Holds("paper.read") {
		t.Error("Holds")
	}
}
