package db

import "strings"

// maxMemo bounds what a long transaction remembers of one table; then it begins anew.
const maxMemo = 4096

// Memo gives what look found for a key earlier in the same transaction. It is found anew after a statement of this transaction that writes and
// has table in its text, so table is what the names of all tables that look reads from begin with. An error is not kept. The value is shared:
// nobody changes it. For the small things that every permission and every step of an operation asks for again, each a round trip on PostgreSQL.
func Memo[T any](tx *Tx, table, key string, look func() (T, error)) (T, error) {
	if v, ok := tx.memo[table][key].(T); ok {
		return v, nil
	}
	v, err := look()
	if err != nil {
		return v, err
	}
	if tx.memo == nil {
		tx.memo = map[string]map[string]any{}
	}
	if m := tx.memo[table]; m == nil || len(m) >= maxMemo {
		tx.memo[table] = map[string]any{}
	}
	tx.memo[table][key] = v
	return v, nil
}

// forget drops what a statement may make untrue.
func (tx *Tx) forget(query string) {
	if len(tx.memo) == 0 || strings.HasPrefix(query, "SELECT") {
		return
	}
	for table := range tx.memo {
		if strings.Contains(query, table) {
			delete(tx.memo, table)
		}
	}
}
