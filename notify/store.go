package notify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/policy"
)

type notice struct {
	ID     string         `db:"id"`
	To     string         `db:"to_id"`
	Unit   string         `db:"unit_id"`
	Needs  string         `db:"needs"`
	Kind   string         `db:"kind"`
	Word   string         `db:"word"`
	Args   db.JSON[[]arg] `db:"args"`
	Path   string         `db:"path"`
	Urgent bool           `db:"urgent"`
	At     time.Time      `db:"at"`
}

type received struct {
	notice
	IsRead bool `db:"is_read"`
}

const noticeColumns = `id, to_id, unit_id, needs, kind, word, args, path, urgent, at`

func insertNotices(tx *db.Tx, list []notice) error {
	rows := make([][]any, len(list))
	for i, n := range list {
		rows[i] = []any{n.ID, n.To, n.Unit, n.Needs, n.Kind, n.Word, n.Args, n.Path, n.Urgent, n.At}
	}
	if _, err := tx.InsertMany(`INSERT INTO notify_notice (`+noticeColumns+`)`, rows, ""); err != nil {
		return fmt.Errorf("insert %d notices: %w", len(list), err)
	}
	return nil
}

// mine is the condition for what an actor receives: notices to the person, and to each unit those that need a permission held there.
func mine(a policy.Actor) (string, []any) {
	cond, args := `(n.to_id = ? AND n.unit_id = '')`, []any{a.Person}
	perms := map[string][]policy.Permission{}
	var units []string
	for _, g := range a.Grants {
		if _, ok := perms[g.Unit]; !ok {
			units = append(units, g.Unit)
		}
		for _, p := range g.Permissions {
			if !slices.Contains(perms[g.Unit], p) {
				perms[g.Unit] = append(perms[g.Unit], p)
			}
		}
	}
	for _, u := range units {
		if len(perms[u]) == 0 {
			continue
		}
		cond += ` OR (n.to_id = ? AND n.needs IN (?` + strings.Repeat(", ?", len(perms[u])-1) + `))`
		args = append(args, u)
		for _, p := range perms[u] {
			args = append(args, string(p))
		}
	}
	return cond, args
}

func isUnread(w *db.Where, a policy.Actor, line string) {
	w.And(`n.id >= ?`, line)
	w.And(`n.id NOT IN (SELECT r.notice_id FROM notify_read r WHERE r.person_id = ? AND r.notice_id >= ?)`, a.Person, line)
}

func countUnread(tx *db.Tx, a policy.Actor, line string) (int, error) {
	var w db.Where
	cond, args := mine(a)
	w.And(cond, args...)
	isUnread(&w, a, line)
	return db.One[int](tx, `SELECT COUNT(*) FROM (SELECT n.id FROM notify_notice n`+w.SQL()+` LIMIT `+w.Arg(MostUnread)+`) u`, w.Args()...)
}

func listReceived(tx *db.Tx, a policy.Actor, line string, unreadOnly bool, before string, limit int) ([]received, error) {
	var w db.Where
	cond, args := mine(a)
	w.And(cond, args...)
	if unreadOnly {
		isUnread(&w, a, line)
	}
	if before != "" {
		w.And(`n.id < ?`, before)
	}
	return selectReceived(tx, a, &w, limit)
}

func findReceived(tx *db.Tx, a policy.Actor, id string) (received, bool, error) {
	var w db.Where
	cond, args := mine(a)
	w.And(`n.id = ?`, id)
	w.And(cond, args...)
	list, err := selectReceived(tx, a, &w, 1)
	if err != nil || len(list) == 0 {
		return received{}, false, err
	}
	return list[0], true, nil
}

func selectReceived(tx *db.Tx, a policy.Actor, w *db.Where, limit int) ([]received, error) {
	where := w.SQL()
	return db.All[received](tx, `SELECT n.id, n.to_id, n.unit_id, n.needs, n.kind, n.word, n.args, n.path, n.urgent, n.at,
		CASE WHEN EXISTS (SELECT 1 FROM notify_read r WHERE r.person_id = `+w.Arg(a.Person)+` AND r.notice_id = n.id) THEN 1 ELSE 0 END AS is_read
		FROM notify_notice n`+where+` ORDER BY n.id DESC LIMIT `+w.Arg(limit), w.Args()...)
}

func readerLine(tx *db.Tx, person string) (string, error) {
	line, _, err := db.Find[string](tx, `SELECT line FROM notify_reader WHERE person_id = $1`, person)
	return line, err
}

func markRead(tx *db.Tx, person, id string) error {
	_, err := tx.Exec(`INSERT INTO notify_read (person_id, notice_id, at) VALUES ($1, $2, $3) ON CONFLICT (person_id, notice_id) DO NOTHING`, person, id, tx.Now)
	return err
}

func markAllRead(tx *db.Tx, a policy.Actor, line string) error {
	var w db.Where
	cond, args := mine(a)
	w.And(cond, args...)
	isUnread(&w, a, line)
	where := w.SQL()
	_, err := tx.Exec(`INSERT INTO notify_read (person_id, notice_id, at) SELECT CAST(`+w.Arg(a.Person)+` AS TEXT), n.id, CAST(`+w.Arg(tx.Now)+` AS BIGINT) FROM notify_notice n`+where, w.Args()...)
	return err
}

func saveLine(tx *db.Tx, person, line string) error {
	if _, err := tx.Exec(`INSERT INTO notify_reader (person_id, line) VALUES ($1, $2) ON CONFLICT (person_id) DO UPDATE SET line = excluded.line`, person, line); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM notify_read WHERE person_id = $1 AND notice_id < $2`, person, line)
	return err
}

// Prune forgets old notices, deliveries and letters; a job of the timetable calls it.
func Prune(tx *db.Tx) error {
	for _, q := range []string{`DELETE FROM notify_notice WHERE at < $1`, `DELETE FROM notify_read WHERE at < $1`, `DELETE FROM notify_delivery WHERE at < $1`,
		`DELETE FROM notify_letter WHERE at < $1`} {
		if _, err := tx.Exec(q, tx.Now.Add(-keepTime)); err != nil {
			return err
		}
	}
	return nil
}

func listUnfanned(tx *db.Tx, limit int) ([]notice, error) {
	return db.All[notice](tx, `SELECT `+noticeColumns+` FROM notify_notice WHERE fanned_at IS NULL ORDER BY id LIMIT $1`, limit)
}

func setFanned(tx *db.Tx, id string) error {
	_, err := tx.Exec(`UPDATE notify_notice SET fanned_at = $1 WHERE id = $2`, tx.Now, id)
	return err
}

// skipFan marks all new notices as decided on: there is no channel but the inbox.
func skipFan(tx *db.Tx) error {
	_, err := tx.Exec(`UPDATE notify_notice SET fanned_at = $1 WHERE fanned_at IS NULL`, tx.Now)
	return err
}

const preferenceColumns = `person_id, mail, sms, quiet_from, quiet_to, lang, version`

func findPreference(tx *db.Tx, person string) (Preference, bool, error) {
	return db.Find[Preference](tx, `SELECT `+preferenceColumns+` FROM notify_preference WHERE person_id = $1`, person)
}

// savePreference writes a choice over the version it was made from (0: none yet).
func savePreference(tx *db.Tx, p Preference) error {
	n, err := tx.Exec(`INSERT INTO notify_preference (`+preferenceColumns+`) VALUES ($1, $2, $3, $4, $5, $6, 1)
		ON CONFLICT (person_id) DO UPDATE SET mail = excluded.mail, sms = excluded.sms, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
		lang = excluded.lang, version = notify_preference.version + 1 WHERE notify_preference.version = $7`,
		p.PersonID, p.Mail, p.SMS, p.QuietFrom, p.QuietTo, p.Lang, p.Version)
	if err == nil && n != 1 {
		return errs.New(errs.Conflict, "notify.preference.changed")
	}
	return err
}

// Delivery is one notice on its way to one person by one channel.
type Delivery struct {
	ID       string    `db:"id"`
	NoticeID string    `db:"notice_id"`
	PersonID string    `db:"person_id"`
	Channel  string    `db:"channel"`
	State    State     `db:"state"`
	Due      time.Time `db:"due"`
	At       time.Time `db:"at"`
	SentAt   time.Time `db:"sent_at"`
	Attempts int       `db:"attempts"`
	Reason   string    `db:"reason"`
}

const deliveryColumns = `id, notice_id, person_id, channel, state, due, at, sent_at, attempts, reason`

func insertDelivery(tx *db.Tx, d Delivery) error {
	_, err := tx.Exec(`INSERT INTO notify_delivery (`+deliveryColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		d.ID, d.NoticeID, d.PersonID, d.Channel, d.State, d.Due, d.At, d.SentAt, d.Attempts, d.Reason)
	return err
}

func listDue(tx *db.Tx, limit int) ([]addressee, error) {
	return db.All[addressee](tx, `SELECT DISTINCT person_id, channel FROM notify_delivery WHERE state = 'waiting' AND due <= $1 ORDER BY person_id, channel LIMIT $2`, tx.Now, limit)
}

func queueDue(tx *db.Tx, to addressee) error {
	_, err := tx.Exec(`UPDATE notify_delivery SET state = 'queued' WHERE person_id = $1 AND channel = $2 AND state = 'waiting' AND due <= $3`, to.Person, to.Channel, tx.Now)
	return err
}

// queued is a delivery given to a job, with its notice.
type queued struct {
	Delivery string         `db:"delivery"`
	Channel  string         `db:"channel"`
	Word     string         `db:"word"`
	Args     db.JSON[[]arg] `db:"args"`
	Path     string         `db:"path"`
	IsRead   bool           `db:"is_read"`
}

func listQueued(tx *db.Tx, to addressee, line string) ([]queued, error) {
	return db.All[queued](tx, `SELECT d.id AS delivery, d.channel, n.word, n.args, n.path,
		CASE WHEN n.id < $1 OR EXISTS (SELECT 1 FROM notify_read r WHERE r.person_id = d.person_id AND r.notice_id = n.id) THEN 1 ELSE 0 END AS is_read
		FROM notify_delivery d JOIN notify_notice n ON n.id = d.notice_id
		WHERE d.person_id = $2 AND d.channel = $3 AND d.state = 'queued' ORDER BY d.id LIMIT 500`, line, to.Person, to.Channel)
}

// endQueued ends deliveries of a person and channel: those listed, or with nil all that are queued.
func endQueued(tx *db.Tx, to addressee, list []string, s State, reason string) error {
	var sent time.Time
	if s == Sent {
		sent = tx.Now
	}
	if list == nil {
		_, err := tx.Exec(`UPDATE notify_delivery SET state = $1, reason = $2 WHERE person_id = $3 AND channel = $4 AND state = 'queued'`, s, reason, to.Person, to.Channel)
		return err
	}
	for _, id := range list {
		if _, err := tx.Exec(`UPDATE notify_delivery SET state = $1, reason = $2, sent_at = $3, attempts = attempts + 1 WHERE id = $4 AND state = 'queued'`, s, reason, sent, id); err != nil {
			return err
		}
	}
	return nil
}

func noteAttempt(tx *db.Tx, list []string, reason string) error {
	for _, id := range list {
		if _, err := tx.Exec(`UPDATE notify_delivery SET attempts = attempts + 1, reason = $1 WHERE id = $2 AND state = 'queued'`, reason, id); err != nil {
			return err
		}
	}
	return nil
}

type letter struct {
	ID       string    `db:"id"`
	PersonID string    `db:"person_id"`
	Word     string    `db:"word"`
	Secret   []byte    `db:"secret"`
	At       time.Time `db:"at"`
	SentAt   time.Time `db:"sent_at"`
	Reason   string    `db:"reason"`
}

const letterColumns = `id, person_id, word, secret, at, sent_at, reason`

func insertLetter(tx *db.Tx, l letter) error {
	_, err := tx.Exec(`INSERT INTO notify_letter (`+letterColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)`, l.ID, l.PersonID, l.Word, l.Secret, l.At, l.SentAt, l.Reason)
	return err
}

func findLetter(tx *db.Tx, id string) (letter, bool, error) {
	return db.Find[letter](tx, `SELECT `+letterColumns+` FROM notify_letter WHERE id = $1`, id)
}

func endLetter(tx *db.Tx, id, reason string) error {
	var sent time.Time
	if reason == "" {
		sent = tx.Now
	}
	_, err := tx.Exec(`UPDATE notify_letter SET secret = NULL, sent_at = $1, reason = $2 WHERE id = $3`, sent, reason, id)
	return err
}

func listLetters(tx *db.Tx, limit int) ([]letter, error) {
	return db.All[letter](tx, `SELECT id, person_id, word, NULL AS secret, at, sent_at, reason FROM notify_letter ORDER BY id DESC LIMIT $1`, limit)
}

func findDelivery(tx *db.Tx, id string) (Delivery, bool, error) {
	return db.Find[Delivery](tx, `SELECT `+deliveryColumns+` FROM notify_delivery WHERE id = $1`, id)
}

func waitAgain(tx *db.Tx, id string) error {
	return tx.Must1(`UPDATE notify_delivery SET state = 'waiting', due = $1 WHERE id = $2 AND state = 'failed'`, tx.Now, id)
}

func countDeliveries(tx *db.Tx) (map[State]int, error) {
	type row struct {
		State State `db:"state"`
		N     int   `db:"n"`
	}
	out := map[State]int{}
	for r, err := range db.Each[row](tx, `SELECT state, COUNT(*) AS n FROM notify_delivery GROUP BY state`) {
		if err != nil {
			return nil, err
		}
		out[r.State] = r.N
	}
	return out, nil
}

func listDeliveries(tx *db.Tx, state, channel, before string, limit int) ([]shownDelivery, error) {
	var w db.Where
	if state != "" {
		w.And(`d.state = ?`, state)
	}
	if channel != "" {
		w.And(`d.channel = ?`, channel)
	}
	if before != "" {
		w.And(`d.id < ?`, before)
	}
	return db.All[shownDelivery](tx, `SELECT d.id, d.notice_id, d.person_id, d.channel, d.state, d.due, d.at, d.sent_at, d.attempts, d.reason, '' AS name, n.kind
		FROM notify_delivery d JOIN notify_notice n ON n.id = d.notice_id`+w.SQL()+` ORDER BY d.id DESC LIMIT `+w.Arg(limit), w.Args()...)
}
