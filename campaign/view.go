package campaign

import (
	"slices"
	"strings"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/viet"
	"chungtay/orgunit"
	"chungtay/policy"
)

// Total is what activities come to over all kinds. Quantities are not in it: buổi, lượt, phút, chiếc are never added.
type Total struct {
	Times, Units, People, Counted, Cost int64
}

// TotalOf adds cells of an axis up; those by unit say how many units there were.
func TotalOf(cells []Cell) Total {
	var t Total
	keys := map[string]bool{}
	for _, x := range cells {
		t.Times, t.People, t.Counted, t.Cost = t.Times+x.Times, t.People+x.People, t.Counted+x.Counted, t.Cost+x.Cost
		keys[x.Key] = true
	}
	t.Units = int64(len(keys))
	return t
}

// rank orders kinds as the log offers them.
func rank(kind string) int {
	return slices.IndexFunc(Kinds, func(k Kind) bool { return k.Code == kind })
}

func sortSums(list []Sum) {
	slices.SortStableFunc(list, func(a, b Sum) int { return rank(a.Kind) - rank(b.Kind) })
}

func (s Sum) plus(o Sum) Sum {
	return Sum{Kind: s.Kind, Times: s.Times + o.Times, Quantity: s.Quantity + o.Quantity, Minutes: s.Minutes + o.Minutes, People: s.People + o.People, Women: s.Women + o.Women,
		Minority: s.Minority + o.Minority, Counted: s.Counted + o.Counted, Cost: s.Cost + o.Cost,
		Central: s.Central + o.Central, Local: s.Local + o.Local, Aid: s.Aid + o.Aid}
}

// Place is where activities were: a province of the present map, or the bodies of the centre (Code "").
type Place struct {
	Code, Name string
	Sums       []Sum
}

// of is what a place comes to by a measure: times, people, cost, or the quantity of the one kind that is looked at.
func of(sums []Sum, measure string) (n int64, said bool) {
	for _, s := range sums {
		switch measure {
		case "people":
			n, said = n+s.People, said || s.Counted > 0
		case "cost":
			n, said = n+s.Cost, true
		case "quantity":
			n, said = n+s.Quantity, true
		default:
			n, said = n+s.Times, true
		}
	}
	return n, said
}

// Places gathers cells by unit into the provinces in which the units lie today.
func Places(tx *db.Tx, cells []Cell) ([]Place, error) {
	var units []string
	for _, x := range cells {
		units = append(units, x.Key)
	}
	where, err := orgunit.ProvincesOf(tx, units)
	if err != nil {
		return nil, err
	}
	by := map[string]*Place{}
	sums := map[[2]string]Sum{}
	for _, x := range cells {
		a := where[x.Key]
		if by[a.Code] == nil {
			by[a.Code] = &Place{Code: a.Code, Name: a.Bare()}
		}
		k := [2]string{a.Code, x.Kind}
		s := sums[k]
		s.Kind = x.Kind
		sums[k] = s.plus(x.Sum)
	}
	for k, s := range sums {
		by[k[0]].Sums = append(by[k[0]].Sums, s)
	}
	var out []Place
	for _, p := range by {
		sortSums(p.Sums)
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Place) int {
		if (a.Code == "") != (b.Code == "") { // the centre last
			return strings.Compare(b.Code, a.Code)
		}
		return viet.Compare(a.Name, b.Name)
	})
	return out, nil
}

// bucket is a stretch of time with its sums.
type bucket struct {
	Key  string
	Sums []Sum
}

// buckets gathers cells by day into months, or leaves days.
func buckets(cells []Cell, month bool) []bucket {
	var out []bucket
	for _, x := range cells { // in order of days
		key := x.Key
		if month && len(key) >= 7 {
			key = key[:7]
		}
		if len(out) == 0 || out[len(out)-1].Key != key {
			out = append(out, bucket{Key: key})
		}
		b := &out[len(out)-1]
		if i := slices.IndexFunc(b.Sums, func(s Sum) bool { return s.Kind == x.Kind }); i >= 0 {
			b.Sums[i] = b.Sums[i].plus(x.Sum)
		} else {
			b.Sums = append(b.Sums, x.Sum)
		}
	}
	for _, b := range out {
		sortSums(b.Sums)
	}
	return out
}

// lastMonth is the month of the newest activity of a filter, or the present one.
func (c *Campaigns) lastMonth(tx *db.Tx, by policy.Actor, f Filter) (civil.Date, error) {
	f.Page, f.Size = 1, 1
	rows, _, err := c.List(tx, by, f)
	d := civil.Of(tx.Now)
	if len(rows) > 0 {
		d = rows[0].From
	}
	d.Day = 1
	return d, err
}
