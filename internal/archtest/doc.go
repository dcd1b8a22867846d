// Package archtest keeps the shape of the program by tests: which package may import which (docs/imports.txt), one owning room per
// table, no SQL in page files, every word with a text and every text used, no leftovers.
package archtest
