package app

import "chungtay/internal/db"

func setting(tx *db.Tx, name string) (string, error) {
	v, _, err := db.Find[string](tx, `SELECT value FROM app_setting WHERE name = $1`, name)
	return v, err
}

func putSetting(tx *db.Tx, name, value string) error {
	_, err := tx.Exec(`INSERT INTO app_setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}
