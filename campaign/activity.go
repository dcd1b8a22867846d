package campaign

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"chungtay/audit"
	"chungtay/formdef"
	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/jobs"
	"chungtay/internal/viet"
	"chungtay/notify"
	"chungtay/orgunit"
	"chungtay/policy"
)

func above(tx *db.Tx, unit string) ([]string, error) {
	up, err := orgunit.Above(tx, unit)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	return up, err
}

func (c *Campaigns) mayFor(tx *db.Tx, by policy.Actor, p policy.Permission, unit string) error {
	up, err := above(tx, unit)
	if err != nil {
		return err
	}
	if !c.Book.Scope(by, p).Allows(policy.Record{Unit: unit, Above: up}) {
		return errMay
	}
	return nil
}

// may returns an activity on which the actor holds a permission; what may not be read is absent.
func (c *Campaigns) may(tx *db.Tx, by policy.Actor, p policy.Permission, id string) (Activity, error) {
	a, err := find(tx, id)
	if err != nil {
		return a, err
	}
	r := policy.Record{Unit: a.Unit}
	if r.Above, err = above(tx, a.Unit); err != nil {
		return a, err
	}
	partners, err := partnersOf(tx, id)
	if err != nil {
		return a, err
	}
	for _, x := range partners {
		r.Addressed = append(r.Addressed, x.Unit)
		up, err := above(tx, x.Unit)
		if err != nil {
			return a, err
		}
		r.AddressedAbove = append(append(r.AddressedAbove, up...), x.Unit)
	}
	if !c.Book.Scope(by, Read).Allows(r) {
		return Activity{}, errs.Absent("activity", id)
	}
	if p != Read && !c.Book.Scope(by, p).Allows(r) {
		return Activity{}, errMay
	}
	return a, nil
}

// Get returns an activity the actor may read.
func (c *Campaigns) Get(tx *db.Tx, by policy.Actor, id string) (Activity, error) {
	return c.may(tx, by, Read, id)
}

// check refuses what cannot have been, at the field.
func (a *Activity) check(today civil.Date) error {
	line := func(s string) string { return strings.Join(strings.Fields(viet.NFC(s)), " ") }
	a.Place, a.Title, a.Note = line(a.Place), line(a.Title), strings.TrimSpace(viet.NFC(a.Note))
	k, ok := KindOf(a.Kind)
	if a.To.IsZero() {
		a.To = a.From
	}
	switch {
	case !ok:
		return errs.AtField("kind", "campaign.need_kind")
	case a.From.IsZero():
		return errs.AtField("from", "campaign.need_day")
	case a.From.After(today):
		return errs.AtField("from", "campaign.day_ahead")
	case a.To.Before(a.From):
		return errs.AtField("to", "campaign.to_before_from")
	case a.To.Sub(a.From) > maxSpan:
		return errs.AtField("to", "campaign.span", maxSpan)
	case a.Place == "":
		return errs.AtField("place", "campaign.need_place")
	case utf8.RuneCountInString(a.Place) > maxLine:
		return errs.AtField("place", "campaign.too_long", maxLine)
	case utf8.RuneCountInString(a.Title) > maxLine:
		return errs.AtField("title", "campaign.too_long", maxLine)
	case utf8.RuneCountInString(a.Note) > maxNote:
		return errs.AtField("note", "campaign.too_long", maxNote)
	case a.Quantity < 1:
		return errs.AtField("quantity", "campaign.need_quantity")
	case a.Minutes != nil && !k.Min:
		a.Minutes = nil
	}
	for name, n := range map[string]*int64{"minutes": a.Minutes, "people": a.People, "women": a.Women, "minority": a.Minority, "under16": a.Under16, "from16": a.From16, "adults": a.Adults} {
		if n != nil && (*n < 0 || *n > maxCount) {
			return errs.AtField(name, "campaign.count", maxCount)
		}
	}
	// Parts of the people are not more than all of them; the ages, where all are said, make up all.
	for _, part := range []struct {
		name string
		n    *int64
	}{{"women", a.Women}, {"minority", a.Minority}, {"under16", a.Under16}, {"from16", a.From16}, {"adults", a.Adults}} {
		if part.n == nil {
			continue
		}
		if a.People == nil {
			return errs.AtField("people", "campaign.need_people")
		}
		if *part.n > *a.People {
			return errs.AtField(part.name, "campaign.part_more", *a.People)
		}
	}
	if a.Under16 != nil && a.From16 != nil && a.Adults != nil && *a.Under16+*a.From16+*a.Adults != *a.People {
		return errs.AtField("adults", "campaign.ages", *a.Under16+*a.From16+*a.Adults, *a.People)
	}
	for g, n := range a.Groups.V {
		if !slices.Contains(Groups, g) || n < 0 || n > maxCount {
			return errs.AtField("groups", "campaign.count", maxCount)
		}
	}
	for name, n := range map[string]int64{"central": a.Central, "local": a.Local, "aid": a.Aid} {
		if n < 0 || n > maxMoney {
			return errs.AtField(name, "campaign.money")
		}
	}
	return nil
}

// Add logs an activity of a unit. Partners are asked to confirm that they took part.
func (c *Campaigns) Add(tx *db.Tx, by policy.Actor, a Activity, partners []string) (Activity, error) {
	if err := c.mayFor(tx, by, Log, a.Unit); err != nil {
		return a, err
	}
	if err := a.check(civil.Of(tx.Now)); err != nil {
		return a, err
	}
	if a.Task != "" && c.Task != nil {
		if _, err := c.Task(tx, by, a.Task); err != nil {
			return a, errs.AtField("task", "campaign.no_task")
		}
	}
	if a.Campaign == "" {
		up, err := above(tx, a.Unit)
		if err != nil {
			return a, err
		}
		list, err := campaignsFor(tx, append([]string{a.Unit}, up...))
		if err != nil {
			return a, err
		}
		for _, x := range list {
			if x.State == "open" && !a.From.Before(x.From) && !a.From.After(x.To) {
				a.Campaign = x.ID
				break
			}
		}
	}
	a.ID, a.State, a.Version, a.MadeBy, a.MadeAt = newID(tx), "done", 1, by.Person, tx.Now
	if err := insert(tx, a); err != nil {
		return a, err
	}
	if err := c.ask(tx, a, partners); err != nil {
		return a, err
	}
	return a, audit.Log(tx, by, audit.By(Log, a.Unit), audit.Deed{Action: "campaign.log", Kind: "activity", ID: a.ID, Change: audit.Diff(nil, a)})
}

func (c *Campaigns) ask(tx *db.Tx, a Activity, partners []string) error {
	lead, err := orgunit.Present(tx, a.Unit)
	if err != nil {
		return err
	}
	for _, p := range partners {
		if p == a.Unit {
			continue
		}
		first, err := askPartner(tx, a.ID, p)
		if err != nil {
			return err
		}
		if first {
			if err := notify.Send(tx, notify.Notice{Unit: p, Needs: Log, Kind: "campaign.partner", Key: "campaign.notice.partner", Args: []any{lead.Name}, Path: "/activities/" + a.ID}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Change mends a logged activity; a stale version is a Conflict.
func (c *Campaigns) Change(tx *db.Tx, by policy.Actor, a Activity, partners []string) error {
	was, err := c.may(tx, by, Log, a.ID)
	if err != nil {
		return err
	}
	if a.Version != was.Version {
		return errs.New(errs.Conflict, "campaign.changed_meanwhile")
	}
	a.Unit, a.State, a.MadeBy, a.MadeAt = was.Unit, was.State, was.MadeBy, was.MadeAt
	if a.Campaign == "" {
		a.Campaign = was.Campaign
	}
	if err := a.check(civil.Of(tx.Now)); err != nil {
		return err
	}
	if err := update(tx, &a); err != nil {
		return err
	}
	if err := c.ask(tx, a, partners); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Log, a.Unit), audit.Deed{Action: "campaign.change", Kind: "activity", ID: a.ID, Change: audit.Diff(was, a)})
}

// Drop takes an activity out of every list and sum; the record stays.
func (c *Campaigns) Drop(tx *db.Tx, by policy.Actor, id string) error {
	a, err := c.may(tx, by, Log, id)
	if err != nil {
		return err
	}
	a.State = "dropped"
	if err := update(tx, &a); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Log, a.Unit), audit.Deed{Action: "campaign.drop", Kind: "activity", ID: id})
}

// Confirm says for a partner whether it took part.
func (c *Campaigns) Confirm(tx *db.Tx, by policy.Actor, id, unit string, took bool) error {
	if _, err := c.may(tx, by, Read, id); err != nil {
		return err
	}
	if err := c.mayFor(tx, by, Log, unit); err != nil {
		return err
	}
	state := "declined"
	if took {
		state = "confirmed"
	}
	if err := answerPartner(tx, id, unit, state, by.Person); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Log, unit), audit.Deed{Action: "campaign." + state, Kind: "activity", ID: id, Change: audit.Change{"unit": {"", unit}}})
}

// Attach adds photos and files.
func (c *Campaigns) Attach(tx *db.Tx, by policy.Actor, id string, files []blob.Ref) error {
	a, err := c.may(tx, by, Log, id)
	if err != nil {
		return err
	}
	have, err := photosOf(tx, id)
	if err != nil {
		return err
	}
	if len(have)+len(files) > maxFiles {
		return errs.AtField("files", "campaign.many_files", maxFiles)
	}
	for _, f := range files {
		if err := c.Blobs.Use(tx, f, "activity", id); err != nil {
			return err
		}
		p := Photo{ID: newID(tx), Activity: id, Name: f.Name, Type: string(f.Type), Size: f.Size, Original: f.ID, At: tx.Now}
		if err := insertPhoto(tx, p, by.Person); err != nil {
			return err
		}
		if strings.HasPrefix(p.Type, "image/") {
			if _, err := jobs.Enqueue(tx, "campaign.photo", photoJob{p.ID}); err != nil {
				return err
			}
		}
	}
	return audit.Log(tx, by, audit.By(Log, a.Unit), audit.Deed{Action: "campaign.attach", Kind: "activity", ID: id, Change: audit.Change{"files": {itoa(len(have)), itoa(len(have) + len(files))}}})
}

type photoJob struct {
	Photo string `json:"photo"`
}

// Jobs of this room.
func (c *Campaigns) Jobs() []jobs.Kind {
	return []jobs.Kind{{Name: "campaign.photo", Queue: "photo", Run: c.photo}}
}

const photoSide = 1600

// photo makes the copy of a photo that is shown, without place and device.
func (c *Campaigns) photo(ctx context.Context, j *jobs.Job) error {
	var o photoJob
	if err := j.Decode(&o); err != nil {
		return err
	}
	var p Photo
	var ok bool
	if err := j.DB.Read(ctx, func(tx *db.Tx) (err error) { p, ok, err = findPhoto(tx, o.Photo); return err }); err != nil {
		return err
	}
	if !ok || p.Shown != "" {
		return j.Finish(ctx, nil)
	}
	copied, err := c.Blobs.Photo(ctx, blob.Ref{ID: p.Original, Type: blob.Type(p.Type), Size: p.Size, Name: p.Name}, photoSide)
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.TooLarge) {
		return j.Finish(ctx, nil)
	}
	if err != nil {
		return err
	}
	return j.Finish(ctx, func(tx *db.Tx) error {
		if err := c.Blobs.Use(tx, copied, "activity", p.Activity); err != nil {
			return err
		}
		return setShown(tx, p.ID, copied.ID)
	})
}

// Figure gives a report what a unit's own activities come to: quantity, minutes, people, women, minority, cost; where= kind, group, budget.
// What was not counted at any activity is not said at all.
func Figure(tx *db.Tx, unit string, from, to civil.Date, s formdef.Source) (v formdef.Value, n int, ok bool, err error) {
	units, err := ownUnits(tx, unit, civil.Of(tx.Now))
	if err != nil {
		return v, 0, false, err
	}
	list, err := inPeriod(tx, units, s.Where["kind"], from, to)
	if err != nil || len(list) == 0 {
		return v, 0, false, err
	}
	var sum int64
	said := false
	add := func(x *int64) {
		if x != nil {
			sum, said = sum+*x, true
			n++
		}
	}
	for i := range list {
		a := &list[i]
		switch s.Measure {
		case "quantity":
			add(&a.Quantity)
		case "minutes":
			add(a.Minutes)
		case "people":
			if groups := s.Where["group"]; len(groups) > 0 {
				for _, g := range groups {
					if x, ok := a.Groups.V[g]; ok {
						add(&x)
					}
				}
				continue
			}
			add(a.People)
		case "women":
			add(a.Women)
		case "minority":
			add(a.Minority)
		case "cost": // in đồng
			for _, b := range s.Where["budget"] {
				x := map[string]int64{"trung_uong": a.Central, "dia_phuong": a.Local, "vien_tro": a.Aid}[b]
				if x > 0 {
					add(&x)
				}
			}
		default:
			return v, 0, false, nil
		}
	}
	if !said {
		return v, 0, false, nil
	}
	return formdef.IntValue(sum), n, true, nil
}

// Told puts together what a unit did in a period, as a draft for the words of its report: kinds with their counts, the places of the larger
// activities.
func Told(tx *db.Tx, unit string, from, to civil.Date, word func(kind string, quantity int64) string) (string, error) {
	units, err := ownUnits(tx, unit, civil.Of(tx.Now))
	if err != nil {
		return "", err
	}
	list, err := inPeriod(tx, units, nil, from, to)
	if err != nil || len(list) == 0 {
		return "", err
	}
	total := map[string]int64{}
	var people int64
	places := map[string]bool{}
	for _, a := range list {
		total[a.Kind] += a.Quantity
		if a.People != nil {
			people += *a.People
		}
		places[a.Place] = true
	}
	var parts []string
	for _, k := range Kinds {
		if total[k.Code] > 0 {
			parts = append(parts, lowerFirst(word(k.Code, total[k.Code])))
		}
	}
	s := "Đơn vị đã tổ chức " + strings.Join(parts, "; ")
	if people > 0 {
		s += fmt.Sprintf(", với %s lượt người tham gia", formdef.Int(people).In("vi"))
	}
	var names []string
	for p := range places {
		names = append(names, p)
	}
	sort.Slice(names, func(i, j int) bool { return viet.Compare(names[i], names[j]) < 0 })
	if len(names) > 0 {
		s += ". Địa điểm: " + strings.Join(names[:min(len(names), 8)], ", ")
		if len(names) > 8 {
			s += fmt.Sprintf(" và %d nơi khác", len(names)-8)
		}
	}
	return s + ".", nil
}

// ForTask is an activity as evidence of a task, for the page of the task.
type ForTask struct {
	ID, Text string
}
