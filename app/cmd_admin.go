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

// AdminCmd makes an administrator of the whole installation: the first one, or another when nobody can sign in any more.
type AdminCmd struct {
	Login  string `arg:"" help:"Tên đăng nhập. (Sign-in name.)"`
	Name   string `arg:"" help:"Họ và tên. (Full name.)"`
	Email  string `help:"Thư điện tử. (E-mail.)"`
	Config string `help:"Tệp thiết lập TOML. (Settings file.)" type:"path"`
}

// Run prints the link with which the person sets a password. It works once, for seven days.
func (c AdminCmd) Run(ctx context.Context, s *Streams) error {
	in, err := openReady(ctx, c.Config, s)
	if err != nil {
		return err
	}
	defer in.Close()
	link, err := in.MakeAdministrator(ctx, account.NewPerson{Login: c.Login, Name: c.Name, Email: c.Email})
	if err != nil {
		return in.inWords(err)
	}
	fmt.Fprintln(s.Out, link)
	fmt.Fprintln(s.Err, "Mở liên kết này trong 7 ngày để đặt mật khẩu; dùng được một lần. (Open this link within 7 days to set the password; it works once.)")
	return nil
}

// MakeAdministrator invites a person as administrator of everything, establishing the centre (Chính phủ and its ministries) when there are
// no units yet, and returns the link for the password. Whoever can run it has the keys and the database anyway.
func (in *Installation) MakeAdministrator(ctx context.Context, n account.NewPerson) (link string, err error) {
	by := policy.System("admin")
	err = in.DB.Write(ctx, func(tx *db.Tx) error {
		today := civil.Of(tx.Now)
		top, err := in.Units.EstablishNation(tx, by, today)
		if err != nil {
			return err
		}
		p, err := in.Accounts.Invite(tx, by, n)
		if err != nil {
			return err
		}
		if _, err := in.Accounts.Give(tx, by, account.NewHolding{Person: p.ID, Role: account.Administrator, Unit: top.ID, Below: true, From: today}); err != nil {
			return err
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
