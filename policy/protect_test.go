package policy_test

import (
	"testing"

	"chungtay/policy"
)

func TestProtectedRecordsNeedAReasonOrBrokenGlass(t *testing.T) {
	const read policy.Permission = "case.read"
	book := policy.NewBook(
		policy.Role{Name: "worker", Gives: map[policy.Permission]policy.Reach{read: policy.Own}},
		policy.Role{Name: "duty", Gives: map[policy.Permission]policy.Reach{read: policy.Emergency}},
		policy.Role{Name: "administrator", Gives: map[policy.Permission]policy.Reach{read: policy.Own}},
	)
	as := func(role string, openings ...policy.Opening) policy.Actor {
		return policy.Actor{Person: "an", Grants: []policy.Grant{{Role: role, Unit: "here", Permissions: book.Permissions(role)}}, Openings: openings}
	}
	reason := policy.Opening{Record: "r1", Permission: read, Reason: "tiếp nhận"}
	glass := policy.Opening{Record: "r1", Permission: read, Reason: "cứu người", Emergency: true}
	here, there := policy.Record{ID: "r1", Unit: "here"}, policy.Record{ID: "r1", Unit: "there"}
	for _, c := range []struct {
		name string
		who  policy.Actor
		r    policy.Record
		want policy.Need
	}{
		{"the own one without a reason", as("worker"), here, policy.NeedReason},
		{"the own one with a reason", as("worker", reason), here, policy.Opened},
		{"the reason for another", as("worker", policy.Opening{Record: "r2", Permission: read}), here, policy.NeedReason},
		{"the reason for another deed", as("worker", policy.Opening{Record: "r1", Permission: "case.write"}), here, policy.NeedReason},
		{"a stranger's with a mere reason", as("worker", reason), there, policy.Withheld},
		{"a stranger's before the glass", as("duty"), there, policy.Withheld},
		{"a stranger's after the glass", as("duty", glass), there, policy.Opened},
		{"another one after the glass", as("duty", glass), policy.Record{ID: "r9", Unit: "there"}, policy.Withheld},
		{"a record without identity", as("duty", policy.Opening{Permission: read, Emergency: true}), policy.Record{Unit: "there"}, policy.Withheld},
		{"the system", policy.System("job"), there, policy.Opened},
	} {
		if got := book.Needs(c.who, read, c.r); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	if book.MayBreakGlass(as("worker"), read) || !book.MayBreakGlass(as("duty"), read) {
		t.Error("who may break the glass")
	}
	if book.Covers(as("administrator"), "duty", "here", nil) {
		t.Error("an administrator without it gives the right to break the glass")
	}
}
