package notify

import (
	"context"
	"errors"
	"strings"
	"time"

	"chungtay/account"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ids"
	"chungtay/internal/jobs"
	"chungtay/policy"
)

// Notices is the room with what it needs from outside.
type Notices struct {
	Accounts *account.Accounts
	Words    *i18n.Catalogue
	Vault    Vault
	BaseURL  string    // address of the site, for links in messages
	Channels []Channel // none: the inbox is all there is
}

// Vault seals the secrets of letters; internal/seal gives it.
type Vault interface {
	Seal(tx *db.Tx, kind, id, field string, plain []byte) ([]byte, error)
	Unseal(tx *db.Tx, kind, id, field string, sealed []byte) ([]byte, error)
	Forget(tx *db.Tx, kind, id string) error
}

// State of a delivery.
type State string

// The states.
const (
	Waiting  State = "waiting"  // for its time
	Queued   State = "queued"   // given to a job
	Sent     State = "sent"     // taken over by the mail server or the gateway
	Failed   State = "failed"   // refused, or tried too often
	Unneeded State = "unneeded" // read in the inbox meanwhile, or the person can no longer be reached
)

// States lists them.
var States = []State{Waiting, Queued, Sent, Failed, Unneeded}

const fanPart = 200 // notices decided on in one transaction

// fan decides for new notices to whom they go by which channel, and when.
func (n *Notices) fan(ctx context.Context, j *jobs.Job) error {
	if len(n.Channels) == 0 {
		return j.Finish(ctx, skipFan)
	}
	for {
		done := 0
		err := j.Write(ctx, func(tx *db.Tx) error {
			list, err := listUnfanned(tx, fanPart)
			if err != nil {
				return err
			}
			done = len(list)
			return n.fanPart(tx, list)
		})
		if err != nil || done < fanPart {
			return err
		}
	}
}

func (n *Notices) fanPart(tx *db.Tx, list []notice) error {
	type place struct{ unit, needs string }
	known := map[place][]account.Person{}
	soon := false
	for _, x := range list {
		var readers []account.Person
		switch {
		case x.Unit == "":
			p, err := account.ByID(tx, x.To)
			if err != nil && !errs.Is(err, errs.NotFound) {
				return err
			}
			if err == nil && p.State == account.Active {
				readers = []account.Person{p}
			}
		default:
			at := place{x.Unit, x.Needs}
			if _, ok := known[at]; !ok {
				people, err := n.Accounts.HoldersOf(tx, x.Unit, policy.Permission(x.Needs))
				if err != nil {
					return err
				}
				known[at] = people
			}
			readers = known[at]
		}
		for _, p := range readers {
			pref, err := preferenceOf(tx, p.ID)
			if err != nil {
				return err
			}
			for _, c := range n.Channels {
				due, ok := pref.due(c.Name(), x.Urgent, tx.Now)
				if !ok || c.Address(p) == "" {
					continue
				}
				soon = soon || !due.After(tx.Now)
				if err := insertDelivery(tx, Delivery{ID: ids.New(tx.Now), NoticeID: x.ID, PersonID: p.ID, Channel: c.Name(), State: Waiting, Due: due, At: tx.Now}); err != nil {
					return err
				}
			}
		}
		if err := setFanned(tx, x.ID); err != nil {
			return err
		}
	}
	if soon {
		_, err := jobs.Enqueue(tx, "notify.deliver", nil, jobs.Coalesce("deliver"))
		return err
	}
	return nil
}

// deliver gives what is due to one job a person and channel, so that several notices make one message.
func (n *Notices) deliver(ctx context.Context, j *jobs.Job) error {
	const part = 200
	for {
		done := 0
		err := j.Write(ctx, func(tx *db.Tx) error {
			list, err := listDue(tx, part)
			if err != nil {
				return err
			}
			done = len(list)
			for _, d := range list {
				if err := queueDue(tx, d); err != nil {
					return err
				}
				if _, err := jobs.Enqueue(tx, "notify.send", d, jobs.Coalesce(d.Channel+" "+d.Person), jobs.Owner("", d.Person)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || done < part {
			return err
		}
	}
}

// addressee names the person and channel of a message; it is the payload of notify.send.
type addressee struct {
	Person  string `json:"person" db:"person_id"`
	Channel string `json:"channel" db:"channel"`
}

const (
	sendAttempts = 8
	mostTold     = 30 // notices in one message; the rest is counted
)

func (n *Notices) channel(name string) Channel {
	for _, c := range n.Channels {
		if c.Name() == name {
			return c
		}
	}
	return nil
}

// send sends one message with all that is queued for a person and channel. A message taken over by the server just before this node
// died is sent again with the same identifier.
func (n *Notices) send(ctx context.Context, j *jobs.Job) error {
	var to addressee
	if err := j.Decode(&to); err != nil {
		return err
	}
	c := n.channel(to.Channel)
	if c == nil {
		return j.Finish(ctx, func(tx *db.Tx) error { return endQueued(tx, to, nil, Unneeded, "channel is not set up") })
	}
	var p account.Person
	var pref Preference
	var list []queued
	err := j.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p, err = account.ByID(tx, to.Person); err != nil {
			return err
		}
		if pref, err = preferenceOf(tx, to.Person); err != nil {
			return err
		}
		line, err := lineOf(tx, to.Person)
		if err != nil {
			return err
		}
		list, err = listQueued(tx, to, line)
		return err
	})
	if err != nil {
		return err
	}
	var unread []queued
	all := make([]string, len(list))
	for i, q := range list {
		all[i] = q.Delivery
		if !q.IsRead {
			unread = append(unread, q)
		}
	}
	address := c.Address(p)
	if len(unread) == 0 || address == "" || p.State != account.Active {
		return j.Finish(ctx, func(tx *db.Tx) error { return endQueued(tx, to, all, Unneeded, "") })
	}
	m := n.compose(pref.Lang, unread)
	m.To = address
	err = c.Send(ctx, m)
	switch {
	case err == nil:
		return j.Finish(ctx, func(tx *db.Tx) error { return endQueued(tx, to, all, Sent, "") })
	case IsRefused(err):
		return j.Finish(ctx, func(tx *db.Tx) error { return endQueued(tx, to, all, Failed, errs.Reason(err)) })
	case j.Attempt >= sendAttempts:
		if werr := j.Write(ctx, func(tx *db.Tx) error { return endQueued(tx, to, all, Failed, errs.Reason(err)) }); werr != nil {
			return werr
		}
	default:
		if werr := j.Write(ctx, func(tx *db.Tx) error { return noteAttempt(tx, all, errs.Reason(err)) }); werr != nil {
			return werr
		}
	}
	return err
}

// compose writes the message: one notice as it stands, several as a list.
func (n *Notices) compose(l i18n.Lang, list []queued) Message {
	say := func(key string, args ...any) string { return n.Words.Text(l, key, args...) }
	m := Message{ID: list[len(list)-1].Delivery}
	var b strings.Builder
	if list[0].Channel == SMS {
		m.Body = say("notify.sms.one", clip(n.sentence(l, list[0]), 200), n.BaseURL+"/inbox")
		if len(list) > 1 {
			m.Body = say("notify.sms.many", len(list), n.BaseURL+"/inbox")
		}
		return m
	}
	if len(list) == 1 {
		m.Subject = clip(n.sentence(l, list[0]), 150)
	} else {
		m.Subject = say("notify.mail.many", len(list))
	}
	for i, q := range list {
		if i == mostTold {
			b.WriteString(say("notify.mail.more", len(list)-mostTold) + "\n" + n.BaseURL + "/inbox\n\n")
			break
		}
		b.WriteString(n.sentence(l, q) + "\n" + n.BaseURL + q.Path + "\n\n")
	}
	b.WriteString("--\n" + say("notify.mail.foot", n.BaseURL+"/me/notices") + "\n")
	m.Body = b.String()
	return m
}

// sentence is a notice in words, on one line whatever its arguments hold.
func (n *Notices) sentence(l i18n.Lang, q queued) string {
	return strings.Join(strings.Fields(strings.Map(spaced, n.Words.Text(l, q.Word, unpackArgs(q.Args.V)...))), " ")
}

func spaced(r rune) rune {
	if r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 || r == '\u2028' || r == '\u2029' {
		return ' '
	}
	return r
}

func clip(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}

// Link sends a person the single-use link to the account. It makes Notices an account.Post. The link opens the account, so it is sealed
// until it is sent and destroyed then.
func (n *Notices) Link(tx *db.Tx, to account.Person, token string) error {
	word := "reset"
	if to.State == account.Invited {
		word = "invite"
	}
	l := letter{ID: ids.New(tx.Now), PersonID: to.ID, Word: word, At: tx.Now}
	var err error
	if l.Secret, err = n.Vault.Seal(tx, "letter", l.ID, "secret", []byte(n.BaseURL+"/link/"+token)); err != nil {
		return err
	}
	if err := insertLetter(tx, l); err != nil {
		return err
	}
	_, err = jobs.Enqueue(tx, "notify.letter", l.ID, jobs.WithPriority(jobs.High), jobs.Owner("", to.ID))
	return err
}

// CanSendLinks tells whether single-use links can go out by mail.
func (n *Notices) CanSendLinks() bool { return n.channel(Mail) != nil }

const letterAttempts = 6

func (n *Notices) sendLetter(ctx context.Context, j *jobs.Job) error {
	var id string
	if err := j.Decode(&id); err != nil {
		return err
	}
	var l letter
	var p account.Person
	var pref Preference
	var address string
	err := j.DB.Read(ctx, func(tx *db.Tx) (err error) {
		var ok bool
		if l, ok, err = findLetter(tx, id); err != nil || !ok || l.Secret == nil {
			return err
		}
		if p, err = account.ByID(tx, l.PersonID); err != nil {
			return err
		}
		if pref, err = preferenceOf(tx, l.PersonID); err != nil {
			return err
		}
		b, err := n.Vault.Unseal(tx, "letter", l.ID, "secret", l.Secret)
		address = string(b)
		return err
	})
	if err != nil {
		return err
	}
	if l.Secret == nil {
		return nil // sent by an attempt before
	}
	end := func(reason string) func(tx *db.Tx) error {
		return func(tx *db.Tx) error {
			if err := endLetter(tx, l.ID, reason); err != nil {
				return err
			}
			return n.Vault.Forget(tx, "letter", l.ID)
		}
	}
	c := n.channel(Mail)
	if c == nil || c.Address(p) == "" {
		return j.Finish(ctx, end("no address"))
	}
	err = c.Send(ctx, Message{ID: l.ID, To: c.Address(p), Subject: n.Words.Text(pref.Lang, "notify.letter_subject."+l.Word), Body: n.Words.Text(pref.Lang, "notify.letter."+l.Word, p.Name, address, p.Login)})
	switch {
	case err == nil:
		return j.Finish(ctx, end(""))
	case IsRefused(err):
		return j.Finish(ctx, end(errs.Reason(err)))
	case j.Attempt >= letterAttempts:
		return errors.Join(err, j.Write(ctx, end(errs.Reason(err))))
	}
	return err
}

// Jobs of this room with their timetable.
func (n *Notices) Jobs() ([]jobs.Kind, []jobs.Entry) {
	quick := jobs.Exponential(15*time.Second, 2*time.Hour)
	return []jobs.Kind{
			{Name: "notify.fan", Run: n.fan, Queue: "notify.fan"},
			{Name: "notify.deliver", Run: n.deliver, Queue: "notify.fan"},
			{Name: "notify.send", Run: n.send, Queue: "notify.send", MaxAttempts: sendAttempts, Timeout: time.Minute, Backoff: quick},
			{Name: "notify.letter", Run: n.sendLetter, MaxAttempts: letterAttempts, Timeout: time.Minute, Backoff: quick},
			{Name: "notify.prune", Run: func(ctx context.Context, j *jobs.Job) error { return j.Finish(ctx, Prune) }},
		}, []jobs.Entry{
			{Name: "notify.fan", Schedule: jobs.Every(time.Minute), Kind: "notify.fan"},
			{Name: "notify.deliver", Schedule: jobs.Every(time.Minute), Kind: "notify.deliver"},
			{Name: "notify.prune", Schedule: jobs.Every(24 * time.Hour), Kind: "notify.prune"},
		}
}

// Counts counts deliveries by state, for the overview of administrators.
func Counts(tx *db.Tx) (map[State]int, error) { return countDeliveries(tx) }
