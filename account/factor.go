package account

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/policy"
)

// Vault seals small secrets; internal/seal gives it.
type Vault interface {
	Seal(tx *db.Tx, kind, id, field string, plain []byte) ([]byte, error)
	Unseal(tx *db.Tx, kind, id, field string, sealed []byte) ([]byte, error)
}

const (
	codePeriod    = 30 // seconds
	codeSkew      = 1  // steps before and after now that are accepted
	recoveryCount = 10
	totpIssuer    = "Chung Tay"
)

// StartCodes makes a new secret for codes and returns it with the address that an authenticator reads from a QR picture. It counts
// only after ConfirmCodes.
func (c *Accounts) StartCodes(tx *db.Tx, by policy.Actor) (secret, address string, err error) {
	p, err := personByID(tx, by.Person)
	if err != nil {
		return "", "", err
	}
	if t, ok, err := findTOTP(tx, p.ID); err != nil {
		return "", "", err
	} else if ok && !t.ConfirmedAt.IsZero() {
		return "", "", errs.New(errs.Conflict, "account.codes_on")
	}
	raw := make([]byte, 20)
	rand.Read(raw)
	key, err := totp.Generate(totp.GenerateOpts{Issuer: totpIssuer, AccountName: p.Login, Secret: raw, Period: codePeriod})
	if err != nil {
		return "", "", err
	}
	sealed, err := c.Vault.Seal(tx, "person", p.ID, "totp", raw)
	if err != nil {
		return "", "", err
	}
	return key.Secret(), key.URL(), saveTOTP(tx, totpRow{PersonID: p.ID, Secret: sealed})
}

// pendingCodes returns the secret that waits for its first code.
func (c *Accounts) pendingCodes(tx *db.Tx, by policy.Actor) (secret, address string, err error) {
	p, err := personByID(tx, by.Person)
	if err != nil {
		return "", "", err
	}
	t, ok, err := findTOTP(tx, p.ID)
	if err != nil {
		return "", "", err
	}
	if !ok || !t.ConfirmedAt.IsZero() {
		return "", "", errs.New(errs.Conflict, "account.codes_on")
	}
	raw, err := c.Vault.Unseal(tx, "person", p.ID, "totp", t.Secret)
	if err != nil {
		return "", "", err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: totpIssuer, AccountName: p.Login, Secret: raw, Period: codePeriod})
	if err != nil {
		return "", "", err
	}
	return key.Secret(), key.URL(), nil
}

// ConfirmCodes turns codes on after one was shown, and returns recovery codes, shown once. Other sessions of the person end.
func (c *Accounts) ConfirmCodes(tx *db.Tx, by policy.Actor, code string) ([]string, error) {
	t, ok, err := findTOTP(tx, by.Person)
	if err != nil {
		return nil, err
	}
	if !ok || !t.ConfirmedAt.IsZero() {
		return nil, errs.New(errs.Conflict, "account.codes_on")
	}
	step, good, err := c.checkCode(tx, t, code)
	if err != nil {
		return nil, err
	}
	if !good {
		return nil, errs.AtField("code", "account.code_wrong")
	}
	t.ConfirmedAt, t.LastStep = tx.Now, step
	if err := saveTOTP(tx, t); err != nil {
		return nil, err
	}
	codes, err := newRecoveryCodes(tx, by.Person)
	if err != nil {
		return nil, err
	}
	if err := markStrong(tx, by.Session); err != nil {
		return nil, err
	}
	if err := endSessions(tx, by.Person, by.Session, "factor"); err != nil {
		return nil, err
	}
	return codes, audit.Log(tx, by, audit.Self(), audit.Deed{Action: "account.codes_on", Kind: "person", ID: by.Person})
}

func newRecoveryCodes(tx *db.Tx, person string) ([]string, error) {
	if err := deleteRecoveryCodes(tx, person); err != nil {
		return nil, err
	}
	var out []string
	for range recoveryCount {
		raw := make([]byte, 10)
		rand.Read(raw)
		s := strings.ToLower(base32.StdEncoding.EncodeToString(raw))
		out = append(out, s[:4]+"-"+s[4:8]+"-"+s[8:12]+"-"+s[12:])
		if err := insertRecoveryCode(tx, person, tokenKey(s)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// checkCode compares a code with the steps around now and returns the step it belongs to. A step already used, or before one used,
// never fits again.
func (c *Accounts) checkCode(tx *db.Tx, t totpRow, code string) (step int64, ok bool, err error) {
	code = strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, code)
	raw, err := c.Vault.Unseal(tx, "person", t.PersonID, "totp", t.Secret)
	if err != nil {
		return 0, false, err
	}
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
	now := tx.Now.Unix() / codePeriod
	for s := now - codeSkew; s <= now+codeSkew; s++ {
		fits, err := totp.ValidateCustom(code, secret, time.Unix(s*codePeriod, 0), totp.ValidateOpts{Period: codePeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && fits && s > t.LastStep {
			return s, true, nil
		}
	}
	return 0, false, nil
}

// ShowFactor takes a code or a recovery code for a session that owes its second factor. The attempt is counted like a password and
// the count is kept when the code is refused, so it opens its own transaction; a wrong code answers at the field.
func (c *Accounts) ShowFactor(ctx context.Context, d *db.DB, token, code string) error {
	var refusal error
	err := d.Write(ctx, func(tx *db.Tx) (err error) {
		refusal, err = c.showFactor(tx, token, code)
		return err
	})
	if err != nil {
		return err
	}
	return refusal
}

// showFactor returns a refusal, which is committed with its count, or an error, which is not.
func (c *Accounts) showFactor(tx *db.Tx, token, code string) (refusal, err error) {
	s, ok, err := findSession(tx, tokenKey(token))
	if err != nil {
		return nil, err
	}
	if !ok || !c.good(s, tx.Now) {
		return errs.New(errs.Forbidden, "account.session_gone"), nil
	}
	until, err := attempt(tx, throttleKey("factor", s.PersonID), nameLimit)
	if err != nil {
		return nil, err
	}
	if !until.IsZero() {
		return errs.New(errs.TooMany, "account.locked", until), nil
	}
	who := policy.Actor{Person: s.PersonID, Unit: s.UnitID}
	t, hasCodes, err := findTOTP(tx, s.PersonID)
	if err != nil {
		return nil, err
	}
	if hasCodes && !t.ConfirmedAt.IsZero() {
		step, good, err := c.checkCode(tx, t, code)
		if err != nil {
			return nil, err
		}
		if good {
			t.LastStep = step
			if err := saveTOTP(tx, t); err != nil {
				return nil, err
			}
			return nil, c.strengthen(tx, s, who, "account.code_shown")
		}
	}
	plain := strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code))
	if len(plain) == 16 {
		used, err := useRecoveryCode(tx, s.PersonID, tokenKey(plain))
		if err != nil {
			return nil, err
		}
		if used {
			return nil, c.strengthen(tx, s, who, "account.recovery_used")
		}
	}
	return errs.AtField("code", "account.code_wrong"), audit.Log(tx, who, audit.Self(), audit.Deed{Action: "account.code_refused", Kind: "person", ID: s.PersonID})
}

func (c *Accounts) strengthen(tx *db.Tx, s session, who policy.Actor, action string) error {
	if err := markStrong(tx, s.ID); err != nil {
		return err
	}
	if err := clearThrottle(tx, throttleKey("factor", s.PersonID)); err != nil {
		return err
	}
	return audit.Log(tx, who, audit.Self(), audit.Deed{Action: action, Kind: "person", ID: s.PersonID})
}

// DropCodes turns codes off: by the person with a session opened with a second factor, or by an administrator for one who lost the
// device; then passkeys go as well, for they may have been in it. All other sessions of the person end.
func (c *Accounts) DropCodes(tx *db.Tx, by policy.Actor, person string) error {
	if person == by.Person {
		if !by.SecondFactor {
			return errs.New(errs.Forbidden, "account.show_factor_first")
		}
	} else if err := c.mayCare(tx, by, person); err != nil {
		return err
	}
	if person != by.Person {
		if err := deletePasskeys(tx, person); err != nil {
			return err
		}
	}
	if err := deleteTOTP(tx, person); err != nil {
		return err
	}
	if err := deleteRecoveryCodes(tx, person); err != nil {
		return err
	}
	if err := endSessions(tx, person, by.Session, "factor"); err != nil {
		return err
	}
	right, err := over(tx, by, Manage, person)
	if err != nil {
		return err
	}
	return audit.Log(tx, by, right, audit.Deed{Action: "account.codes_off", Kind: "person", ID: person})
}
