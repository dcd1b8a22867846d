package account

import (
	"embed"
	"net/mail"
	"strings"
	"time"

	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/internal/viet"
	"chungtay/policy"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations of this room.
func Migrations() db.Migrations { return db.Migrations{Room: "account", FS: migrations} }

// Permissions of this room.
const (
	Read    policy.Permission = "account.read"    // see the people of one's units
	Manage  policy.Permission = "account.manage"  // invite, change and close people; grant and end roles
	Session policy.Permission = "account.session" // see and end other people's sessions
	Review  policy.Permission = "account.review"  // told of broken glass in one's units; reviews it
)

// State of a person's account.
type State string

// The states.
const (
	Invited State = "invited"
	Active  State = "active"
	Closed  State = "closed"
)

// Person is one who works with the system.
type Person struct {
	ID         string    `db:"id"`
	Name       string    `db:"name"`
	NameFold   string    `db:"name_fold" audit:"-"`
	NameSort   []byte    `db:"name_sort" audit:"-"`
	Login      string    `db:"login"`
	Email      string    `db:"email"`
	Phone      string    `db:"phone"`
	Title      string    `db:"title"`
	State      State     `db:"state"`
	Password   string    `db:"password" audit:"mask"`
	PasswordAt time.Time `db:"password_at"`
	CreatedAt  time.Time `db:"created_at" audit:"-"`
	UnitID     string    `db:"unit_id"` // whose administrator brought the person in; "": the installation itself
	Version    int64     `db:"version" audit:"-"`
}

// Holding is a role held in a unit for a time.
type Holding struct {
	ID        string     `db:"id"`
	PersonID  string     `db:"person_id"`
	Role      string     `db:"role"`
	UnitID    string     `db:"unit_id"`
	Below     bool       `db:"below"`
	FromDay   civil.Date `db:"from_day"`
	ToDay     civil.Date `db:"to_day"` // last day; zero: without end
	Of        string     `db:"of_holding"`
	Reason    string     `db:"reason"`
	GrantedBy string     `db:"granted_by"`
	GrantedAt time.Time  `db:"granted_at"`
	EndedAt   time.Time  `db:"ended_at"`
	EndedBy   string     `db:"ended_by"`
}

// InForce tells whether the holding counts on a day.
func (h Holding) InForce(day civil.Date) bool {
	return h.EndedAt.IsZero() && !day.Before(h.FromDay) && (h.ToDay.IsZero() || !day.After(h.ToDay))
}

// Units tells where a unit stands; the orgunit room gives it.
type Units interface {
	// Above returns the units above a unit.
	Above(tx *db.Tx, unit string) ([]string, error)
	// Name returns a unit's name today.
	Name(tx *db.Tx, unit string) (string, error)
	// Find returns the units whose name or code fits what a person typed, best first, at most limit.
	Find(tx *db.Tx, words string, limit int) ([]Unit, error)
}

// Unit is a unit as shown for choosing.
type Unit struct{ ID, Name, Place, Code string }

// Post sends a person their single-use link; the notify room gives it.
type Post interface {
	Link(tx *db.Tx, to Person, token string) error
}

// Accounts is the room: its rules with what they need from outside.
type Accounts struct {
	Book   policy.Book
	Units  Units
	Vault  Vault
	Hasher *Hasher
	Post   Post          // nil: no mail is set up; links are handed over by the administrator
	Idle   time.Duration // 0: 30 minutes

	BaseURL string // address of the site, for links

	SignOn *Provider // nil: people sign in here only

	Protected []ProtectedKind // kinds of record that are read for a stated purpose only
	Bell      Bell            // tells supervisors of broken glass
}

// NewPerson is what an administrator says of somebody to invite.
type NewPerson struct {
	Name, Login, Email, Phone, Title string
}

func (n *NewPerson) check() error {
	n.Name = strings.Join(strings.Fields(viet.NFC(n.Name)), " ")
	n.Login = LoginKey(n.Login)
	n.Email = strings.ToLower(strings.TrimSpace(n.Email))
	switch {
	case n.Name == "":
		return errs.AtField("name", "account.need_name")
	case len([]rune(n.Name)) > 100:
		return errs.AtField("name", "account.name_long", 100)
	case len(n.Login) < 3 || len(n.Login) > 100 || strings.ContainsAny(n.Login, " \t\n<>\"'&"):
		return errs.AtField("login", "account.bad_login")
	}
	if n.Email != "" {
		if a, err := mail.ParseAddress(n.Email); err != nil || a.Address != n.Email || strings.ContainsAny(n.Email, "\r\n") {
			return errs.AtField("email", "account.bad_email")
		}
	}
	return nil
}

// LoginKey is the form in which sign-in names are stored and compared: no marks, no case, no spaces around.
func LoginKey(s string) string { return viet.Fold(strings.TrimSpace(s)) }

// Invite adds a person in state Invited and returns it; the caller makes the link. The login must be new. Until the person holds a role,
// only administrators of the unit by whose role the actor invites see and manage them.
func (c *Accounts) Invite(tx *db.Tx, by policy.Actor, n NewPerson) (Person, error) {
	if !by.Holds(Manage) {
		return Person{}, errs.New(errs.Forbidden, "account.may_not_manage")
	}
	if err := n.check(); err != nil {
		return Person{}, err
	}
	p := newPerson(tx, n)
	if g, ok := by.GrantFor(Manage, by.Unit); ok {
		p.UnitID = g.Unit
	}
	if _, taken, err := findPersonByLogin(tx, p.Login); err != nil {
		return Person{}, err
	} else if taken {
		return Person{}, errs.AtField("login", "account.login_taken")
	}
	if err := insertPerson(tx, p); err != nil {
		return Person{}, err
	}
	return p, audit.Log(tx, by, audit.By(Manage, p.UnitID), audit.Deed{Action: "account.invite", Kind: "person", ID: p.ID, Change: audit.Diff(nil, p)})
}

// Enrol adds a person whose password is already in its stored form, in state Active, with roles held from the start: how the program
// makes the people of a demonstration or a test. Only the system may, and nothing is checked that people could get wrong.
func (c *Accounts) Enrol(tx *db.Tx, by policy.Actor, n NewPerson, stored string, roles ...NewHolding) (Person, error) {
	if !by.IsSystem() {
		return Person{}, errs.New(errs.Forbidden, "account.may_not_manage")
	}
	if err := n.check(); err != nil {
		return Person{}, err
	}
	p := newPerson(tx, n)
	p.State, p.Password, p.PasswordAt = Active, stored, tx.Now
	if err := insertPerson(tx, p); err != nil {
		return Person{}, err
	}
	change := audit.Diff(nil, p)
	var given, where []string
	for _, r := range roles {
		if _, ok := c.Book[r.Role]; !ok {
			return Person{}, errs.AtField("role", "account.no_role")
		}
		h := Holding{ID: ids.New(tx.Now), PersonID: p.ID, Role: r.Role, UnitID: r.Unit, Below: r.Below, FromDay: r.From, ToDay: r.To, GrantedBy: by.Person, GrantedAt: tx.Now}
		if err := insertHolding(tx, h); err != nil {
			return Person{}, err
		}
		given, where = append(given, r.Role), append(where, r.Unit)
	}
	change["role"], change["unit_id"] = [2]string{"", strings.Join(given, ", ")}, [2]string{"", strings.Join(where, ", ")}
	return p, audit.Log(tx, by, audit.Self(), audit.Deed{Action: "account.enrol", Kind: "person", ID: p.ID, Change: change})
}

func newPerson(tx *db.Tx, n NewPerson) Person {
	return Person{ID: ids.New(tx.Now), Name: n.Name, NameFold: viet.Fold(n.Name), NameSort: viet.SortKey(viet.GivenNameFirst(n.Name)), Login: n.Login, Email: n.Email,
		Phone: strings.TrimSpace(n.Phone), Title: strings.TrimSpace(n.Title), State: Invited, CreatedAt: tx.Now, Version: 1}
}

// CountPeople counts everybody who was ever enrolled or invited.
func CountPeople(tx *db.Tx) (int, error) { return countPeople(tx) }

// CountAdministrators counts the people who can manage people now and without end.
func CountAdministrators(tx *db.Tx) (int, error) { return countAdministrators(tx, "") }
