// Package blob keeps files: papers, photographs, evidence. Contents lie in a folder or an S3 bucket, always sealed; the database knows
// their size, type and who uses them.
//
//	put (unused) -> used by records -> unused -> a day later swept: object removed, key forgotten
//	tus upload: created -> parts -> finished (a content) -> claimed by a form | expires after a day
//
// A content has an id of its own and is found again by a keyed digest of what is in it, so that one file sent by 11,000 communes is kept
// once, and nobody who holds the database can ask whether a file he knows is among them. What is sealed under a record's key (PutOptions.Under) is
// never shared: it is gone when that key is destroyed. Size and type are judged by the content; the name a person's device gave is only
// ever shown, with an extension that fits, and is sealed beside the use. No path is ever made of anything a person typed: objects are named by ids.
//
// Objects are written before the rows that name them and removed after; what a crash leaves between is an object without a row, removed by
// the nightly sweep when it is a day old.
//
// Neighbours: seal (keys and streams), web (forms and downloads), jobs (sweeping).
package blob
