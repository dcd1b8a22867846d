// Package lint checks an official document that somebody else wrote against the form of Nghị định 30/2020/NĐ-CP, Phụ lục I, and says
// for each deviation where it is and what to do.
//
//	docx.go, pdf.go   file  → sheet   (paragraphs with resolved font, size, weight, place; pages; styles are resolved as Word does)
//	parts.go          sheet → parts   (what each paragraph is: docparse reads the text, the form tells its components apart)
//	rules.go          parts → findings
//
// The ranges are the decree's, not the house's: a document is right with any value the decree allows. What a file does not say (a PDF
// has no styles and no indents) is not judged. A finding never blames the same thing twice: the first place is named, the others counted.
package lint
