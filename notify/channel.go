package notify

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"chungtay/account"
	"chungtay/internal/errs"
)

// Message is what goes out by a channel: plain text, at most a few lines.
type Message struct {
	ID      string // the same when it is sent again, so that receivers can tell
	To      string // an address of the channel
	Subject string // one line; channels without subjects leave it out
	Body    string
}

// Channel is a way to reach people outside of the system.
type Channel interface {
	// Name is "mail" or "sms"; it is stored with each delivery.
	Name() string
	// Address is where the channel reaches a person; "" if it cannot.
	Address(p account.Person) string
	// Send hands a message over. An error marked by Refused will not be cured by trying again.
	Send(ctx context.Context, m Message) error
}

// The channels.
const (
	Mail = "mail"
	SMS  = "sms"
)

// refusal is an error of a channel that trying again does not cure: no such address, a message that cannot be sent.
type refusal struct{ error }

func (r refusal) Unwrap() error { return r.error }

// Refused marks an error that trying again does not cure.
func Refused(err error) error { return refusal{err} }

// IsRefused tells whether trying again is useless.
func IsRefused(err error) bool {
	var r refusal
	return errors.As(err, &r)
}

// errHeader refuses what would end a header line and begin another one, chosen by whoever wrote the text.
var errHeader = Refused(errs.New(errs.Invalid, "notify.bad_header"))

// oneLine tells whether a text fits into a header: no line ends and no other control characters.
func oneLine(s string) bool { return !strings.ContainsFunc(s, unicode.IsControl) }
