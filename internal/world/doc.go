// Package world is the small named cast of tests and of the demonstration: a centre, a province as it was in 2021 and one as it is in
// 2026, a protection centre in each, and people by role. Every name of a person is invented.
//
//	w := world.New(t, d)
//	err := d.Write(ctx, func(tx *db.Tx) error { return directive.Issue(tx, w.SonLa.Labour.Leader, id) })
//
// Sơn La stands with three levels and its Sở LĐTBXH, as in the documents of 2020 to 2023, and is never reformed; Thanh Hóa stands with two
// levels, Sở Y tế in charge, as since 01/7/2025. Both can be used on any date: roles are held since 2016. The map has only the areas
// named here, unless the database has the whole map already.
//
// The roles and what they give are those of Roles, to which a test adds what its room declares:
//
//	w := world.New(t, d, policy.NewBook(policy.Role{Name: "leader", Gives: map[policy.Permission]policy.Reach{Issue: policy.Own}}))
//
// It stands above the rooms it is made of, so only tests and the demonstration import it.
package world
