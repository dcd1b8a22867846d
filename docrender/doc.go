// Package docrender writes official documents in the prescribed form: one Document, three outputs (DOCX, PDF, HTML) that say the same
// on near-identical pages.
//
// The form is that of Nghị định 30/2020/NĐ-CP on clerical work, Phụ lục I (components, sizes, positions) and Phụ lục III (kinds and
// abbreviations). Where the decree gives a range the house uses one value (form.go); the checker in docrender/lint allows the rest.
//
//	Document --Check--> problems   (a missing field, a letter no font has, a table wider than the page: nothing is written)
//	         --compose--> sheets   (the parts in their order, with named styles)
//	         --> DOCX              (styles, numbering, tables, sections a clerk goes on editing)
//	         --> PDF               (own line and page breaking, subset fonts, tagged, searchable)
//	         --> HTML              (a fragment for web/src/paper.css)
//
// It is pure: values in, bytes out; no database, network, files or clock. The same Document gives the same bytes.
//
// A paper's text never passes through here unchecked: Document.Check lists every problem at once, and the writers write nothing when
// there is one.
//
// Digital signatures and the exchange format of the national document axis come later. Their places: PDF reports where the signature
// stands (Layout.Signature) and keeps a classic cross-reference table so that a signature can be added as an incremental update;
// Document holds every field that the exchange header asks for, apart from the message identifiers, which are the register's.
//
// Neighbours: docparse reads what this writes (a test holds them together); document, directive, report and casework call it.
package docrender
