package app

import (
	"golang.org/x/mod/sumdb/note"

	"chungtay/account"
	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/orgunit"
)

// names tells the audit room who and what its identifiers are.
type names struct{}

func (names) FindPeople(tx *db.Tx, words string, limit int) ([]audit.Named, error) {
	list, err := account.Find(tx, words, limit)
	out := make([]audit.Named, len(list))
	for i, p := range list {
		out[i] = audit.Named{ID: p.ID, Name: p.Name, Small: p.Login}
	}
	return out, err
}

func (names) FindUnits(tx *db.Tx, words string, limit int) ([]audit.Named, error) {
	list, err := orgunit.Places(tx, words, limit)
	out := make([]audit.Named, len(list))
	for i, u := range list {
		out[i] = audit.Named{ID: u.ID, Name: u.Name, Small: u.Place}
	}
	return out, err
}

func (names) PersonNames(tx *db.Tx, ids []string) (map[string]string, error) {
	return account.NamesOf(tx, ids)
}

func (names) UnitNames(tx *db.Tx, ids []string) (map[string]string, error) {
	return orgunit.Names(tx, ids)
}

func (names) UnitsThen(tx *db.Tx, list []audit.Entry) ([]string, error) {
	said := make([]orgunit.Mention, len(list))
	for i, e := range list {
		said[i] = orgunit.On(e.UnitID, civil.Of(e.At))
	}
	labels, err := orgunit.Mentioned(tx, said)
	out := make([]string, len(list))
	for i, m := range said {
		out[i] = labels[m].Text(tx.Context())
	}
	return out, err
}

func (in *Installation) auditVerifier() (note.Verifier, error) {
	_, v, err := audit.SigningKey(in.Config.AuditKey)
	return v, err
}
