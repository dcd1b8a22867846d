// Package policy says who may do what to which record. It is pure: rooms declare permissions and record rules as values, app/roles.go
// lists which role holds which permission, and this package decides.
//
// The web layer asks the coarse question (does the actor hold the permission of this route at all?), operations ask the fine one (on
// this record?), and stores ask for the same rule as SQL for their lists, so that a list is always the filter of single decisions.
package policy
