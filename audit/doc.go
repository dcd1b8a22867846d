// Package audit keeps who did what: every write, every sign-in event and every read of protected data, append-only and
// tamper-evident (nhật ký hệ thống; NĐ 30/2020/NĐ-CP, Phụ lục VI asks for the access history of documents).
//
//	operation -> Log (same transaction) -> sequenced into the Merkle log -> signed heads -> export, verify
//
// An entry is written in the transaction of the deed, so there is no deed without its entry. Entries are put into the tree a moment
// later by one sequencer (job audit.sequence), because a tree has one order and transactions that run side by side must not wait for
// each other. The tree is the transparency log of golang.org/x/mod/sumdb/tlog; a head (size, root, time) is signed with Ed25519 and can
// be exported and kept elsewhere. Verify recomputes everything from the entries and finds any change, deletion, insertion or
// reordering, against the newest head and against an older one kept elsewhere. The database refuses UPDATE and DELETE on all tables of
// this room.
//
// Values of people are masked before they get here (Masked, struct tag `audit:"mask"`); sealed fields are never given at all.
//
// Neighbours: every room calls Log; only auditors read (permission audit.read).
package audit
