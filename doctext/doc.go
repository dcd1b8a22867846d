// Package doctext gets the text out of files: DOCX, PDF with text, scanned PDF and photos, HTML, ODT, RTF, XLSX, plain text in
// today's and yesterday's encodings. What comes out is text as docparse.Read takes it, with blocks, pages, warnings and metadata.
//
// The type of a file is told by its content, never by its name: much of what is called .doc is RTF or HTML, and a file that is not
// what its name says must not reach the wrong reader.
//
//	detect.go    what is it?            bytes   → Type, or an error that says what to do
//	docx.go …    one reader a type      bytes   → paragraphs, tables, what stands apart
//	layout.go    places on a page       words   → lines and paragraphs in reading order (PDF, OCR)
//	legacy.go    TCVN3, VNI, VIQR, 1258 old     → Unicode, by font name where there is one, by statistics where not
//	build.go     all of it              pieces  → Text
//
// Files are hostile until proved otherwise. Every reader works within Options: bytes of the file, bytes of text, entries, depth and
// ratio of archives, pages, time. Nothing is read twice, nothing is kept in memory that the text does not need, and time is linear in
// the size of the file. PDF is read by PDFium compiled to WebAssembly: no C in this process, and with Options.Helper in a process of
// its own, which is ended when its time is up and gives all its memory back.
//
// Why these formats: Nghị định 30/2020/NĐ-CP, Phụ lục I asks for Unicode (TCVN 6909:2001) today; files from before 2010 are often in
// TCVN3 (.VnTime) or VNI; law databases publish HTML and .doc; LibreOffice writes ODT.
//
// Limits, and what is not done: docs/doctext.md.
//
// docparse stays pure because everything that touches a format, a process or a cache is here.
package doctext
