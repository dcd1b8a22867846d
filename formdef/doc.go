// Package formdef is what a report form means: its sections, fields and indicators, the formulas and rules between them, how figures of
// many units become one, and how two states of a form are compared. It is pure: values in, values out. The room formbook keeps forms and
// draws them, the room report fills them.
//
// Statutory basis: Nghị định 09/2019/NĐ-CP (a report regime names its outline, data forms and cut-off periods; indicators share concept,
// method and unit). The words of a definition are those of XForms: name, type, label, hint, required, relevant, constraint, calculate,
// choices, repeat.
//
//	definition (JSON) -> Parse -> *Form -> Check -> published, never changed
//	values of one unit -> Evaluate -> values, problems, relevance      values of many units -> Aggregate -> values, coverage
//
// A cell is addressed "field", "table/row/column" or "repeat[1]/field" (entries count from 1, as in XPath).
//
// A cell has one of three states, and they are never mixed up: Missing (nothing was said), None ("không phát sinh": it did not occur, a
// proper answer) and Given (a value, 0 among them). In formulas Missing makes the result Missing and a rule that meets Missing does not
// judge; None counts as nothing in sums and comparisons, and a sum of nothing but None is None. Missing is never counted as zero.
//
// Figures are decimals of at most 15 digits and 6 decimals. Formulas are worked out exactly, as fractions; the result is rounded once, to
// the decimals of its field, halves away from zero. Nothing is a binary floating-point number, here or in the browser.
//
// What a definition may ask for is bounded: size of the text, cells, length and depth of a formula, steps of an evaluation. A circular
// formula and one that compares a date with a number are refused by Parse, minutes added to times by Check.
package formdef
