// Package notify tells people and units that something waits for them: the inbox ("Thông báo"), and from it mail and short messages.
//
//	Send (in the transaction of the deed) -> inbox: unread -> read
//
// A notice is for a person, or for a unit: then everybody reads it who holds in that unit itself the permission it names, at the moment
// of reading. So a directive to 11,000 units is 11,000 rows, a person who joins tomorrow finds it, and one whose role ended does not.
// What a person has read is kept apart. Notices older than 90 days count as read, and are forgotten after 400.
//
// A notice holds a catalogue sentence with arguments and the address of a page of this site. The page decides what its reader may see;
// the notice itself must hold no personal data of victims or tipsters: it goes out by mail and lies on lock screens.
//
// Statutory basis: NĐ 30/2020/NĐ-CP Điều 16, 23 and Phụ lục VI (the system tells units of papers that reach them and of time limits).
//
// Neighbours: every room calls Send; account (who holds what, addresses of people), audit, internal/jobs.
package notify
