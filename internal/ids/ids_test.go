package ids

import (
	"testing"
	"time"
)

func TestNewSortsByTimeAndIsValid(t *testing.T) {
	base := time.UnixMilli(1_790_000_000_000)
	seen := map[string]bool{}
	last := ""
	for i := range 2000 {
		id := New(base.Add(time.Duration(i) * time.Millisecond))
		if !Valid(id) || seen[id] || id <= last {
			t.Fatalf("id %d %q after %q: valid %v seen %v", i, id, last, Valid(id), seen[id])
		}
		seen[id], last = true, id
	}
}

func TestValidRefuses(t *testing.T) {
	for _, s := range []string{"", "../../etc/passwd", "8zzzzzzzzzzzzzzzzzzzzzzzzz", "0123456789ABCDEFGHJKMNPQRS", "01234567890123456789012345x", "0123456789012345678901234l"} {
		if Valid(s) {
			t.Errorf("Valid(%q)", s)
		}
	}
}

func TestLeastBoundsAnInstant(t *testing.T) {
	at := time.UnixMilli(1_790_000_000_000)
	for range 100 {
		if id := New(at); id < Least(at) || id >= Least(at.Add(time.Millisecond)) || New(at.Add(-time.Millisecond)) >= Least(at) {
			t.Fatalf("%q is not within the bounds of its instant", id)
		}
	}
	if !Valid(Least(at)) {
		t.Error("the bound is no identifier")
	}
}
