package db

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"strings"
	"sync"
	"time"

	"chungtay/internal/errs"
)

// Exec runs a statement and returns how many rows it touched.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	tx.forget(query)
	r, err := tx.tx.ExecContext(tx.ctx, query, bind(args)...)
	tx.note(err)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// Must1 runs a statement that must touch exactly one row; none is NotFound.
func (tx *Tx) Must1(query string, args ...any) error {
	n, err := tx.Exec(query, args...)
	if err != nil {
		return err
	}
	if n != 1 {
		return errs.Wrap(fmt.Errorf("%d rows touched, want 1", n), errs.NotFound, "")
	}
	return nil
}

// One returns the one row of a query as T; no row is an errs.NotFound error. T is a struct with `db:"column"` tags, or a single
// value. Columns without a field and fields without a column are errors, found at the first use.
func One[T any](tx *Tx, query string, args ...any) (T, error) {
	v, ok, err := Find[T](tx, query, args...)
	if err == nil && !ok {
		err = errs.Wrap(sql.ErrNoRows, errs.NotFound, "")
	}
	return v, err
}

// Find is One for a row that may be absent.
func Find[T any](tx *Tx, query string, args ...any) (T, bool, error) {
	for v, err := range Each[T](tx, query, args...) {
		return v, err == nil, err
	}
	var zero T
	return zero, false, nil
}

// All returns all rows of a query.
func All[T any](tx *Tx, query string, args ...any) ([]T, error) {
	var out []T
	for v, err := range Each[T](tx, query, args...) {
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// Rows runs a query for a caller that learns the columns at run time (a dump of all tables). The caller closes the rows.
func (tx *Tx) Rows(query string, args ...any) (*sql.Rows, error) {
	tx.forget(query)
	rows, err := tx.tx.QueryContext(tx.ctx, query, bind(args)...)
	tx.note(err)
	return rows, err
}

// Each yields the rows of a query one by one; after an error it stops. No other statement may run on tx meanwhile.
func Each[T any](tx *Tx, query string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		tx.forget(query)
		rows, err := tx.tx.QueryContext(tx.ctx, query, bind(args)...)
		tx.note(err)
		if err != nil {
			yield(zero, err)
			return
		}
		defer rows.Close()
		cols, err := rows.Columns()
		if err != nil {
			yield(zero, err)
			return
		}
		plan, err := planFor(reflect.TypeFor[T](), cols)
		if err != nil {
			yield(zero, err)
			return
		}
		for rows.Next() {
			v := new(T)
			if err := plan.scan(rows, reflect.ValueOf(v).Elem()); err != nil {
				yield(zero, err)
				return
			}
			if !yield(*v, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			tx.note(err)
			yield(zero, err)
		}
	}
}

// bind converts arguments to what is stored: instants to Unix milliseconds (zero to NULL), truth to 0/1.
func bind(args []any) []any {
	for i, a := range args {
		switch v := a.(type) {
		case time.Time:
			if v.IsZero() {
				args[i] = nil
			} else {
				args[i] = v.UnixMilli()
			}
		case bool:
			args[i] = int64(0)
			if v {
				args[i] = int64(1)
			}
		default:
			args[i] = plain(a)
		}
	}
	return args
}

// plain strips named string and integer types, which drivers do not all accept.
func plain(a any) any {
	if a == nil {
		return nil
	}
	if _, ok := a.(driver.Valuer); ok {
		return a
	}
	switch v := reflect.ValueOf(a); v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return int64(v.Uint())
	case reflect.Bool:
		if v.Bool() {
			return int64(1)
		}
		return int64(0)
	}
	return a
}

type scanPlan struct {
	whole  bool    // T is a single value
	fields [][]int // per column, the field's index path
}

type planKey struct {
	t    reflect.Type
	cols string
}

var plans sync.Map // planKey -> *scanPlan; a cache of what reflection finds, not state

func planFor(t reflect.Type, cols []string) (*scanPlan, error) {
	key := planKey{t, strings.Join(cols, ",")}
	if p, ok := plans.Load(key); ok {
		return p.(*scanPlan), nil
	}
	p := &scanPlan{}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() || reflect.PointerTo(t).Implements(reflect.TypeFor[sql.Scanner]()) {
		if len(cols) != 1 {
			return nil, fmt.Errorf("scan %d columns into %s", len(cols), t)
		}
		p.whole = true
	} else {
		byName := map[string][]int{}
		collect(t, nil, byName)
		used := 0
		for _, c := range cols {
			path, ok := byName[c]
			if !ok {
				return nil, fmt.Errorf("column %q has no field in %s", c, t)
			}
			p.fields = append(p.fields, path)
			used++
		}
		if used != len(byName) {
			return nil, fmt.Errorf("%s has %d fields with a db tag, the query gives %d columns (%s)", t, len(byName), used, key.cols)
		}
	}
	plans.Store(key, p)
	return p, nil
}

func collect(t reflect.Type, at []int, out map[string][]int) {
	for i := range t.NumField() {
		f := t.Field(i)
		path := append(append([]int(nil), at...), i)
		if tag := f.Tag.Get("db"); tag != "" {
			out[tag] = path
		} else if f.Anonymous && f.Type.Kind() == reflect.Struct {
			collect(f.Type, path, out)
		}
	}
}

func (p *scanPlan) scan(rows *sql.Rows, v reflect.Value) error {
	if p.whole {
		return rows.Scan(&target{v})
	}
	dest := make([]any, len(p.fields))
	targets := make([]target, len(p.fields))
	for i, path := range p.fields {
		targets[i].v = v.FieldByIndex(path)
		dest[i] = &targets[i]
	}
	return rows.Scan(dest...)
}

// target scans one stored value into a field: NULL becomes the zero value.
type target struct{ v reflect.Value }

func (t *target) Scan(src any) error {
	if s, ok := t.v.Addr().Interface().(sql.Scanner); ok {
		return s.Scan(src)
	}
	if src == nil {
		t.v.SetZero()
		return nil
	}
	if t.v.Type() == reflect.TypeFor[time.Time]() {
		n, ok := src.(int64)
		if !ok {
			return fmt.Errorf("instant from %T", src)
		}
		t.v.Set(reflect.ValueOf(time.UnixMilli(n).UTC()))
		return nil
	}
	switch t.v.Kind() {
	case reflect.Pointer:
		p := reflect.New(t.v.Type().Elem())
		if err := (&target{p.Elem()}).Scan(src); err != nil {
			return err
		}
		t.v.Set(p)
		return nil
	case reflect.String:
		switch s := src.(type) {
		case string:
			t.v.SetString(s)
			return nil
		case []byte:
			t.v.SetString(string(s))
			return nil
		}
	case reflect.Bool:
		switch n := src.(type) {
		case int64:
			t.v.SetBool(n != 0)
			return nil
		case bool:
			t.v.SetBool(n)
			return nil
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		switch n := src.(type) {
		case int64:
			t.v.SetInt(n)
			return nil
		case float64:
			if n == float64(int64(n)) {
				t.v.SetInt(int64(n))
				return nil
			}
		case string: // PostgreSQL gives SUM(BIGINT) as NUMERIC
			var x int64
			if _, err := fmt.Sscan(n, &x); err == nil {
				t.v.SetInt(x)
				return nil
			}
		}
	case reflect.Float32, reflect.Float64:
		switch n := src.(type) {
		case float64:
			t.v.SetFloat(n)
			return nil
		case int64:
			t.v.SetFloat(float64(n))
			return nil
		case string:
			var x float64
			if _, err := fmt.Sscan(n, &x); err == nil {
				t.v.SetFloat(x)
				return nil
			}
		}
	case reflect.Slice:
		if t.v.Type().Elem().Kind() == reflect.Uint8 {
			switch b := src.(type) {
			case []byte:
				t.v.SetBytes(append([]byte{}, b...))
				return nil
			case string:
				t.v.SetBytes([]byte(b))
				return nil
			}
		}
	}
	return fmt.Errorf("%T does not fit into %s", src, t.v.Type())
}

// JSON stores a value of any type as JSON text. NULL is the zero value.
type JSON[T any] struct{ V T }

// Value writes the JSON text.
func (j JSON[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(j.V)
	return string(b), err
}

// Scan reads what Value wrote.
func (j *JSON[T]) Scan(src any) error {
	switch s := src.(type) {
	case nil:
		var zero T
		j.V = zero
		return nil
	case string:
		return json.Unmarshal([]byte(s), &j.V)
	case []byte:
		return json.Unmarshal(s, &j.V)
	}
	return fmt.Errorf("JSON from %T", src)
}

// ErrNoRows is the cause inside the NotFound error of One.
var ErrNoRows = sql.ErrNoRows

// IsNone tells whether err is the NotFound of One or Must1.
func IsNone(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// SkipLocked is the clause that lets several nodes take different rows of a queue; empty on SQLite, which has one writer.
func (tx *Tx) SkipLocked() string {
	if tx.Dialect == Postgres {
		return "FOR UPDATE SKIP LOCKED"
	}
	return ""
}

// How many values InsertMany puts into one statement. SQLite looks every numbered value up among all of its statement, so that ten times as many
// take a hundred times as long. PostgreSQL takes up to 65,535, and every statement is a question and an answer, each of which waits for its turn
// where the machine has more to do than it can.
const (
	valuesSQLite   = 600
	valuesPostgres = 8_000
)

// InsertMany writes many rows in few statements and returns how many were written. head is "INSERT INTO … (…)", tail what follows the values
// (ON CONFLICT …), "" for nothing; every row has the same number of values.
func (tx *Tx) InsertMany(head string, rows [][]any, tail string) (int64, error) {
	values, written := valuesSQLite, int64(0)
	if tx.Dialect == Postgres {
		values = valuesPostgres
	}
	for len(rows) > 0 {
		width := len(rows[0])
		n := min(len(rows), max(1, values/width))
		var b strings.Builder
		b.WriteString(head + " VALUES ")
		args := make([]any, 0, n*width)
		for i, r := range rows[:n] {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(In(i*width+1, width))
			args = append(args, r...)
		}
		k, err := tx.Exec(b.String()+" "+tail, args...)
		if err != nil {
			return written, err
		}
		written += k
		rows = rows[n:]
	}
	return written, nil
}

// In builds "($n, $n+1, …)" for a list of arguments that begins at placeholder n; an empty list gives "(NULL)", which matches nothing.
func In(n, count int) string {
	if count == 0 {
		return "(NULL)"
	}
	var b strings.Builder
	for i := range count {
		if i == 0 {
			b.WriteByte('(')
		} else {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", n+i)
	}
	b.WriteByte(')')
	return b.String()
}

// Where collects the conditions of a dynamic list with their arguments. Placeholders in a condition are written ? and numbered
// when added; a literal question mark cannot be written.
type Where struct {
	conds []string
	args  []any
}

// And adds a condition.
func (w *Where) And(cond string, args ...any) {
	var b strings.Builder
	n := len(w.args)
	for _, c := range []byte(cond) {
		if c == '?' {
			n++
			fmt.Fprintf(&b, "$%d", n)
		} else {
			b.WriteByte(c)
		}
	}
	if n-len(w.args) != len(args) {
		panic(fmt.Sprintf("condition %q has %d placeholders, %d arguments", cond, n-len(w.args), len(args)))
	}
	w.args = append(w.args, args...)
	w.conds = append(w.conds, "("+b.String()+")")
}

// SQL returns " WHERE … AND …", or "" without conditions.
func (w *Where) SQL() string {
	if len(w.conds) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conds, " AND ")
}

// Args returns the arguments so far; the next free placeholder is len(Args())+1.
func (w *Where) Args() []any { return append([]any(nil), w.args...) }

// Arg adds an argument outside the conditions (a LIMIT, say) and returns its placeholder.
func (w *Where) Arg(a any) string {
	w.args = append(w.args, a)
	return fmt.Sprintf("$%d", len(w.args))
}

// Hold is the clause that keeps the rows read as they are until this transaction ends: who would change them waits, and when somebody has
// changed them already, this transaction is beaten and runs again. Empty on SQLite, which has one writer, and in a read transaction.
func (tx *Tx) Hold() string {
	if tx.Dialect == Postgres && !tx.readers {
		return "FOR SHARE"
	}
	return ""
}
