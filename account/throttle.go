package account

import (
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"time"

	"chungtay/internal/db"
)

// Limits of attempts. A name locks after few failures, for a minute, then for longer; an address only after many, because a whole
// office may sit behind one.
const (
	nameLimit    = 5
	addressLimit = 60
	window       = 15 * time.Minute
	firstLock    = time.Minute
	longestLock  = 30 * time.Minute
)

// network is the part of an address by which attempts are counted: one subscriber has a whole /64 of IPv6.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil || a.Unmap().Is4() {
		return address
	}
	p, err := a.Prefix(64)
	if err != nil {
		return address
	}
	return p.Masked().String()
}

func throttleKey(kind, what string) string {
	sum := sha256.Sum256([]byte(kind + "\x00" + what))
	return kind + ":" + hex.EncodeToString(sum[:16])
}

// attempt counts one attempt before it is checked and tells until when the key is locked (zero: it is not). Counting first means that
// parallel guesses cannot slip through between check and count.
func attempt(tx *db.Tx, key string, limit int) (lockedUntil time.Time, err error) {
	t, ok, err := findThrottle(tx, key)
	if err != nil {
		return time.Time{}, err
	}
	if !ok {
		t = throttle{ID: key, Since: tx.Now}
	}
	if t.LockedUntil.After(tx.Now) && !t.LockedUntil.After(tx.Now.Add(longestLock)) { // further away: it was set by a clock that was ahead
		return t.LockedUntil, nil
	}
	if tx.Now.Sub(t.Since) > window && (t.LockedUntil.IsZero() || tx.Now.Sub(t.LockedUntil) > window) || t.Since.After(tx.Now) {
		t.Failures, t.Since, t.LockedUntil = 0, tx.Now, time.Time{} // a clock that jumped back starts anew as well
	}
	t.Failures++
	if t.Failures > limit {
		served := !t.LockedUntil.IsZero() // a lock just ended: this one attempt is checked, the next waits again, longer
		t.LockedUntil = tx.Now.Add(min(firstLock<<min(t.Failures-limit-1, 10), longestLock))
		if served {
			return time.Time{}, saveThrottle(tx, t)
		}
		return t.LockedUntil, saveThrottle(tx, t)
	}
	return time.Time{}, saveThrottle(tx, t)
}

// PruneThrottle forgets counters that no longer matter; a job of the timetable calls it.
func PruneThrottle(tx *db.Tx) error {
	_, err := tx.Exec(`DELETE FROM throttle WHERE since < $1 AND (locked_until IS NULL OR locked_until < $2)`, tx.Now.Add(-24*time.Hour), tx.Now.Add(-window))
	return err
}
