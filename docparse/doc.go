// Package docparse reads a Vietnamese official document (văn bản hành chính) as a careful officer does: what kind it is,
// who issued it, under which number and date, what it cites, what it tells whom to do and by when.
//
// It is pure: text and a register of known documents go in, a Document comes out; no files, network, clock or state. The
// same arguments give the same result. Getting text out of files is the work of another package.
//
// The pipeline, one file a step, each visible in Document.Explain:
//
//	normalise.go  NFC, detached marks, spaces, ⁄, markdown, HTML leftovers, table pipes      text  → normalised text
//	lines.go      lines to paragraphs: wraps joined, lost line ends put back (page.go)       lines → paragraphs
//	region.go     header, and with footer.go the recipients and signature; article.go for    paragraphs → roles
//	              pages that tell about a document; record pages of law databases
//	section.go    headings and enumerated items                                              roles → tree
//	cite.go, task.go, deadline.go, hotline.go, slogan.go, figure.go                          tree  → facts
//	doubt.go      what an officer should look at again                                       facts → doubts
//
// Every value carries the span of text it was read from, a confidence and the name of the rule that made it.
//
// The grammars follow Nghị định 30/2020/NĐ-CP on clerical work (components and their order: Phụ lục I; abbreviations of
// types: Phụ lục III) and common practice where the decree is silent or older papers differ. They are grammars, not
// lists of known texts: a body's name begins with a head word and ends at a verb (body.go), a symbol is decided by its
// first token (symbol.go), a task is an item of a part about tasks or an order in a sentence (task.go).
//
// What counts as what, how well it reads, and what it reads wrongly: docs/reading.md.
//
// Work is linear in the length of the text; regular expressions are not used.
package docparse
