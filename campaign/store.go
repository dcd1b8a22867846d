package campaign

import (
	"strconv"
	"strings"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/viet"
	"chungtay/orgunit"
	"chungtay/policy"
)

func itoa(n int) string      { return strconv.Itoa(n) }
func newID(tx *db.Tx) string { return ids.New(tx.Now) }

func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func number(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

const activityColumns = `a.id, a.unit_id, a.campaign_id, a.task_id, a.kind, a.from_day, a.to_day, a.place, a.title, a.quantity, a.minutes, a.people, a.women, a.minority, a.under16, a.from16, a.adults, a.groups,
	a.central, a.local, a.aid, a.note, a.state, a.version, a.made_by, a.made_at`

func find(tx *db.Tx, id string) (Activity, error) {
	a, ok, err := db.Find[Activity](tx, `SELECT `+activityColumns+` FROM campaign_activity a WHERE a.id = $1`, id)
	if err == nil && !ok {
		err = errs.Absent("activity", id)
	}
	return a, err
}

func insert(tx *db.Tx, a Activity) error {
	_, err := tx.Exec(`INSERT INTO campaign_activity (id, unit_id, campaign_id, task_id, kind, from_day, to_day, place, title, quantity, minutes, people, women, minority, under16, from16, adults, groups, central, local, aid, note, state, search, version, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)`,
		a.ID, a.Unit, null(a.Campaign), null(a.Task), a.Kind, a.From, a.To, a.Place, a.Title, a.Quantity, number(a.Minutes), number(a.People), number(a.Women), number(a.Minority), number(a.Under16), number(a.From16), number(a.Adults), a.Groups,
		a.Central, a.Local, a.Aid, a.Note, a.State, viet.Fold(a.Title+" "+a.Place+" "+a.Note), a.Version, a.MadeBy, a.MadeAt)
	return err
}

func update(tx *db.Tx, a *Activity) error {
	n, err := tx.Exec(`UPDATE campaign_activity SET campaign_id = $1, task_id = $2, kind = $3, from_day = $4, to_day = $5, place = $6, title = $7, quantity = $8, minutes = $9, people = $10, women = $11, minority = $12, under16 = $13, from16 = $14,
		adults = $15, groups = $16, central = $17, local = $18, aid = $19, note = $20, state = $21, search = $22, version = version + 1 WHERE id = $23 AND version = $24`,
		null(a.Campaign), null(a.Task), a.Kind, a.From, a.To, a.Place, a.Title, a.Quantity, number(a.Minutes), number(a.People), number(a.Women), number(a.Minority), number(a.Under16), number(a.From16), number(a.Adults), a.Groups,
		a.Central, a.Local, a.Aid, a.Note, a.State, viet.Fold(a.Title+" "+a.Place+" "+a.Note), a.ID, a.Version)
	if err == nil && n != 1 {
		err = errs.New(errs.Conflict, "campaign.changed_meanwhile")
	}
	a.Version++
	return err
}

func partnersOf(tx *db.Tx, id string) ([]Partner, error) {
	return db.All[Partner](tx, `SELECT activity_id, unit_id, state FROM campaign_partner WHERE activity_id = $1 ORDER BY unit_id`, id)
}

func askPartner(tx *db.Tx, id, unit string) (bool, error) {
	n, err := tx.Exec(`INSERT INTO campaign_partner (activity_id, unit_id, state) VALUES ($1, $2, 'asked') ON CONFLICT DO NOTHING`, id, unit)
	return n == 1, err
}

func answerPartner(tx *db.Tx, id, unit, state, person string) error {
	n, err := tx.Exec(`UPDATE campaign_partner SET state = $1, by_person = $2, at = $3 WHERE activity_id = $4 AND unit_id = $5`, state, person, tx.Now, id, unit)
	if err == nil && n != 1 {
		err = errs.Absent("partner", unit)
	}
	return err
}

func insertPhoto(tx *db.Tx, p Photo, person string) error {
	_, err := tx.Exec(`INSERT INTO campaign_file (id, activity_id, name, type, size, original, person_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, p.ID, p.Activity, p.Name, p.Type, p.Size, p.Original, person, p.At)
	return err
}

const photoColumns = `f.id, f.activity_id, f.name, f.type, f.size, f.original, f.shown, f.at`

func photosOf(tx *db.Tx, activity string) ([]Photo, error) {
	return db.All[Photo](tx, `SELECT `+photoColumns+` FROM campaign_file f WHERE f.activity_id = $1 ORDER BY f.at, f.id`, activity)
}

func findPhoto(tx *db.Tx, id string) (Photo, bool, error) {
	return db.Find[Photo](tx, `SELECT `+photoColumns+` FROM campaign_file f WHERE f.id = $1`, id)
}

func setShown(tx *db.Tx, id, shown string) error {
	return tx.Must1(`UPDATE campaign_file SET shown = $1 WHERE id = $2`, shown, id)
}

// columns: activities are seen by the unit that led them, the units above it, and its partners.
var columns = policy.Columns{Unit: "a.unit_id", Addressed: "EXISTS (SELECT 1 FROM campaign_partner x WHERE x.activity_id = a.id AND x.unit_id IN (%s))"}

// Filter says which activities are shown. Lists, sums, pictures and exports use it, so that they agree.
type Filter struct {
	Kind     string
	Kinds    []string // any of several; with Kind: only that
	Unit     string
	Below    bool // with Unit: and all units below it
	Own      bool // with Unit: and its internal divisions, whose work is its own in its report
	units    []string
	Campaign string
	Words    string
	From, To civil.Date
	Asked    bool // only where a unit of the actor has to confirm that it took part
	Page     int
	Size     int
}

func (c *Campaigns) where(by policy.Actor, f Filter) db.Where {
	var w db.Where
	cond, args := c.Book.Scope(by, Read).SQL(columns)
	w.And(cond, args...)
	w.And(`a.state = 'done'`)
	if f.Kind != "" {
		w.And(`a.kind = ?`, f.Kind)
	}
	if f.Kind == "" && len(f.Kinds) > 0 {
		w.And(`a.kind IN (`+strings.TrimSuffix(strings.Repeat("?, ", len(f.Kinds)), ", ")+`)`, anys(f.Kinds)...)
	}
	if f.Unit != "" {
		if f.Own && len(f.units) > 0 {
			w.And(`a.unit_id IN (`+strings.TrimSuffix(strings.Repeat("?, ", len(f.units)), ", ")+`)`, anys(f.units)...)
		} else if f.Below {
			w.And(`a.unit_id = ? OR a.unit_id IN (`+policy.UnitsBelow+`)`, f.Unit, f.Unit)
		} else {
			w.And(`a.unit_id = ?`, f.Unit)
		}
	}
	if f.Campaign != "" {
		w.And(`a.campaign_id = ?`, f.Campaign)
	}
	if !f.From.IsZero() {
		w.And(`a.from_day >= ?`, f.From)
	}
	if !f.To.IsZero() {
		w.And(`a.from_day <= ?`, f.To)
	}
	if f.Asked {
		cond, args := c.Book.Scope(by, Log).SQL(policy.Columns{Unit: "p.unit_id"})
		w.And(`EXISTS (SELECT 1 FROM campaign_partner p WHERE p.activity_id = a.id AND p.state = 'asked' AND (`+cond+`))`, args...)
	}
	for _, word := range strings.Fields(viet.Fold(f.Words)) {
		w.And(`a.search LIKE ? ESCAPE '\'`, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word)+"%")
	}
	return w
}

// List returns activities, the newest first, with the count of all.
func (c *Campaigns) List(tx *db.Tx, by policy.Actor, f Filter) ([]Activity, int, error) {
	w := c.where(by, f)
	total, err := db.One[int](tx, `SELECT COUNT(*) FROM campaign_activity a`+w.SQL(), w.Args()...)
	if err != nil || total == 0 {
		return nil, 0, err
	}
	tail := ` ORDER BY a.from_day DESC, a.made_at DESC, a.id`
	if f.Size > 0 {
		tail += ` LIMIT ` + w.Arg(f.Size) + ` OFFSET ` + w.Arg((max(f.Page, 1)-1)*f.Size)
	}
	rows, err := db.All[Activity](tx, `SELECT `+activityColumns+` FROM campaign_activity a`+w.SQL()+tail, w.Args()...)
	return rows, total, err
}

// Sum is what the activities of one kind come to, each count in its own unit. Counted says of how many people were counted.
type Sum struct {
	Kind     string `db:"kind"`
	Times    int64  `db:"times"` // activities
	Quantity int64  `db:"quantity"`
	Minutes  int64  `db:"minutes"`
	People   int64  `db:"people"`
	Women    int64  `db:"women"`
	Minority int64  `db:"minority"`
	Counted  int64  `db:"counted"`
	Cost     int64  `db:"cost"` // of all sources
	Central  int64  `db:"central"`
	Local    int64  `db:"local"`
	Aid      int64  `db:"aid"`
}

const sumColumns = `COUNT(*) AS times, COALESCE(SUM(a.quantity), 0) AS quantity, COALESCE(SUM(a.minutes), 0) AS minutes, COALESCE(SUM(a.people), 0) AS people, COALESCE(SUM(a.women), 0) AS women,
	COALESCE(SUM(a.minority), 0) AS minority, COUNT(a.people) AS counted, COALESCE(SUM(a.central + a.local + a.aid), 0) AS cost,
	COALESCE(SUM(a.central), 0) AS central, COALESCE(SUM(a.local), 0) AS local, COALESCE(SUM(a.aid), 0) AS aid`

// Axis is what activities are added up by, beside their kind.
type Axis string

// The axes.
const (
	Whole  Axis = "''"
	ByUnit Axis = "a.unit_id"
	ByDay  Axis = "a.from_day" // an activity of several days counts on its first
)

// Cell is a Sum at one place of an axis: a unit, a day.
type Cell struct {
	Key string `db:"axis"`
	Sum
}

// Cube adds activities up by an axis and by kind. It is the one query behind every view and export, so that all say the same. A joint
// activity is one record of its lead unit and counts once, whoever looks.
func (c *Campaigns) Cube(tx *db.Tx, by policy.Actor, f Filter, axis Axis) ([]Cell, error) {
	w := c.where(by, f)
	return db.All[Cell](tx, `SELECT `+string(axis)+` AS axis, a.kind, `+sumColumns+` FROM campaign_activity a`+w.SQL()+` GROUP BY 1, a.kind ORDER BY 1, a.kind`, w.Args()...)
}

// Sums adds activities up by kind.
func (c *Campaigns) Sums(tx *db.Tx, by policy.Actor, f Filter) ([]Sum, error) {
	cells, err := c.Cube(tx, by, f, Whole)
	out := make([]Sum, len(cells))
	for i, x := range cells {
		out[i] = x.Sum
	}
	return out, err
}

// Pictured is a photo with the activity it shows.
type Pictured struct {
	Photo
	Kind  string     `db:"kind"`
	Unit  string     `db:"unit_id"`
	From  civil.Date `db:"from_day"`
	To    civil.Date `db:"to_day"`
	Title string     `db:"activity_title"`
	Place string     `db:"place"`
}

// Pictures lists the photos of the activities of a filter, those of the newest activities first, with the count of all. Only photos of which
// there is a copy without place and device are in it.
func (c *Campaigns) Pictures(tx *db.Tx, by policy.Actor, f Filter) ([]Pictured, int, error) {
	w := c.where(by, f)
	w.And(`f.shown IS NOT NULL`)
	const from = ` FROM campaign_activity a JOIN campaign_file f ON f.activity_id = a.id`
	total, err := db.One[int](tx, `SELECT COUNT(*)`+from+w.SQL(), w.Args()...)
	if err != nil || total == 0 {
		return nil, 0, err
	}
	tail := ` ORDER BY a.from_day DESC, a.made_at DESC, a.id, f.at, f.id`
	if f.Size > 0 {
		tail += ` LIMIT ` + w.Arg(f.Size) + ` OFFSET ` + w.Arg((max(f.Page, 1)-1)*f.Size)
	}
	rows, err := db.All[Pictured](tx, `SELECT `+photoColumns+`, a.kind, a.unit_id, a.from_day, a.to_day, a.title AS activity_title, a.place`+from+w.SQL()+tail, w.Args()...)
	return rows, total, err
}

// ownUnits are a unit and its internal divisions: whose activities are the unit's own in its report; units below report themselves.
func ownUnits(tx *db.Tx, unit string, day civil.Date) ([]string, error) {
	out := []string{unit}
	list, err := orgunit.Divisions(tx, unit, day)
	return append(out, list...), err
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, x := range list {
		out[i] = x
	}
	return out
}

// inPeriod lists the activities that a unit led itself in a period, for its report.
func inPeriod(tx *db.Tx, units []string, kinds []string, from, to civil.Date) ([]Activity, error) {
	var w db.Where
	w.And(`a.unit_id IN (`+strings.TrimSuffix(strings.Repeat("?, ", len(units)), ", ")+`)`, anys(units)...)
	w.And(`a.state = 'done'`)
	if len(kinds) > 0 {
		args := make([]any, len(kinds))
		for i, k := range kinds {
			args[i] = k
		}
		w.And(`a.kind IN (`+strings.TrimSuffix(strings.Repeat("?, ", len(kinds)), ", ")+`)`, args...)
	}
	if !from.IsZero() {
		w.And(`a.from_day >= ?`, from)
	}
	if !to.IsZero() {
		w.And(`a.from_day <= ?`, to)
	}
	return db.All[Activity](tx, `SELECT `+activityColumns+` FROM campaign_activity a`+w.SQL()+` ORDER BY a.from_day, a.id`, w.Args()...)
}

const campaignColumns = `c.id, c.unit_id, c.title, c.year, c.theme, c.theme_verified, c.theme_source, c.from_day, c.to_day, c.groups, c.channels, c.directives, c.state, c.version, c.made_by, c.made_at`

func insertCampaign(tx *db.Tx, x Campaign) error {
	_, err := tx.Exec(`INSERT INTO campaign (id, unit_id, title, year, theme, theme_verified, theme_source, from_day, to_day, groups, channels, directives, state, version, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		x.ID, x.Unit, x.Title, x.Year, x.Theme, x.ThemeVerified, x.ThemeSource, x.From, x.To, x.Groups, x.Channels, x.Directives, x.State, x.Version, x.MadeBy, x.MadeAt)
	return err
}

// updateCampaign saves a campaign over the version it was read in.
func updateCampaign(tx *db.Tx, x Campaign) error {
	n, err := tx.Exec(`UPDATE campaign SET title = $1, year = $2, theme = $3, theme_verified = $4, theme_source = $5, from_day = $6, to_day = $7, groups = $8, channels = $9, directives = $10, version = version + 1 WHERE id = $11 AND version = $12`,
		x.Title, x.Year, x.Theme, x.ThemeVerified, x.ThemeSource, x.From, x.To, x.Groups, x.Channels, x.Directives, x.ID, x.Version)
	if err == nil && n != 1 {
		err = errs.New(errs.Conflict, "campaign.campaign_meanwhile")
	}
	return err
}

// campaignsFor lists campaigns of a unit and of the units above it, the newest first.
func campaignsFor(tx *db.Tx, units []string) ([]Campaign, error) {
	if len(units) == 0 {
		return nil, nil
	}
	args := make([]any, len(units))
	for i, u := range units {
		args[i] = u
	}
	return db.All[Campaign](tx, `SELECT `+campaignColumns+` FROM campaign c WHERE c.unit_id IN `+db.In(1, len(units))+` ORDER BY c.year DESC, c.made_at DESC`, args...)
}

func findCampaign(tx *db.Tx, id string) (Campaign, error) {
	x, ok, err := db.Find[Campaign](tx, `SELECT `+campaignColumns+` FROM campaign c WHERE c.id = $1`, id)
	if err == nil && !ok {
		err = errs.Absent("campaign", id)
	}
	return x, err
}

func insertPlanned(tx *db.Tx, p Planned, person string) error {
	_, err := tx.Exec(`INSERT INTO campaign_plan (id, campaign_id, unit_id, kind, quantity, note, central, local, aid, by_person, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		p.ID, p.Campaign, p.Unit, p.Kind, p.Quantity, p.Note, p.Central, p.Local, p.Aid, person, tx.Now)
	return err
}

func plannedOf(tx *db.Tx, campaign, unit string) ([]Planned, error) {
	return db.All[Planned](tx, `SELECT id, campaign_id, unit_id, kind, quantity, note, central, local, aid FROM campaign_plan WHERE campaign_id = $1 AND unit_id = $2 ORDER BY kind, id`, campaign, unit)
}

func deletePlanned(tx *db.Tx, id string) error {
	return tx.Must1(`DELETE FROM campaign_plan WHERE id = $1`, id)
}

const sloganColumns = `id, year, text, state, source, unit_id, at`

// Slogans lists the slogans of a year, or of all with 0.
func Slogans(tx *db.Tx, year int) ([]Slogan, error) {
	if year == 0 {
		return db.All[Slogan](tx, `SELECT `+sloganColumns+` FROM campaign_slogan ORDER BY year DESC, text`)
	}
	return db.All[Slogan](tx, `SELECT `+sloganColumns+` FROM campaign_slogan WHERE year = $1 AND state = 'approved' ORDER BY text`, year)
}

func insertSlogan(tx *db.Tx, s Slogan, person string) error {
	_, err := tx.Exec(`INSERT INTO campaign_slogan (id, year, text, fold, state, source, unit_id, by_person, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, s.ID, s.Year, s.Text, sloganKey(s.Text), s.State, s.Source, null(s.Unit), person, tx.Now)
	return err
}

func findSlogan(tx *db.Tx, id string) (Slogan, error) {
	s, ok, err := db.Find[Slogan](tx, `SELECT `+sloganColumns+` FROM campaign_slogan WHERE id = $1`, id)
	if err == nil && !ok {
		err = errs.Absent("slogan", id)
	}
	return s, err
}

func setSloganState(tx *db.Tx, id, state string) error {
	return tx.Must1(`UPDATE campaign_slogan SET state = $1 WHERE id = $2`, state, id)
}

// Hotlines lists the numbers that answer on a day; with the zero day all.
func Hotlines(tx *db.Tx, day civil.Date) ([]Hotline, error) {
	const q = `SELECT id, number, shown, name, area_id, from_day, to_day, successor, verified, source FROM campaign_hotline`
	if day.IsZero() {
		return db.All[Hotline](tx, q+` ORDER BY number`)
	}
	return db.All[Hotline](tx, q+` WHERE (from_day IS NULL OR from_day <= $1) AND (to_day IS NULL OR to_day >= $2) ORDER BY number`, day, day)
}

// HotlinesIn lists the numbers that answered at some time between two days.
func HotlinesIn(tx *db.Tx, from, to civil.Date) ([]Hotline, error) {
	return db.All[Hotline](tx, `SELECT id, number, shown, name, area_id, from_day, to_day, successor, verified, source FROM campaign_hotline
		WHERE (from_day IS NULL OR from_day <= $1) AND (to_day IS NULL OR to_day >= $2) ORDER BY from_day, number`, to, from)
}

func insertHotline(tx *db.Tx, h Hotline) error {
	_, err := tx.Exec(`INSERT INTO campaign_hotline (id, number, shown, name, area_id, from_day, to_day, successor, verified, source) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		h.ID, h.Number, h.Shown, h.Name, null(h.Area), h.From, h.To, h.Successor, h.Verified, h.Source)
	return err
}

func countSlogans(tx *db.Tx) (int, error) {
	return db.One[int](tx, `SELECT COUNT(*) FROM campaign_slogan`)
}
