package directive_test

import (
	"testing"

	"chungtay/directive"
	"chungtay/docrender"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
)

// The head of a unit's papers: who stands above it, its abbreviation, and where it sits: its own area, the nearest one above, Hà Nội for the
// bodies of the centre, which have none.
func TestOfficeOfAUnit(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		th := b.ThanhHoa
		for _, c := range []struct{ unit, place, abbr, superior string }{
			{th.HacThanh.Committee.ID, "Hạc Thành", "UBND", ""}, {th.Health.ID, "Thanh Hóa", "SYT", "ỦY BAN NHÂN DÂN TỈNH THANH HÓA"}, {th.Committee.ID, "Thanh Hóa", "UBND", ""}, {b.Bureau.ID, "Hà Nội", "CBTXH", "BỘ Y TẾ"},
		} {
			var o docrender.Office
			dbtest.Read(t, b.DB, func(tx *db.Tx) (err error) { o, err = directive.Office(tx, c.unit); return err })
			superior := ""
			if len(o.Superior) > 0 {
				superior = o.Superior[0]
			}
			if o.Place != c.place || o.Abbr != c.abbr || superior != c.superior {
				t.Errorf("%s: place %q, abbreviation %q, superior %q, want %+v", o.Name, o.Place, o.Abbr, superior, c)
			}
		}
	})
}
