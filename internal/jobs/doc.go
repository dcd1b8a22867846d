// Package jobs does the work that requests leave behind: reading an upload, rendering, mail, reminders. A job is a row of table job,
// written by Enqueue in the transaction that causes it, so it exists exactly when its cause does.
//
//	waiting -> running -> done
//	   ^          |-----> failed      (attempts used up, or Fatal)   -> RunAgain -> waiting
//	   |<-retry---|-----> cancelled   (by an administrator)          -> RunAgain -> waiting
//
// A job runs at least once. A Runner on each node claims due rows and holds each by a lease that it keeps prolonging; when a node dies its
// leases run out and another node takes the jobs over. Each claim draws a new fence number, and everything a job saves through Job.Write
// or Job.Finish is refused once its fence is no longer the row's: a worker that slept through its lease cannot write over its successor.
// So a kind is written to be safe to run twice: either everything it does is one Job.Finish (then its effects happen exactly once), or
// each step first looks whether it has been done.
//
// Payloads hold ids and small settings, never personal data: they are stored in the clear and shown to administrators. The reason of a
// failure is masked before it is stored (Reason).
//
// Nodes compare leases with their own clocks; clocks may differ by less than a third of the lease. A greater difference costs work
// done twice, not wrong data, because of the fence.
package jobs
