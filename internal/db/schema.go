package db

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Column, Index and Table describe a schema in words that are the same for both databases.
type Column struct {
	Name, Type string
	NotNull    bool
	Default    string
}

// Index is an index or a unique constraint. Where is set for partial ones.
type Index struct {
	Columns string
	Unique  bool
	Partial bool
}

// ForeignKey is one reference of a column list to another table.
type ForeignKey struct{ Columns, Table, Parents string }

// Table is one table.
type Table struct {
	Name    string
	Columns []Column
	Key     string // primary key columns
	Indexes []Index
	Foreign []ForeignKey
}

// Schema reads the tables of the database, sorted by name. Tables and indexes that exist in one dialect alone (full-text search) are
// left out when skip says so.
func Schema(tx *Tx, skip func(table string) bool) ([]Table, error) {
	var tables []Table
	var err error
	if tx.Dialect == Postgres {
		tables, err = postgresSchema(tx)
	} else {
		tables, err = sqliteSchema(tx)
	}
	if err != nil {
		return nil, err
	}
	if skip != nil {
		tables = slices.DeleteFunc(tables, func(t Table) bool { return skip(t.Name) })
	}
	for i := range tables {
		t := &tables[i]
		sort.Slice(t.Indexes, func(a, b int) bool { return fmt.Sprint(t.Indexes[a]) < fmt.Sprint(t.Indexes[b]) })
		t.Indexes = slices.Compact(t.Indexes)
		sort.Slice(t.Foreign, func(a, b int) bool { return fmt.Sprint(t.Foreign[a]) < fmt.Sprint(t.Foreign[b]) })
	}
	sort.Slice(tables, func(a, b int) bool { return tables[a].Name < tables[b].Name })
	return tables, nil
}

// String writes the table as SQL that a person can read.
func (t Table) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE %s (\n", t.Name)
	for _, c := range t.Columns {
		fmt.Fprintf(&b, "\t%s %s", c.Name, c.Type)
		if c.NotNull {
			b.WriteString(" NOT NULL")
		}
		if c.Default != "" {
			b.WriteString(" DEFAULT " + c.Default)
		}
		b.WriteString(",\n")
	}
	fmt.Fprintf(&b, "\tPRIMARY KEY (%s)", t.Key)
	for _, f := range t.Foreign {
		fmt.Fprintf(&b, ",\n\tFOREIGN KEY (%s) REFERENCES %s (%s)", f.Columns, f.Table, f.Parents)
	}
	b.WriteString("\n);\n")
	for _, x := range t.Indexes {
		kind, partial := "INDEX", ""
		if x.Unique {
			kind = "UNIQUE INDEX"
		}
		if x.Partial {
			partial = " -- partial"
		}
		fmt.Fprintf(&b, "CREATE %s ON %s (%s);%s\n", kind, t.Name, x.Columns, partial)
	}
	return b.String()
}

func sqliteSchema(tx *Tx) ([]Table, error) {
	names, err := All[string](tx, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
	if err != nil {
		return nil, err
	}
	type col struct {
		Name    string `db:"name"`
		Type    string `db:"type"`
		NotNull bool   `db:"notnull"`
		Default string `db:"dflt"`
		PK      int    `db:"pk"`
	}
	type idx struct {
		Name    string `db:"name"`
		Unique  bool   `db:"unique"`
		Origin  string `db:"origin"`
		Partial bool   `db:"partial"`
	}
	type fk struct {
		ID    int    `db:"id"`
		Seq   int    `db:"seq"`
		Table string `db:"table"`
		From  string `db:"from"`
		To    string `db:"to"`
	}
	var out []Table
	for _, n := range names {
		t := Table{Name: n}
		cols, err := All[col](tx, `SELECT name, UPPER(type) AS type, "notnull", COALESCE(dflt_value, '') AS dflt, pk FROM pragma_table_info($1) ORDER BY cid`, n)
		if err != nil {
			return nil, err
		}
		key := map[int]string{}
		for _, c := range cols {
			t.Columns = append(t.Columns, Column{c.Name, c.Type, c.NotNull || c.PK > 0, c.Default})
			if c.PK > 0 {
				key[c.PK] = c.Name
			}
		}
		for i := 1; i <= len(key); i++ {
			t.Key += comma(t.Key) + key[i]
		}
		indexes, err := All[idx](tx, `SELECT name, "unique", origin, partial FROM pragma_index_list($1)`, n)
		if err != nil {
			return nil, err
		}
		for _, x := range indexes {
			if x.Origin == "pk" {
				continue
			}
			cols, err := All[string](tx, `SELECT COALESCE(name, '(expression)') FROM pragma_index_info($1) ORDER BY seqno`, x.Name)
			if err != nil {
				return nil, err
			}
			t.Indexes = append(t.Indexes, Index{strings.Join(cols, ", "), x.Unique, x.Partial})
		}
		keys, err := All[fk](tx, `SELECT id, seq, "table", "from", "to" FROM pragma_foreign_key_list($1) ORDER BY id, seq`, n)
		if err != nil {
			return nil, err
		}
		for i, k := range keys {
			if i > 0 && keys[i-1].ID == k.ID {
				f := &t.Foreign[len(t.Foreign)-1]
				f.Columns, f.Parents = f.Columns+", "+k.From, f.Parents+", "+k.To
			} else {
				t.Foreign = append(t.Foreign, ForeignKey{k.From, k.Table, k.To})
			}
		}
		out = append(out, t)
	}
	return out, nil
}

func comma(s string) string {
	if s == "" {
		return ""
	}
	return ", "
}

func postgresSchema(tx *Tx) ([]Table, error) {
	type col struct {
		Table   string `db:"table_name"`
		Name    string `db:"column_name"`
		Type    string `db:"data_type"`
		NotNull bool   `db:"not_null"`
		Default string `db:"dflt"`
	}
	cols, err := All[col](tx, `SELECT c.table_name, c.column_name, UPPER(c.data_type) AS data_type,
		CASE WHEN c.is_nullable = 'NO' THEN 1 ELSE 0 END AS not_null, COALESCE(c.column_default, '') AS dflt
		FROM information_schema.columns c JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
		WHERE c.table_schema = CURRENT_SCHEMA() AND t.table_type = 'BASE TABLE' ORDER BY c.table_name, c.ordinal_position`)
	if err != nil {
		return nil, err
	}
	var out []Table
	at := map[string]*Table{}
	for i, c := range cols {
		if i == 0 || cols[i-1].Table != c.Table {
			out = append(out, Table{Name: c.Table})
		}
		t := &out[len(out)-1]
		def, _, _ := strings.Cut(c.Default, "::")
		t.Columns = append(t.Columns, Column{c.Name, c.Type, c.NotNull, def})
	}
	for i := range out {
		at[out[i].Name] = &out[i]
	}
	type idx struct {
		Table   string `db:"table_name"`
		Columns string `db:"columns"`
		Unique  bool   `db:"is_unique"`
		Primary bool   `db:"is_primary"`
		Partial bool   `db:"is_partial"`
	}
	indexes, err := All[idx](tx, `SELECT t.relname::TEXT AS table_name,
		(SELECT STRING_AGG(CASE WHEN k.attnum = 0 THEN '(expression)' ELSE a.attname::TEXT END, ', ' ORDER BY k.n)
			FROM UNNEST(i.indkey) WITH ORDINALITY AS k (attnum, n) LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum) AS columns,
		i.indisunique::INT::BIGINT AS is_unique, i.indisprimary::INT::BIGINT AS is_primary, (i.indpred IS NOT NULL)::INT::BIGINT AS is_partial
		FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace n ON n.oid = t.relnamespace
		JOIN pg_am m ON m.oid = x.relam
		WHERE n.nspname = CURRENT_SCHEMA() AND m.amname = 'btree'`)
	if err != nil {
		return nil, err
	}
	for _, x := range indexes {
		t := at[x.Table]
		if x.Primary {
			t.Key = x.Columns
			continue
		}
		t.Indexes = append(t.Indexes, Index{x.Columns, x.Unique, x.Partial})
	}
	type fk struct {
		Table   string `db:"table_name"`
		Columns string `db:"columns"`
		Parent  string `db:"parent"`
		Parents string `db:"parents"`
	}
	keys, err := All[fk](tx, `SELECT t.relname::TEXT AS table_name, p.relname::TEXT AS parent,
		(SELECT STRING_AGG(a.attname::TEXT, ', ' ORDER BY k.n) FROM UNNEST(c.conkey) WITH ORDINALITY AS k (attnum, n) JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum) AS columns,
		(SELECT STRING_AGG(a.attname::TEXT, ', ' ORDER BY k.n) FROM UNNEST(c.confkey) WITH ORDINALITY AS k (attnum, n) JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum) AS parents
		FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class p ON p.oid = c.confrelid JOIN pg_namespace n ON n.oid = t.relnamespace
		WHERE c.contype = 'f' AND n.nspname = CURRENT_SCHEMA()`)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		at[k.Table].Foreign = append(at[k.Table].Foreign, ForeignKey{k.Columns, k.Parent, k.Parents})
	}
	return out, nil
}
