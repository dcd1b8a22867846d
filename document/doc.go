// Package document is the registry of papers (văn thư): what came in, what went out, under which number, with the paper itself, its text,
// what it cites and what cites it.
//
//	incoming:  arrived (file or text there, being read) -> registered (vào sổ đến: has the unit's arrival number) -> withdrawn (its sender took it back)
//	outgoing:  issued (number drawn, text frozen) -> withdrawn (thu hồi; the number stays)
//	a copy in a unit's incoming register (Delivery):  delivered -> registered -> passed on -> done | returned to the sender
//
// Statutory basis: Nghị định 30/2020/NĐ-CP on clerical work. Numbers begin at 01 on 1 January, one series for each body, year and register
// (điều 15); a number drawn is never used again. Papers received are entered on the day or the next working day (điều 22). The columns of the
// registers are those of Phụ lục IV, the metadata those of Phụ lục VI. A body keeps its series by its identity: the successor of a merged body
// begins anew, and a body whose numbering restarts within a year gets a new run (Begin).
//
// Papers marked Mật, Tối mật or Tuyệt mật are refused and nothing of them is kept: this system does not hold State secrets (Luật Bảo vệ bí
// mật nhà nước 29/2018/QH14).
//
// A citation is kept as written, even when it is wrong. It is not bound to one stored copy: it names a paper by number and date, and leads to
// whatever copy of that paper the reader may see, from the moment one is there, in both directions.
//
// Full-text search is the database's own, over text folded in Go: FTS5 on SQLite, tsvector on PostgreSQL. It holds papers only, never the
// files of victims.
//
// Neighbours: docparse reads the text; doctext makes text of files; blob keeps the files; orgunit names the units; directive issues through
// Issue and Deliver; audit logs every entry.
package document
