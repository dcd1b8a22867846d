package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"sort"
	"strconv"
	"strings"
	"time"

	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations of the tables of this package.
func Migrations() db.Migrations { return db.Migrations{Room: "web", FS: migrations} }

// Text holds the words of this package.
//
//go:embed text.vi.toml text.en.toml
var Text embed.FS

// Once returns a new value for the hidden field "once" of a form: the same form sent twice is done once and answered twice.
func (rq *Request) Once() string { return ids.New(time.Now()) }

type onceRow struct {
	Digest string `db:"digest"`
	Status int    `db:"status"`
	To     string `db:"location"`
}

// onceOnly runs a page that writes. A request that carries a key (field "once" or header Idempotency-Key) and was answered with a
// redirect or an empty success is not run again: the first answer is repeated. The same key with other content is a Conflict.
func (rq *Request) onceOnly(page func(*Request) (Reply, error)) (Reply, error) {
	key := rq.HTTP.Header.Get("Idempotency-Key")
	if key == "" {
		key = rq.form.Get("once")
	}
	if key == "" || len(key) > 200 {
		return page(rq)
	}
	digest := rq.digest()
	sum := sha256.Sum256([]byte(rq.Actor.Person + "\x00" + key))
	id := hex.EncodeToString(sum[:])
	old, done, err := db.Find[onceRow](rq.Tx, `SELECT digest, status, location FROM web_once WHERE id = $1`, id)
	if err != nil {
		return Reply{}, err
	}
	if done {
		if old.Digest != digest {
			return Reply{}, errs.New(errs.Conflict, "web.once_other")
		}
		return Reply{Status: old.Status, To: old.To}, nil
	}
	rep, err := page(rq)
	if err != nil || rep.Status >= 400 || rep.Body != nil || rep.Data != nil || rep.File != nil || rep.Stream != nil {
		return rep, err
	}
	_, err = rq.Tx.Exec(`INSERT INTO web_once (id, digest, status, location, at) VALUES ($1, $2, $3, $4, $5)`,
		id, digest, rep.Status, rep.To, rq.Tx.Now)
	return rep, err
}

func (rq *Request) digest() string {
	h := sha256.New()
	h.Write([]byte(rq.HTTP.Method + " " + rq.HTTP.URL.Path))
	keys := make([]string, 0, len(rq.form))
	for k := range rq.form {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		h.Write([]byte("\x00" + k + "\x01" + strings.Join(rq.form[k], "\x01")))
	}
	for _, f := range rq.files {
		h.Write([]byte("\x02" + f.field + "\x01" + f.name + "\x01" + strconv.FormatInt(f.size, 10)))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// PruneOnce forgets keys older than a week; a job of the timetable calls it.
func PruneOnce(tx *db.Tx) error {
	_, err := tx.Exec(`DELETE FROM web_once WHERE at < $1`, tx.Now.Add(-7*24*time.Hour))
	return err
}
