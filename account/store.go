package account

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ui"
	"chungtay/internal/viet"
	"chungtay/policy"
)

const personColumns = `id, name, name_fold, name_sort, login, email, phone, title, state, password, password_at, created_at, unit_id, version`

func personByID(tx *db.Tx, id string) (Person, error) {
	return db.One[Person](tx, `SELECT `+personColumns+` FROM person WHERE id = $1`, id)
}

func findPersonByLogin(tx *db.Tx, login string) (Person, bool, error) {
	return db.Find[Person](tx, `SELECT `+personColumns+` FROM person WHERE login = $1`, login)
}

func insertPerson(tx *db.Tx, p Person) error {
	_, err := tx.Exec(`INSERT INTO person (`+personColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		p.ID, p.Name, p.NameFold, p.NameSort, p.Login, p.Email, p.Phone, p.Title, p.State, p.Password, p.PasswordAt, p.CreatedAt, p.UnitID, p.Version)
	if db.IsUnique(err) {
		return errs.AtField("login", "account.login_taken")
	}
	return err
}

// savePerson writes a person back; somebody else's save in between is a Conflict.
func savePerson(tx *db.Tx, p Person) error {
	n, err := tx.Exec(`UPDATE person SET name = $1, name_fold = $2, name_sort = $3, login = $4, email = $5, phone = $6, title = $7, state = $8, password = $9,
		password_at = $10, version = version + 1 WHERE id = $11 AND version = $12`,
		p.Name, p.NameFold, p.NameSort, p.Login, p.Email, p.Phone, p.Title, p.State, p.Password, p.PasswordAt, p.ID, p.Version)
	if err == nil && n != 1 {
		return errs.New(errs.Conflict, "account.changed_meanwhile")
	}
	return err
}

const holdingColumns = `id, person_id, role, unit_id, below, from_day, to_day, of_holding, reason, granted_by, granted_at, ended_at, ended_by`

func listHoldings(tx *db.Tx, person string) ([]Holding, error) {
	return db.All[Holding](tx, `SELECT `+holdingColumns+` FROM holding WHERE person_id = $1 ORDER BY granted_at, id`, person)
}

// holdStill keeps the roles of a person, and those they are lent from, as they are until a write transaction ends: a role cannot be taken
// away between the decision and the commit.
func holdStill(tx *db.Tx, person string) error {
	if tx.Hold() == "" {
		return nil
	}
	_, err := db.All[string](tx, `SELECT id FROM holding WHERE person_id = $1 OR id IN (SELECT of_holding FROM holding WHERE person_id = $1) ORDER BY id `+tx.Hold(), person)
	return err
}

func findHolding(tx *db.Tx, id string) (Holding, bool, error) {
	return db.Find[Holding](tx, `SELECT `+holdingColumns+` FROM holding WHERE id = $1`, id)
}

func insertHolding(tx *db.Tx, h Holding) error {
	_, err := tx.Exec(`INSERT INTO holding (id, person_id, role, unit_id, below, from_day, to_day, of_holding, reason, granted_by, granted_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, NULLIF($8, ''), $9, $10, $11)`,
		h.ID, h.PersonID, h.Role, h.UnitID, h.Below, h.FromDay, h.ToDay, h.Of, h.Reason, h.GrantedBy, h.GrantedAt)
	return err
}

func endHolding(tx *db.Tx, id, by string) error {
	return tx.Must1(`UPDATE holding SET ended_at = $1, ended_by = $2 WHERE id = $3 AND ended_at IS NULL`, tx.Now, by, id)
}

// countAdministrators counts people other than one who hold the administrator role today without end and can sign in.
func countPeople(tx *db.Tx) (int, error) { return db.One[int](tx, `SELECT COUNT(*) FROM person`) }

func countAdministrators(tx *db.Tx, except string) (int, error) {
	return db.One[int](tx, `SELECT COUNT(DISTINCT h.person_id) FROM holding h JOIN person p ON p.id = h.person_id
		WHERE h.role = $1 AND h.person_id <> $2 AND h.ended_at IS NULL AND h.to_day IS NULL AND h.from_day <= $3 AND h.of_holding IS NULL AND p.state = 'active'`,
		Administrator, except, civil.Of(tx.Now))
}

const sessionColumns = `id, person_id, unit_id, opened_at, seen_at, second_factor, confirmed_at, address, device, ended_at, ended_why`

func findSession(tx *db.Tx, id string) (session, bool, error) {
	return db.Find[session](tx, `SELECT `+sessionColumns+` FROM session WHERE id = $1`, id)
}

func listSessions(tx *db.Tx, person string) ([]session, error) {
	return db.All[session](tx, `SELECT `+sessionColumns+` FROM session WHERE person_id = $1 AND ended_at IS NULL ORDER BY seen_at DESC`, person)
}

func insertSession(tx *db.Tx, s session) error {
	_, err := tx.Exec(`INSERT INTO session (id, person_id, unit_id, opened_at, seen_at, second_factor, confirmed_at, address, device)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		s.ID, s.PersonID, s.UnitID, s.OpenedAt, s.SeenAt, s.SecondFactor, s.ConfirmedAt, s.Address, s.Device)
	return err
}

func touchSession(tx *db.Tx, id string) error {
	_, err := tx.Exec(`UPDATE session SET seen_at = $1 WHERE id = $2 AND ended_at IS NULL`, tx.Now, id)
	return err
}

func setSessionUnit(tx *db.Tx, id, unit string) error {
	return tx.Must1(`UPDATE session SET unit_id = $1 WHERE id = $2 AND ended_at IS NULL`, unit, id)
}

func markStrong(tx *db.Tx, id string) error {
	_, err := tx.Exec(`UPDATE session SET second_factor = 1, confirmed_at = $1 WHERE id = $2`, tx.Now, id)
	return err
}

func endSession(tx *db.Tx, id, why string) error {
	_, err := tx.Exec(`UPDATE session SET ended_at = $1, ended_why = $2 WHERE id = $3 AND ended_at IS NULL`, tx.Now, why, id)
	return err
}

func endSessions(tx *db.Tx, person, except, why string) error {
	_, err := tx.Exec(`UPDATE session SET ended_at = $1, ended_why = $2 WHERE person_id = $3 AND id <> $4 AND ended_at IS NULL`, tx.Now, why, person, except)
	return err
}

// PruneSessions forgets sessions that ended or fell silent more than 90 days ago; a job of the timetable calls it.
func PruneSessions(tx *db.Tx) error {
	_, err := tx.Exec(`DELETE FROM session WHERE seen_at < $1`, tx.Now.Add(-90*24*time.Hour))
	return err
}

type throttle struct {
	ID          string    `db:"id"`
	Failures    int       `db:"failures"`
	Since       time.Time `db:"since"`
	LockedUntil time.Time `db:"locked_until"`
}

func findThrottle(tx *db.Tx, id string) (throttle, bool, error) {
	return db.Find[throttle](tx, `SELECT id, failures, since, locked_until FROM throttle WHERE id = $1`, id)
}

func saveThrottle(tx *db.Tx, t throttle) error {
	_, err := tx.Exec(`INSERT INTO throttle (id, failures, since, locked_until) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET failures = excluded.failures, since = excluded.since, locked_until = excluded.locked_until`,
		t.ID, t.Failures, t.Since, t.LockedUntil)
	return err
}

func clearThrottle(tx *db.Tx, id string) error {
	_, err := tx.Exec(`DELETE FROM throttle WHERE id = $1`, id)
	return err
}

type totpRow struct {
	PersonID    string    `db:"person_id"`
	Secret      []byte    `db:"secret"`
	ConfirmedAt time.Time `db:"confirmed_at"`
	LastStep    int64     `db:"last_step"`
}

func findTOTP(tx *db.Tx, person string) (totpRow, bool, error) {
	return db.Find[totpRow](tx, `SELECT person_id, secret, confirmed_at, last_step FROM totp WHERE person_id = $1`, person)
}

func saveTOTP(tx *db.Tx, t totpRow) error {
	_, err := tx.Exec(`INSERT INTO totp (person_id, secret, confirmed_at, last_step) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person_id) DO UPDATE SET secret = excluded.secret, confirmed_at = excluded.confirmed_at, last_step = excluded.last_step`,
		t.PersonID, t.Secret, t.ConfirmedAt, t.LastStep)
	return err
}

func deleteTOTP(tx *db.Tx, person string) error {
	_, err := tx.Exec(`DELETE FROM totp WHERE person_id = $1`, person)
	return err
}

// hasFactor tells whether a person has set up a second factor.
func hasFactor(tx *db.Tx, person string) (bool, error) {
	n, err := db.One[int](tx, `SELECT (SELECT COUNT(*) FROM totp WHERE person_id = $1 AND confirmed_at IS NOT NULL) + (SELECT COUNT(*) FROM passkey WHERE person_id = $2)`, person, person)
	return n > 0, err
}

func insertRecoveryCode(tx *db.Tx, person, hash string) error {
	_, err := tx.Exec(`INSERT INTO recovery_code (person_id, hash) VALUES ($1, $2)`, person, hash)
	return err
}

func useRecoveryCode(tx *db.Tx, person, hash string) (bool, error) {
	n, err := tx.Exec(`UPDATE recovery_code SET used_at = $1 WHERE person_id = $2 AND hash = $3 AND used_at IS NULL`, tx.Now, person, hash)
	return n == 1, err
}

func deleteRecoveryCodes(tx *db.Tx, person string) error {
	_, err := tx.Exec(`DELETE FROM recovery_code WHERE person_id = $1`, person)
	return err
}

type link struct {
	ID        string    `db:"id"`
	Kind      string    `db:"kind"`
	PersonID  string    `db:"person_id"`
	MadeBy    string    `db:"made_by"`
	MadeAt    time.Time `db:"made_at"`
	ExpiresAt time.Time `db:"expires_at"`
	UsedAt    time.Time `db:"used_at"`
}

func findLink(tx *db.Tx, id string) (link, bool, error) {
	return db.Find[link](tx, `SELECT id, kind, person_id, made_by, made_at, expires_at, used_at FROM link WHERE id = $1`, id)
}

func insertLink(tx *db.Tx, l link) error {
	_, err := tx.Exec(`INSERT INTO link (id, kind, person_id, made_by, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		l.ID, l.Kind, l.PersonID, l.MadeBy, l.MadeAt, l.ExpiresAt)
	return err
}

func expireLinks(tx *db.Tx, person string) error {
	_, err := tx.Exec(`UPDATE link SET expires_at = $1 WHERE person_id = $2 AND used_at IS NULL AND expires_at > $1`, tx.Now, person)
	return err
}

func useLink(tx *db.Tx, id string) error {
	return tx.Must1(`UPDATE link SET used_at = $1 WHERE id = $2 AND used_at IS NULL`, tx.Now, id)
}

func listDelegated(tx *db.Tx, person string) ([]Holding, error) {
	return db.All[Holding](tx, `SELECT `+holdingColumns+` FROM holding WHERE of_holding IN (SELECT id FROM holding WHERE person_id = $1) ORDER BY from_day`, person)
}

// peopleFilter says which people a list shows.
type peopleFilter struct {
	Words string
	Role  string
	State State
	Sort  string // a key of peopleOrders, "" the first of them
}

func (f peopleFilter) active() bool { return f != peopleFilter{Sort: f.Sort} }

// peopleOrders are the orders of the list of people by the key in the address, "-" the other way round. People of one place in the order
// keep the order of their ids, so that no page repeats or leaves out anybody.
var peopleOrders = map[string]string{
	"":       `name_sort, id`,
	"-name":  `name_sort DESC, id`,
	"login":  `login, id`,
	"-login": `login DESC, id`,
}

// sortable is the head of a column of the list that sorts by up, and the other way round where the list is in that order already.
func (f peopleFilter) sortable(c ui.Column, up, down string) ui.Column {
	to := f
	to.Sort = up
	switch f.Sort {
	case up:
		c.Sorted, to.Sort = "ascending", down
	case down:
		c.Sorted = "descending"
	}
	c.Sort = to.address(1)
	return c
}

func (f peopleFilter) address(page int) string {
	q := url.Values{}
	for k, v := range map[string]string{"q": f.Words, "role": f.Role, "state": string(f.State), "sort": f.Sort} {
		if v != "" {
			q.Set(k, v)
		}
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return "/people"
	}
	return "/people?" + q.Encode()
}

// listPeople returns a page of the people a scope covers, in one of peopleOrders; an unknown one is the first: by given name, as lists of
// people are in Viet Nam.
func listPeople(tx *db.Tx, s policy.Scope, f peopleFilter, page, size int) ([]Person, int, error) {
	w := inReach(s)
	named(&w, f.Words)
	if f.State != "" {
		w.And(`p.state = ?`, f.State)
	}
	if f.Role != "" {
		w.And(`EXISTS (SELECT 1 FROM holding h3 WHERE h3.person_id = p.id AND h3.role = ? AND h3.ended_at IS NULL)`, f.Role)
	}
	total, err := db.One[int](tx, `SELECT COUNT(*) FROM person p`+w.SQL(), w.Args()...)
	if err != nil {
		return nil, 0, err
	}
	order, ok := peopleOrders[f.Sort]
	if !ok {
		order = peopleOrders[""]
	}
	list, err := db.All[Person](tx, `SELECT `+personColumns+` FROM person p`+w.SQL()+` ORDER BY `+order+` LIMIT `+w.Arg(size)+` OFFSET `+w.Arg((page-1)*size), w.Args()...)
	return list, total, err
}

// named asks for people whose name or login holds all words.
func named(w *db.Where, words string) {
	for _, word := range strings.Fields(viet.Fold(words)) {
		like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word) + "%"
		w.And(`(p.name_fold LIKE ? ESCAPE '\' OR p.login LIKE ? ESCAPE '\')`, like, like)
	}
}

func findPeople(tx *db.Tx, words string, limit int) ([]Person, error) {
	var w db.Where
	named(&w, words)
	return db.All[Person](tx, `SELECT `+personColumns+` FROM person p`+w.SQL()+` ORDER BY name_sort, id LIMIT `+w.Arg(limit), w.Args()...)
}

func listHolders(tx *db.Tx, unit string, roles []string, day civil.Date) ([]Person, error) {
	if len(roles) == 0 {
		return nil, nil
	}
	var w db.Where
	w.And(`p.state = 'active'`)
	held := make([]any, len(roles))
	for i, r := range roles {
		held[i] = r
	}
	args := append(append([]any{unit}, held...), day, day, day, day)
	w.And(`p.id IN (SELECT h.person_id FROM holding h LEFT JOIN holding f ON f.id = h.of_holding WHERE h.unit_id = ? AND h.role IN (?`+
		strings.Repeat(", ?", len(roles)-1)+`) AND h.ended_at IS NULL AND h.from_day <= ? AND (h.to_day IS NULL OR h.to_day >= ?)
		AND (h.of_holding IS NULL OR f.ended_at IS NULL AND f.from_day <= ? AND (f.to_day IS NULL OR f.to_day >= ?)))`, args...)
	return db.All[Person](tx, `SELECT `+personColumns+` FROM person p`+w.SQL()+` ORDER BY name_sort, id`, w.Args()...)
}

func namesOf(tx *db.Tx, ids []string, out map[string]string) error {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	type named struct {
		ID   string `db:"id"`
		Name string `db:"name"`
	}
	for p, err := range db.Each[named](tx, `SELECT id, name FROM person WHERE id IN `+db.In(1, len(ids)), args...) {
		if err != nil {
			return err
		}
		out[p.ID] = p.Name
	}
	return nil
}

const openingColumns = `id, person_id, session_id, unit_id, kind, record_id, record_unit, permission, emergency, reason, at, until, ended_at, reviewed_at, reviewed_by, verdict, remark`

func insertOpening(tx *db.Tx, o Opening) error {
	_, err := tx.Exec(`INSERT INTO opening (id, person_id, session_id, unit_id, kind, record_id, record_unit, permission, emergency, reason, at, until)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		o.ID, o.PersonID, o.SessionID, o.UnitID, o.Kind, o.RecordID, o.RecordUnit, o.Permission, o.Emergency, o.Reason, o.At, o.Until)
	return err
}

func findOpening(tx *db.Tx, id string) (Opening, bool, error) {
	return db.Find[Opening](tx, `SELECT `+openingColumns+` FROM opening WHERE id = $1`, id)
}

// openingsOf returns what a person has open: broken glass, and reasons stated in the session.
func openingsOf(tx *db.Tx, person, session string) ([]policy.Opening, error) {
	rows, err := db.All[Opening](tx, `SELECT `+openingColumns+` FROM opening WHERE person_id = $1 AND until > $2 AND ended_at IS NULL AND (emergency = 1 OR session_id = $3) ORDER BY id`,
		person, tx.Now, session)
	var out []policy.Opening
	for _, o := range rows {
		out = append(out, policy.Opening{ID: o.ID, Record: o.RecordID, Permission: policy.Permission(o.Permission), Reason: o.Reason, Until: o.Until, Emergency: o.Emergency})
	}
	return out, err
}

func listOpen(tx *db.Tx, person string) ([]Opening, error) {
	return db.All[Opening](tx, `SELECT `+openingColumns+` FROM opening WHERE person_id = $1 AND until > $2 AND ended_at IS NULL AND emergency = 1 ORDER BY id DESC`, person, tx.Now)
}

func countEmergencies(tx *db.Tx, person string, since time.Time) (int, error) {
	return db.One[int](tx, `SELECT COUNT(*) FROM opening WHERE person_id = $1 AND emergency = 1 AND at > $2 AND until > $3`, person, since, since)
}

func endOpening(tx *db.Tx, id string) error {
	return tx.Must1(`UPDATE opening SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL`, tx.Now, id)
}

func saveReview(tx *db.Tx, o Opening) error {
	return tx.Must1(`UPDATE opening SET reviewed_at = $1, reviewed_by = $2, verdict = $3, remark = $4, ended_at = $5 WHERE id = $6 AND reviewed_at IS NULL`,
		o.ReviewedAt, o.ReviewedBy, o.Verdict, o.Remark, o.EndedAt, o.ID)
}

// listEmergencies returns broken glass that a supervisor reviews, the newest first, before an identifier: what waits, or what was reviewed.
func listEmergencies(tx *db.Tx, s policy.Scope, by string, waiting bool, before string, limit int) ([]Opening, error) {
	var w db.Where
	w.And(`emergency = 1`)
	if waiting {
		w.And(`reviewed_at IS NULL`)
	} else {
		w.And(`reviewed_at IS NOT NULL`)
	}
	w.And(`person_id <> ?`, by)
	record, args1 := s.SQL(policy.Columns{Unit: "record_unit"})
	person, args2 := s.SQL(policy.Columns{Unit: "unit_id"})
	w.And(record+` OR `+person, append(args1, args2...)...)
	if before != "" {
		w.And(`id < ?`, before)
	}
	return db.All[Opening](tx, `SELECT `+openingColumns+` FROM opening`+w.SQL()+` ORDER BY id DESC LIMIT `+w.Arg(limit), w.Args()...)
}

// listColleagues lists who holds which role in a unit on a day, by given name.
func listColleagues(tx *db.Tx, unit string, day civil.Date) ([]Colleague, error) {
	return db.All[Colleague](tx, `SELECT p.id, p.name, p.title, h.role FROM holding h JOIN person p ON p.id = h.person_id LEFT JOIN holding f ON f.id = h.of_holding
		WHERE h.unit_id = $1 AND p.state <> 'closed' AND h.ended_at IS NULL AND h.from_day <= $2 AND (h.to_day IS NULL OR h.to_day >= $3)
		AND (h.of_holding IS NULL OR f.ended_at IS NULL AND f.from_day <= $4 AND (f.to_day IS NULL OR f.to_day >= $5)) ORDER BY p.name_sort, p.id, h.role`, unit, day, day, day, day)
}

type ceremony struct {
	ID        string    `db:"id"`
	Kind      string    `db:"kind"`
	PersonID  string    `db:"person_id"`
	Data      string    `db:"data"`
	ExpiresAt time.Time `db:"expires_at"`
}

func insertCeremony(tx *db.Tx, c ceremony) error {
	_, err := tx.Exec(`INSERT INTO ceremony (id, kind, person_id, data, expires_at) VALUES ($1, $2, $3, $4, $5)`, c.ID, c.Kind, c.PersonID, c.Data, c.ExpiresAt)
	return err
}

func findCeremony(tx *db.Tx, id string) (ceremony, bool, error) {
	return db.Find[ceremony](tx, `SELECT id, kind, person_id, data, expires_at FROM ceremony WHERE id = $1`, id)
}

func deleteCeremony(tx *db.Tx, id string) error {
	_, err := tx.Exec(`DELETE FROM ceremony WHERE id = $1`, id)
	return err
}

// PruneCeremonies forgets sign-ins and registrations that were never finished; a job of the timetable calls it.
func PruneCeremonies(tx *db.Tx) error {
	_, err := tx.Exec(`DELETE FROM ceremony WHERE expires_at < $1`, tx.Now)
	return err
}

type passkeyRow struct {
	ID           string    `db:"id"`
	PersonID     string    `db:"person_id"`
	CredentialID []byte    `db:"credential_id"`
	Credential   string    `db:"credential"`
	Name         string    `db:"name"`
	CreatedAt    time.Time `db:"created_at"`
	UsedAt       time.Time `db:"used_at"`
}

const passkeyColumns = `id, person_id, credential_id, credential, name, created_at, used_at`

func listPasskeys(tx *db.Tx, person string) ([]passkeyRow, error) {
	return db.All[passkeyRow](tx, `SELECT `+passkeyColumns+` FROM passkey WHERE person_id = $1 ORDER BY created_at, id`, person)
}

func findPasskey(tx *db.Tx, id string) (passkeyRow, bool, error) {
	return db.Find[passkeyRow](tx, `SELECT `+passkeyColumns+` FROM passkey WHERE id = $1`, id)
}

func insertPasskey(tx *db.Tx, p passkeyRow) error {
	_, err := tx.Exec(`INSERT INTO passkey (`+passkeyColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)`, p.ID, p.PersonID, p.CredentialID, p.Credential, p.Name, p.CreatedAt, p.UsedAt)
	if db.IsUnique(err) {
		return errs.New(errs.Invalid, "account.passkey.refused")
	}
	return err
}

func usePasskey(tx *db.Tx, credential []byte, stored string) error {
	return tx.Must1(`UPDATE passkey SET credential = $1, used_at = $2 WHERE credential_id = $3`, stored, tx.Now, credential)
}

func deletePasskey(tx *db.Tx, id string) error {
	_, err := tx.Exec(`DELETE FROM passkey WHERE id = $1`, id)
	return err
}

func deletePasskeys(tx *db.Tx, person string) error {
	_, err := tx.Exec(`DELETE FROM passkey WHERE person_id = $1`, person)
	return err
}

func findIdentity(tx *db.Tx, issuer, subject string) (person string, ok bool, err error) {
	return db.Find[string](tx, `SELECT person_id FROM identity WHERE issuer = $1 AND subject = $2`, issuer, subject)
}

func hasIdentity(tx *db.Tx, person, issuer string) (bool, error) {
	n, err := db.One[int](tx, `SELECT COUNT(*) FROM identity WHERE person_id = $1 AND issuer = $2`, person, issuer)
	return n > 0, err
}

func insertIdentity(tx *db.Tx, issuer, subject, person string) error {
	_, err := tx.Exec(`INSERT INTO identity (issuer, subject, person_id, linked_at) VALUES ($1, $2, $3, $4)`, issuer, subject, person, tx.Now)
	return err
}

func deleteIdentities(tx *db.Tx, person, issuer string) error {
	_, err := tx.Exec(`DELETE FROM identity WHERE person_id = $1 AND issuer = $2`, person, issuer)
	return err
}

// findPersonByEmail finds the one person with an address; an address of several identifies nobody.
func findPersonByEmail(tx *db.Tx, email string) (Person, bool, error) {
	list, err := db.All[Person](tx, `SELECT `+personColumns+` FROM person WHERE email = $1 AND state <> 'closed' LIMIT 2`, email)
	if err != nil || len(list) != 1 {
		return Person{}, false, err
	}
	return list[0], true, nil
}

// inReach asks for the people a scope covers, as mayManage decides on one: who holds or held a role in a unit of it, and who never held one
// and was brought in by such a unit. p is the person.
func inReach(s policy.Scope) db.Where {
	var w db.Where
	in, args := s.SQL(policy.Columns{Unit: "h.unit_id", Person: "h.person_id"})
	brought, more := s.SQL(policy.Columns{Unit: "p.unit_id"})
	w.And(`(EXISTS (SELECT 1 FROM holding h WHERE h.person_id = p.id AND `+in+`) OR `+brought+` AND NOT EXISTS (SELECT 1 FROM holding h2 WHERE h2.person_id = p.id))`, append(args, more...)...)
	return w
}

func countByState(tx *db.Tx, s policy.Scope) (map[State]int, error) {
	w := inReach(s)
	type count struct {
		State State `db:"state"`
		N     int   `db:"n"`
	}
	list, err := db.All[count](tx, `SELECT state, COUNT(*) AS n FROM person p`+w.SQL()+` GROUP BY state`, w.Args()...)
	out := map[State]int{}
	for _, c := range list {
		out[c.State] = c.N
	}
	return out, err
}

// inForce are the words for a holding that counts on a day, for Where.
const inForce = `h.ended_at IS NULL AND h.from_day <= ? AND (h.to_day IS NULL OR h.to_day = '' OR h.to_day >= ?)`

func countByRole(tx *db.Tx, s policy.Scope) ([]RoleCount, error) {
	var w db.Where
	in, args := s.SQL(policy.Columns{Unit: "h.unit_id", Person: "h.person_id"})
	w.And(in, args...)
	today := civil.Of(tx.Now)
	w.And(inForce, today, today)
	return db.All[RoleCount](tx, `SELECT h.role, COUNT(DISTINCT h.person_id) AS n FROM holding h`+w.SQL()+` GROUP BY h.role ORDER BY n DESC, h.role`, w.Args()...)
}

func listLent(tx *db.Tx, s policy.Scope, words string, skip, limit int) ([]Lent, int, error) {
	var w db.Where
	in, args := s.SQL(policy.Columns{Unit: "h.unit_id", Person: "h.person_id"})
	w.And(in, args...)
	w.And(`h.of_holding IS NOT NULL AND h.of_holding <> '' AND h.ended_at IS NULL AND h.to_day >= ?`, civil.Of(tx.Now))
	named(&w, words)
	from := ` FROM holding h JOIN holding o ON o.id = h.of_holding JOIN person p ON p.id = h.person_id JOIN person q ON q.id = o.person_id`
	total, err := db.One[int](tx, `SELECT COUNT(*)`+from+w.SQL(), w.Args()...)
	if err != nil {
		return nil, 0, err
	}
	list, err := db.All[Lent](tx, `SELECT h.id, h.role, h.unit_id, h.reason, p.id AS to_id, p.name AS to_name, q.name AS from_name, h.from_day, h.to_day`+from+w.SQL()+
		` ORDER BY h.to_day, h.id LIMIT `+w.Arg(limit)+` OFFSET `+w.Arg(skip), w.Args()...)
	return list, total, err
}

func listOpenSessions(tx *db.Tx, s policy.Scope, seen, opened time.Time, words string, skip, limit int) ([]OpenAt, int, error) {
	if s.Empty() {
		return nil, 0, nil
	}
	w := inReach(s)
	w.And(`s.ended_at IS NULL AND s.seen_at > ? AND s.opened_at > ?`, seen, opened)
	named(&w, words)
	from := ` FROM session s JOIN person p ON p.id = s.person_id`
	total, err := db.One[int](tx, `SELECT COUNT(*)`+from+w.SQL(), w.Args()...)
	if err != nil {
		return nil, 0, err
	}
	list, err := db.All[OpenAt](tx, `SELECT s.id, s.person_id, p.name, p.login, s.device, s.address, s.opened_at, s.seen_at, s.second_factor`+from+w.SQL()+
		` ORDER BY s.seen_at DESC, s.id LIMIT `+w.Arg(limit)+` OFFSET `+w.Arg(skip), w.Args()...)
	return list, total, err
}
