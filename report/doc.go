// Package report is how results climb back up (chế độ báo cáo): requests, reports that fill themselves, return or approval, consolidation
// at every level, chasing.
//
//	none -> draft -> (signing ->) submitted -> (returned -> submitted)* -> approved        approved -> returned when unlocked with a reason
//	any not sent -> handed_over        with its unit, when the successor owes the same report or asked for it
//
// A request mirrors each directive that asks for reports; the requests of a tree hang together by parent_id. A unit's report opens filled:
// from its own activities, tasks and briefings, and from the approved reports of the units it asked itself. Each filled figure says where it
// comes from; a correction says why. Every submission is kept and never changed.
//
// A consolidation takes the approved submissions of one request: figures by formdef.Aggregate, texts by section with their units, units
// that did not report by name. The texts are edited as pieces that keep the submissions they come from (Gather). Missing is never zero. Frozen, it keeps the list of submissions with their digests and its own bytes, so that
// it can be worked out again bit for bit. It is what the asking unit's own report upward opens with.
//
// A comparison puts periods and units side by side, units of before a merger restated as those of today on whole links alone.
//
// Statutory basis: Nghị định 09/2019/NĐ-CP (who reports to whom, cut-off periods, outline, forms). A report on the Day is a thematic one
// (chuyên đề) with a period of its own.
//
// Neighbours: directive tells of issue and recall through hooks that app ties; formbook keeps the forms; campaign and task give figures
// through Sources; orgunit hands what is open at a merged unit to its successor through Heir and AskerHeir.
package report
