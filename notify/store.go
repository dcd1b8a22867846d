package notify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"chungtay/internal/db"
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

// insertNotices writes few rows a statement: SQLite looks each $n up by its name, so that long statements cost the square of their length.
func insertNotices(tx *db.Tx, list []notice) error {
	for part := range slices.Chunk(list, 40) {
		var b strings.Builder
		b.WriteString(`INSERT INTO notify_notice (` + noticeColumns + `) VALUES `)
		args := make([]any, 0, len(part)*10)
		for i, n := range part {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(db.In(len(args)+1, 10))
			args = append(args, n.ID, n.To, n.Unit, n.Needs, n.Kind, n.Word, n.Args, n.Path, n.Urgent, n.At)
		}
		if _, err := tx.Exec(b.String(), args...); err != nil {
			return fmt.Errorf("insert %d notices: %w", len(part), err)
		}
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

// Prune forgets old notices; a job of the timetable calls it.
func Prune(tx *db.Tx) error {
	if _, err := tx.Exec(`DELETE FROM notify_notice WHERE at < $1`, tx.Now.Add(-keepTime)); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM notify_read WHERE at < $1`, tx.Now.Add(-keepTime))
	return err
}
