package policy_test

import (
	"strings"
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
	if book.Covers(as("administrator"), "duty", "here", false, nil) {
		t.Error("an administrator without it gives the right to break the glass")
	}
}

func TestNobodyLooksAfterWhoReachesFurther(t *testing.T) {
	book := policy.NewBook(
		policy.Role{Name: "administrator", Gives: map[policy.Permission]policy.Reach{"account.manage": policy.Below, "unit.read": policy.All}},
		policy.Role{Name: "leader", Gives: map[policy.Permission]policy.Reach{"paper.sign": policy.Own, "unit.read": policy.All}},
		policy.Role{Name: "auditor", Gives: map[policy.Permission]policy.Reach{"audit.read": policy.All}},
		policy.Role{Name: "duty", Gives: map[policy.Permission]policy.Reach{"case.read": policy.Emergency}},
		policy.Role{Name: "inspector", Gives: map[policy.Permission]policy.Reach{"case.read": policy.All}},
	)
	for _, c := range []struct {
		roles, of string
		want      bool
	}{
		{"administrator", "leader", true},
		{"administrator", "administrator", true},
		{"administrator", "auditor", false},
		{"administrator auditor", "auditor", true},
		{"administrator", "duty", false},
		{"administrator duty", "duty", true},
		{"administrator inspector", "duty", true},
		{"administrator duty", "inspector", false},
	} {
		var a policy.Actor
		for _, r := range strings.Fields(c.roles) {
			a.Grants = append(a.Grants, policy.Grant{Role: r, Unit: "d", Permissions: book.Permissions(r)})
		}
		if got := book.Oversees(a, c.of); got != c.want {
			t.Errorf("%s looks after %s: %v", c.roles, c.of, got)
		}
	}
	if !book.Oversees(policy.System("test"), "auditor") {
		t.Error("the program itself does not")
	}
}

func TestNobodyGrantsWhatTheyDoNotHold(t *testing.T) {
	const sign, manage, audit policy.Permission = "paper.sign", "account.manage", "audit.read"
	book := policy.NewBook(
		policy.Role{Name: "administrator", Gives: map[policy.Permission]policy.Reach{manage: policy.Below}, Appoints: []string{"leader", "watcher"}},
		policy.Role{Name: "leader", Gives: map[policy.Permission]policy.Reach{sign: policy.Own}},
		policy.Role{Name: "auditor", Gives: map[policy.Permission]policy.Reach{audit: policy.All}},
		policy.Role{Name: "watcher", Gives: map[policy.Permission]policy.Reach{sign: policy.Own, audit: policy.All}},
	)
	grant := func(role, unit string, below bool, from string) policy.Grant {
		return policy.Grant{Role: role, Unit: unit, Below: below, DelegatedBy: from, Permissions: book.Permissions(role)}
	}
	admin, wide := grant("administrator", "d", false, ""), grant("administrator", "d", true, "")
	leader, reach := grant("leader", "d", false, ""), grant("leader", "d", true, "")
	for _, c := range []struct {
		name   string
		grants []policy.Grant
		role   string
		unit   string
		below  bool
		want   bool
	}{
		{"what one holds, there", []policy.Grant{leader}, "leader", "d", false, true},
		{"what one holds, below as well", []policy.Grant{leader}, "leader", "d", true, false},
		{"what one holds below", []policy.Grant{reach}, "leader", "d", true, true},
		{"what one holds, lower down", []policy.Grant{reach}, "leader", "c", false, true},
		{"what one holds, elsewhere", []policy.Grant{reach}, "leader", "x", false, false},
		{"what one does not hold", []policy.Grant{leader}, "auditor", "d", false, false},
		{"by appointment", []policy.Grant{admin}, "leader", "d", false, true},
		{"by appointment, below as well", []policy.Grant{admin}, "leader", "d", true, false},
		{"by appointment of one who reaches below", []policy.Grant{wide}, "leader", "d", true, true},
		{"by appointment, lower down", []policy.Grant{wide}, "leader", "c", false, true},
		{"by appointment, lower down, of one who reaches the unit only", []policy.Grant{admin}, "leader", "c", false, false},
		{"by appointment, elsewhere", []policy.Grant{wide}, "leader", "x", false, false},
		{"nobody appoints to what reaches everything", []policy.Grant{wide}, "watcher", "d", false, false},
		{"unless they reach it", []policy.Grant{wide, grant("auditor", "p", false, "")}, "watcher", "d", false, true},
		{"another of one's kind", []policy.Grant{wide}, "administrator", "c", true, true},
		{"a wider one of one's kind", []policy.Grant{wide}, "administrator", "p", false, false},
		{"what was lent", []policy.Grant{grant("leader", "d", true, "boss")}, "leader", "d", false, false},
		{"appointment that was lent", []policy.Grant{grant("administrator", "d", true, "boss")}, "leader", "d", false, false},
	} {
		above := map[string][]string{"c": {"d", "p"}, "d": {"p"}}[c.unit]
		if got := book.Covers(policy.Actor{Person: "an", Grants: c.grants}, c.role, c.unit, c.below, above); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
