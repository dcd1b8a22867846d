package account

import (
	"encoding/json"
	"fmt"
	"time"

	"chungtay/internal/db"
)

// ceremonyTime is how long a sign-in or a registration may take between its two halves.
const ceremonyTime = 5 * time.Minute

// beginCeremony remembers what the second half of a sign-in or registration needs, and returns the token that the browser gives back.
func beginCeremony(tx *db.Tx, kind, person string, data any) (token string, err error) {
	b, err := json.Marshal(data)
	if err != nil {
		return "", fmt.Errorf("ceremony %s: %w", kind, err)
	}
	token = newToken()
	return token, insertCeremony(tx, ceremony{ID: tokenKey(token), Kind: kind, PersonID: person, Data: string(b), ExpiresAt: tx.Now.Add(ceremonyTime)})
}

// takeCeremony returns what was remembered under a token and forgets it: a token works once, whatever comes of it.
func takeCeremony(tx *db.Tx, kind, token string, data any) (person string, ok bool, err error) {
	c, ok, err := findCeremony(tx, tokenKey(token))
	if err != nil || !ok {
		return "", false, err
	}
	if err := deleteCeremony(tx, c.ID); err != nil {
		return "", false, err
	}
	if c.Kind != kind || !tx.Now.Before(c.ExpiresAt) {
		return "", false, nil
	}
	return c.PersonID, true, json.Unmarshal([]byte(c.Data), data)
}
