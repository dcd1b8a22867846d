package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"chungtay/account"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/policy"
)

// AdminCmd makes an administrator of the whole installation: the first one, or another when nobody can sign in any more. It also gives
// the roles that no administrator can give because none holds them: the system administrator's and the auditor's.
type AdminCmd struct {
	Login  string   `arg:"" help:"Tên đăng nhập. (Sign-in name.)"`
	Name   string   `arg:"" optional:"" help:"Họ và tên; để trống nếu người này đã có tài khoản. (Full name; none for a person who is known.)"`
	Email  string   `help:"Thư điện tử. (E-mail.)"`
	Role   []string `help:"Vai trò được giao. (Roles to give.)" enum:"administrator,system_administrator,auditor" default:"administrator,system_administrator"`
	Config string   `help:"Tệp thiết lập TOML. (Settings file.)" type:"path"`
}

// Run prints the link with which a new person sets a password. It works once, for seven days.
func (c AdminCmd) Run(ctx context.Context, s *Streams) error {
	in, err := openReady(ctx, c.Config, s)
	if err != nil {
		return err
	}
	defer in.Close()
	link, err := in.MakeAdministrator(ctx, account.NewPerson{Login: c.Login, Name: c.Name, Email: c.Email}, c.Role)
	if err != nil {
		return in.inWords(err)
	}
	if link == "" {
		fmt.Fprintln(s.Err, "Đã giao vai trò. (The roles are given.)")
		return nil
	}
	fmt.Fprintln(s.Out, link)
	fmt.Fprintln(s.Err, "Mở liên kết này trong 7 ngày để đặt mật khẩu; dùng được một lần. (Open this link within 7 days to set the password; it works once.)")
	return nil
}

// MakeAdministrator gives roles over everything, establishing the centre (Chính phủ and its ministries) when there are no units yet: to a
// new person, whose link for the password it returns, or, when no name is given, to the one who has the sign-in name. Whoever can run it
// has the keys and the database anyway.
func (in *Installation) MakeAdministrator(ctx context.Context, n account.NewPerson, roles []string) (link string, err error) {
	by := policy.System("admin")
	err = in.DB.Write(ctx, func(tx *db.Tx) error {
		today := civil.Of(tx.Now)
		top, err := in.Units.EstablishNation(tx, by, today)
		if err != nil {
			return err
		}
		var p account.Person
		if n.Name == "" {
			p, err = account.ByLogin(tx, n.Login)
		} else {
			p, err = in.Accounts.Invite(tx, by, n)
		}
		if err != nil {
			return err
		}
		for _, role := range roles {
			if _, err := in.Accounts.Give(tx, by, account.NewHolding{Person: p.ID, Role: role, Unit: top.ID, Below: true, From: today}); err != nil {
				return err
			}
		}
		if n.Name == "" {
			return nil
		}
		token, err := in.Accounts.MakeLink(tx, by, p.ID)
		link = in.Config.PublicURL + "/link/" + token
		return err
	})
	return link, err
}

// inWords makes of a refusal that speaks to people the sentence it would show on a page.
func (in *Installation) inWords(err error) error {
	var out []string
	for _, f := range errs.FieldsOf(err) {
		out = append(out, in.Words.Text(i18n.VI, f.Key, f.Args...))
	}
	if m, ok := errs.TextOf(err); ok {
		out = append(out, in.Words.Text(i18n.VI, m.Key, m.Args...))
	}
	if out == nil {
		return err
	}
	return errors.New(strings.Join(out, "; "))
}
