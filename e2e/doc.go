// Package e2e tests the whole program with a real browser: it starts the site in process on a real database and drives Debian's
// Chromium. It runs when CHUNGTAY_E2E=1 (`make test` sets it) and is skipped loudly otherwise.
//
// Every page of the table in pages_test.go is opened at 320, 390 and 1366 px: axe finds nothing, nothing overflows (also with the
// spacing of WCAG 1.4.12), targets are large enough, the keyboard reaches and leaves everything. Pictures are kept in e2e/shots.
package e2e
