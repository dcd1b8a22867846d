// Package formbook keeps the report forms (biểu mẫu báo cáo): definitions and their versions, written, checked, published and closed, and
// draws a form as a page that people fill.
//
//	draft -> published -> closed
//
// A form belongs to the unit that wrote it, or to nobody when it came with the system. It has one draft at most; publishing gives the
// draft the next number and from then on it never changes: a report of 2021 opens in the form of 2021, and an old phone may still send
// by an older version until that version is closed. A change is a new draft made from a published version. What a definition means is
// the business of formdef; this room adds who may write it and what it looks like.
//
// Statutory basis: Nghị định 09/2019/NĐ-CP (a report regime states its outline, data forms and guidance); the shipped forms follow the
// outline usual in practice and say that no authority issued them.
//
// Drawing: Sheet holds what is shown (values, what was typed, findings, the last period, sources), Fields draws it for filling, Review for
// reading, Judge takes what was sent. The page is right without scripts; web/src/form.js works out and warns while people type.
//
// Neighbours: formdef (meaning), orgunit (whose form), audit (every change is logged); report fills forms, campaign and task feed them.
package formbook
