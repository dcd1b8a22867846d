package account

import (
	"slices"
	"testing"

	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/ui"
	"chungtay/policy"
)

// The list of people stands in the order asked for, those of one name in a fixed order; an unknown order is the usual one, and pages of
// one person go through the same list.
func TestPeopleStandInTheOrderAskedFor(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		var twins []string
		dbtest.Write(t, o.DB, func(tx *db.Tx) error {
			for _, n := range []NewPerson{{Name: "Lò Văn Đức", Login: "a-so"}, {Name: "Lò Văn Dũng", Login: "d-so"}, {Name: "Quàng Thị Ánh", Login: "c-so"}, {Name: "Quàng Thị Ánh", Login: "b-so"}} {
				p, err := o.Invite(tx, policy.System("admin"), n)
				if err != nil {
					return err
				}
				if n.Name == "Quàng Thị Ánh" {
					twins = append(twins, p.ID, p.Login)
				}
			}
			return nil
		})
		first, second := twins[1], twins[3]
		if twins[2] < twins[0] {
			first, second = second, first
		}
		usual := []string{first, second, "d-so", "a-so"}
		for sort, want := range map[string][]string{"": usual, "-name": {"a-so", "d-so", first, second}, "login": {"a-so", "b-so", "c-so", "d-so"}, "-login": {"d-so", "c-so", "b-so", "a-so"},
			"password": usual, "id; DROP TABLE person": usual} {
			for _, size := range []int{50, 1} {
				var got []string
				dbtest.Read(t, o.DB, func(tx *db.Tx) error {
					for page := 1; page <= 4; page++ {
						list, _, err := listPeople(tx, o.Book.Scope(policy.System("admin"), Manage), peopleFilter{Sort: sort}, page, size)
						if err != nil {
							return err
						}
						for _, p := range list {
							got = append(got, p.Login)
						}
					}
					return nil
				})
				if !slices.Equal(got, want) {
					t.Errorf("sort %q in pages of %d: %v, want %v", sort, size, got, want)
				}
			}
		}
	})
}

// A head keeps the filter, begins at the first page, and turns the order it stands in.
func TestHeadsSortAndKeepTheFilter(t *testing.T) {
	for _, c := range []struct{ at, sort, sorted string }{
		{"", "/people?q=lan&sort=login", ""}, {"login", "/people?q=lan&sort=-login", "ascending"}, {"-login", "/people?q=lan&sort=login", "descending"}} {
		f := peopleFilter{Words: "lan", Sort: c.at}
		if got := f.sortable(ui.Column{}, "login", "-login"); got.Sort != c.sort || got.Sorted != c.sorted {
			t.Errorf("in order %q the head leads to %q and says %q", c.at, got.Sort, got.Sorted)
		}
	}
	if (peopleFilter{Sort: "login"}).active() {
		t.Error("an order counts as a filter")
	}
}
