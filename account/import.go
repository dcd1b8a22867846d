package account

import (
	"fmt"
	"strings"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/viet"
	"chungtay/internal/web"
	"chungtay/policy"
)

// MostImported is how many people come in with one file.
const MostImported = 1000

// column is a column of a list of people, with the heads by which it is known (folded).
type column struct {
	name  string
	heads []string
}

var importColumns = []column{
	{"name", []string{"ho va ten", "ho ten", "ten", "name", "full name"}},
	{"login", []string{"ten dang nhap", "tai khoan", "login", "sign-in name", "user name"}},
	{"title", []string{"chuc vu", "chuc danh", "title", "position"}},
	{"email", []string{"thu dien tu", "email", "e-mail", "mail"}},
	{"phone", []string{"dien thoai", "so dien thoai", "phone"}},
	{"unit", []string{"don vi", "ma don vi", "unit", "unit code"}},
	{"role", []string{"vai tro", "role"}},
	{"below", []string{"ca don vi cap duoi", "ca cap duoi", "and below", "below"}},
	{"from", []string{"tu ngay", "from"}},
	{"to", []string{"den ngay", "den het ngay", "to"}},
}

// Imported is one person of a list, as understood, with what has to be mended.
type Imported struct {
	Line     int // in the file
	Person   NewPerson
	Role     string
	Unit     string // identifier
	UnitName string
	Below    bool
	From, To civil.Date
	Problems []errs.Message
}

// refuse notes down what has to be mended; another failure is returned.
func (i *Imported) refuse(err error) error {
	if err == nil {
		return nil
	}
	if !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Forbidden) {
		return err
	}
	fields := errs.FieldsOf(err)
	for _, f := range fields {
		i.Problems = append(i.Problems, f.Message)
	}
	if m, ok := errs.TextOf(err); ok && len(fields) == 0 {
		i.Problems = append(i.Problems, m)
	}
	return nil
}

// readList finds the line of heads among the first lines of a table and returns the lines below it by column, with their numbers in the
// file. Lines without any text are left out.
func readList(table [][]string) (rows []map[string]string, lines []int, err error) {
	head, at := map[int]string{}, -1
	for n, line := range table {
		if n > 20 {
			break
		}
		found := map[int]string{}
		for i, cell := range line {
			f := viet.Fold(cell)
			for _, c := range importColumns {
				for _, h := range c.heads {
					if f == h {
						found[i] = c.name
					}
				}
			}
		}
		if len(found) > len(head) {
			head, at = found, n
		}
	}
	have := map[string]bool{}
	for _, name := range head {
		if have[name] {
			return nil, nil, errs.AtField("file", "account.import.twice")
		}
		have[name] = true
	}
	if !have["name"] || !have["unit"] || !have["role"] {
		return nil, nil, errs.AtField("file", "account.import.no_heads")
	}
	for n, line := range table[at+1:] {
		row := map[string]string{}
		for i, cell := range line {
			if name := head[i]; name != "" && strings.TrimSpace(cell) != "" {
				row[name] = strings.TrimSpace(cell)
			}
		}
		if len(row) == 0 {
			continue
		}
		if len(rows) == MostImported {
			return nil, nil, errs.AtField("file", "account.import.too_many", MostImported)
		}
		rows, lines = append(rows, row), append(lines, at+2+n)
	}
	if len(rows) == 0 {
		return nil, nil, errs.AtField("file", "account.import.empty")
	}
	return rows, lines, nil
}

// CheckList understands a list of people and says of each what has to be mended. Nothing is written. roles gives the names of roles for
// people, folded.
func (c *Accounts) CheckList(tx *db.Tx, by policy.Actor, table [][]string, roles map[string]string) ([]Imported, error) {
	if !by.Holds(Manage) {
		return nil, errs.New(errs.Forbidden, "account.may_not_manage")
	}
	rows, lines, err := readList(table)
	if err != nil {
		return nil, err
	}
	today := civil.Of(tx.Now)
	taken := map[string]int{}
	out := make([]Imported, len(rows))
	units := map[string][3]string{} // words -> id, name, problem
	for n, row := range rows {
		i := &out[n]
		i.Line = lines[n]
		i.Person = NewPerson{Name: row["name"], Login: row["login"], Email: row["email"], Phone: row["phone"], Title: row["title"]}
		if i.Person.Login == "" {
			if i.Person.Login, err = freeLogin(tx, i.Person.Name, taken); err != nil {
				return nil, err
			}
		}
		if err := i.refuse(i.Person.check()); err != nil {
			return nil, err
		}
		if first, ok := taken[i.Person.Login]; ok {
			i.Problems = append(i.Problems, errs.Message{Key: "account.import.login_twice", Args: []any{first}})
		} else {
			taken[i.Person.Login] = i.Line
			if _, known, err := findPersonByLogin(tx, i.Person.Login); err != nil {
				return nil, err
			} else if known {
				i.Problems = append(i.Problems, errs.Message{Key: "account.login_taken"})
			}
		}
		i.Below = map[string]bool{"x": true, "co": true, "yes": true, "1": true, "true": true}[viet.Fold(row["below"])]
		var ok bool
		if i.From, ok = listDay(row["from"], today); !ok {
			i.Problems = append(i.Problems, errs.Message{Key: "account.import.bad_day", Args: []any{row["from"]}})
		}
		if i.To, ok = listDay(row["to"], civil.Date{}); !ok {
			i.Problems = append(i.Problems, errs.Message{Key: "account.import.bad_day", Args: []any{row["to"]}})
		}
		i.Role = roles[viet.Fold(row["role"])]
		if _, known := c.Book[i.Role]; !known {
			i.Problems = append(i.Problems, errs.Message{Key: "account.import.no_role", Args: []any{row["role"]}})
		}
		u, known := units[row["unit"]]
		if !known {
			if u, err = c.listUnit(tx, by, row["unit"]); err != nil {
				return nil, err
			}
			units[row["unit"]] = u
		}
		i.Unit, i.UnitName = u[0], u[1]
		if u[2] != "" {
			i.Problems = append(i.Problems, errs.Message{Key: u[2], Args: []any{row["unit"]}})
		}
		if len(i.Problems) == 0 {
			err := c.mayGive(tx, by, NewHolding{Role: i.Role, Unit: i.Unit, From: i.From, To: i.To})
			if err := i.refuse(err); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// listUnit finds the one unit of the actor's that is meant: by code, or by its name.
func (c *Accounts) listUnit(tx *db.Tx, by policy.Actor, words string) (out [3]string, err error) {
	if words == "" {
		out[2] = "account.import.need_unit"
		return out, nil
	}
	found, err := c.Units.Find(tx, words, 50)
	if err != nil {
		return out, err
	}
	scope := c.Book.Scope(by, Manage)
	var within, exact []Unit
	for _, u := range found {
		ok, err := c.inScope(tx, scope, u.ID)
		if err != nil {
			return out, err
		}
		if !ok {
			continue
		}
		within = append(within, u)
		if viet.Fold(u.Name) == viet.Fold(words) || u.Code != "" && strings.EqualFold(u.Code, words) {
			exact = append(exact, u)
		}
	}
	if len(exact) > 0 {
		within = exact
	}
	switch len(within) {
	case 0:
		out[2] = "account.import.no_unit"
	case 1:
		out[0], out[1] = within[0].ID, within[0].Name
	default:
		out[2] = "account.import.which_unit"
	}
	return out, nil
}

// listDay reads a day as spreadsheets and people write it.
func listDay(s string, none civil.Date) (civil.Date, bool) {
	if s == "" {
		return none, true
	}
	if d, err := civil.Parse(s); err == nil {
		return d, true
	}
	return web.ParseDate(s)
}

// freeLogin makes a sign-in name of a person's name, as offices do: the given name and the first letters of the others (an.lv), with a
// number when it is taken.
func freeLogin(tx *db.Tx, name string, taken map[string]int) (string, error) {
	words := strings.Fields(LoginKey(name))
	if len(words) == 0 {
		return "", nil
	}
	base := words[len(words)-1]
	if len(words) > 1 {
		base += "."
		for _, w := range words[:len(words)-1] {
			base += string([]rune(w)[:1])
		}
	}
	for n := 1; ; n++ {
		login := base
		if n > 1 {
			login = fmt.Sprint(base, n)
		}
		if len(login) < 3 {
			continue
		}
		if _, used := taken[login]; used {
			continue
		}
		_, known, err := findPersonByLogin(tx, login)
		if err != nil || !known {
			return login, err
		}
	}
}

// Invitation is a person who came in, with the link when no mail took it there.
type Invitation struct {
	Person Person
	Link   string
}

// ImportList adds the people of a list with their roles and invitations: all of them, or none when one line has to be mended.
func (c *Accounts) ImportList(tx *db.Tx, by policy.Actor, table [][]string, roles map[string]string) ([]Invitation, error) {
	list, err := c.CheckList(tx, by, table, roles)
	if err != nil {
		return nil, err
	}
	for _, i := range list {
		if len(i.Problems) > 0 {
			return nil, errs.AtField("file", "account.import.mend_first")
		}
	}
	out := make([]Invitation, len(list))
	for n, i := range list {
		p, err := c.Invite(tx, by, i.Person)
		if err != nil {
			return nil, err
		}
		if _, err := c.Give(tx, by, NewHolding{Person: p.ID, Role: i.Role, Unit: i.Unit, Below: i.Below, From: i.From, To: i.To}); err != nil {
			return nil, err
		}
		token, err := c.makeLink(tx, by, p)
		if err != nil {
			return nil, err
		}
		out[n].Person = p
		if c.Post != nil && p.Email != "" {
			if err := c.Post.Link(tx, p, token); err != nil {
				return nil, err
			}
			continue
		}
		out[n].Link = c.BaseURL + "/link/" + token
	}
	return out, nil
}
