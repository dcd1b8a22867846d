// Package web turns rooms into a web server that is safe by construction.
//
// A room gives a table of routes, the permission in the line:
//
//	{"GET /units/{id}", "orgunit.read", showUnit},
//	{"POST /units/{id}/rename", "orgunit.edit", renameUnit},
//
// A page is a function of a Request that returns (Reply, error). GET runs in a read transaction, POST in a write transaction that is
// committed only when the reply is not a refusal (status below 400); the answer goes out after the commit. Under PostgreSQL a write may
// run more than once, so a page keeps its effects in the transaction. An error becomes an answer in one place, by its kind
// (internal/errs), with a reference number that stands on the page and in the log.
//
// What a room cannot switch off: content security policy without inline code, refusal of cross-origin writes, no-store on pages of
// people signed in, limits on body size and on slow clients, cookies that scripts and other sites cannot use, UTF-8 and NFC of
// everything typed, one answer to a form sent twice (the hidden field "once").
//
// Routes that stream (uploads, event streams) are Raw: they have an actor and a permission but no transaction.
package web
