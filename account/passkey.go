package account

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"chungtay/audit"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/policy"
)

// Passkeys (khóa truy cập; WebAuthn): a key pair in the person's device, unlocked there by finger, face or PIN. Because the device asks for
// that every time, a session opened with a passkey counts as opened with a second factor. The keys are bound to the address of the site
// (BaseURL): a look-alike site gets nothing.

const maxPasskeys = 10

// keeper is a person as the passkey library sees one.
type keeper struct {
	id    string
	name  string
	shown string
	keys  []webauthn.Credential
}

func (k keeper) WebAuthnID() []byte                         { return []byte(k.id) }
func (k keeper) WebAuthnName() string                       { return k.name }
func (k keeper) WebAuthnDisplayName() string                { return k.shown }
func (k keeper) WebAuthnCredentials() []webauthn.Credential { return k.keys }

func (c *Accounts) webauthn() (*webauthn.WebAuthn, error) {
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Hostname() == "" {
		return nil, errors.New("passkeys need the public address of the site")
	}
	return webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: totpIssuer, RPOrigins: []string{u.Scheme + "://" + u.Host},
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired}})
}

func keeperOf(tx *db.Tx, person string) (keeper, error) {
	p, err := personByID(tx, person)
	if err != nil {
		return keeper{}, err
	}
	rows, err := listPasskeys(tx, person)
	if err != nil {
		return keeper{}, err
	}
	k := keeper{id: p.ID, name: p.Login, shown: p.Name}
	for _, r := range rows {
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(r.Credential), &c); err != nil {
			return keeper{}, fmt.Errorf("passkey %s: %w", r.ID, err)
		}
		k.keys = append(k.keys, c)
	}
	return k, nil
}

// Passkey is a passkey as its owner sees it.
type Passkey = passkeyRow

// Passkeys lists the passkeys of a person.
func Passkeys(tx *db.Tx, person string) ([]Passkey, error) { return listPasskeys(tx, person) }

// StartPasskey begins the registration of a passkey for the actor and returns what the browser needs, with the token it gives back.
func (c *Accounts) StartPasskey(tx *db.Tx, by policy.Actor) (options any, token string, err error) {
	w, err := c.webauthn()
	if err != nil {
		return nil, "", err
	}
	k, err := keeperOf(tx, by.Person)
	if err != nil {
		return nil, "", err
	}
	if len(k.keys) >= maxPasskeys {
		return nil, "", errs.New(errs.Conflict, "account.passkey.too_many", maxPasskeys)
	}
	var known []protocol.CredentialDescriptor
	for _, x := range k.keys {
		known = append(known, x.Descriptor())
	}
	o, session, err := w.BeginRegistration(k, webauthn.WithExclusions(known))
	if err != nil {
		return nil, "", fmt.Errorf("begin passkey: %w", err)
	}
	token, err = beginCeremony(tx, "passkey", by.Person, session)
	return o, token, err
}

// AddPasskey takes the device's answer and keeps the passkey. The session becomes one with a second factor; others of the person end.
func (c *Accounts) AddPasskey(tx *db.Tx, by policy.Actor, token, name string, answer []byte) error {
	var session webauthn.SessionData
	person, ok, err := takeCeremony(tx, "passkey", token, &session)
	if err != nil {
		return err
	}
	if !ok || person != by.Person {
		return errs.New(errs.Invalid, "account.passkey.refused")
	}
	w, err := c.webauthn()
	if err != nil {
		return err
	}
	k, err := keeperOf(tx, by.Person)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return errs.Wrap(err, errs.Invalid, "account.passkey.refused")
	}
	key, err := w.CreateCredential(k, session, parsed)
	if err != nil {
		return errs.Wrap(err, errs.Invalid, "account.passkey.refused")
	}
	b, err := json.Marshal(key)
	if err != nil {
		return err
	}
	row := passkeyRow{ID: ids.New(tx.Now), PersonID: by.Person, CredentialID: key.ID, Credential: string(b), Name: short(name, 100), CreatedAt: tx.Now}
	if err := insertPasskey(tx, row); err != nil {
		return err
	}
	if err := markStrong(tx, by.Session); err != nil {
		return err
	}
	if err := endSessions(tx, by.Person, by.Session, "factor"); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.Self(), audit.Deed{Action: "account.passkey_added", Kind: "person", ID: by.Person, Change: audit.Change{"name": {"", row.Name}}})
}

// DropPasskey removes one of the actor's own passkeys, in a session opened with a second factor. Other sessions end.
func (c *Accounts) DropPasskey(tx *db.Tx, by policy.Actor, id string) error {
	if !by.SecondFactor {
		return errs.New(errs.Forbidden, "account.show_factor_first")
	}
	row, ok, err := findPasskey(tx, id)
	if err != nil {
		return err
	}
	if !ok || row.PersonID != by.Person {
		return errs.Absent("passkey", id)
	}
	if err := deletePasskey(tx, id); err != nil {
		return err
	}
	if err := endSessions(tx, by.Person, by.Session, "factor"); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.Self(), audit.Deed{Action: "account.passkey_dropped", Kind: "person", ID: by.Person, Change: audit.Change{"name": {row.Name, ""}}})
}

// StartPasskeySignIn begins a sign-in: the device finds the person's key by itself, so no name is asked and none is revealed.
func (c *Accounts) StartPasskeySignIn(tx *db.Tx) (options any, token string, err error) {
	w, err := c.webauthn()
	if err != nil {
		return nil, "", err
	}
	o, session, err := w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, "", fmt.Errorf("begin sign-in: %w", err)
	}
	token, err = beginCeremony(tx, "passkey_sign_in", "", session)
	return o, token, err
}

// PasskeySignIn opens a session for who holds the private half of a passkey. Attempts are counted by address; every refusal is the same.
// It opens its own transaction, so that the count is kept when the attempt is refused.
func (c *Accounts) PasskeySignIn(ctx context.Context, d *db.DB, a Attempt, token string, answer []byte) (Opened, error) {
	var out Opened
	var refusal error
	err := d.Write(ctx, func(tx *db.Tx) (err error) {
		out, refusal, err = c.passkeySignIn(tx, a, token, answer)
		return err
	})
	if err != nil {
		return Opened{}, err
	}
	return out, refusal
}

func (c *Accounts) passkeySignIn(tx *db.Tx, a Attempt, token string, answer []byte) (out Opened, refusal, err error) {
	until, err := attempt(tx, throttleKey("passkey", network(a.Address)), addressLimit)
	if err != nil {
		return Opened{}, nil, err
	}
	if !until.IsZero() {
		return Opened{}, errs.New(errs.TooMany, "account.locked", until), nil
	}
	var session webauthn.SessionData
	_, ok, err := takeCeremony(tx, "passkey_sign_in", token, &session)
	if err != nil {
		return Opened{}, nil, err
	}
	refuse := func(person string) (Opened, error, error) {
		return Opened{}, errs.New(errs.Invalid, "account.passkey.refused"), audit.Log(tx, policy.Actor{Person: person}, audit.Self(), audit.Deed{Action: "account.sign_in_refused", Kind: "person", ID: person})
	}
	parsed, perr := protocol.ParseCredentialRequestResponseBytes(answer)
	if !ok || perr != nil {
		return refuse("")
	}
	w, err := c.webauthn()
	if err != nil {
		return Opened{}, nil, err
	}
	var dbErr error
	user, key, verr := w.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		k, err := keeperOf(tx, string(handle))
		if err != nil && !errs.Is(err, errs.NotFound) {
			dbErr = err
		}
		return k, err
	}, session, parsed)
	if dbErr != nil {
		return Opened{}, nil, dbErr
	}
	if verr != nil {
		return refuse("")
	}
	person := user.(keeper).id
	p, err := personByID(tx, person)
	if err != nil {
		return Opened{}, nil, err
	}
	if p.State != Active || key.Authenticator.CloneWarning { // a counter that goes back: somebody copied the key
		return refuse(person)
	}
	b, err := json.Marshal(key)
	if err != nil {
		return Opened{}, nil, err
	}
	if err := usePasskey(tx, key.ID, string(b)); err != nil {
		return Opened{}, nil, err
	}
	if err := clearThrottle(tx, throttleKey("passkey", network(a.Address))); err != nil {
		return Opened{}, nil, err
	}
	out, err = c.open(tx, p, a, true, "account.passkey_sign_in")
	return out, nil, err
}

// NewRecovery makes new recovery codes for the actor, in a session opened with a second factor; older ones stop working. They are shown
// once.
func (c *Accounts) NewRecovery(tx *db.Tx, by policy.Actor) ([]string, error) {
	if !by.SecondFactor {
		return nil, errs.New(errs.Forbidden, "account.show_factor_first")
	}
	has, err := hasFactor(tx, by.Person)
	if err != nil {
		return nil, err
	}
	if !has {
		return nil, errs.New(errs.Conflict, "account.no_factor")
	}
	codes, err := newRecoveryCodes(tx, by.Person)
	if err != nil {
		return nil, err
	}
	return codes, audit.Log(tx, by, audit.Self(), audit.Deed{Action: "account.recovery_made", Kind: "person", ID: by.Person})
}
