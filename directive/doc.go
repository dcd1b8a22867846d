// Package directive turns a paper into work (văn bản chỉ đạo): drafts, the leader's signature, number and issue to the addressees with
// their tasks and their report to write, receipt, the lower unit's own directive, recall.
//
//	draft -> submitted -> (returned -> submitted)* -> signed -> issuing -> issued -> completed        issued -> recalled
//
// The content of a draft is one value (Content), kept in every version; the paper in the prescribed form (Nghị định 30/2020/NĐ-CP) is made
// of it at every step. From the signature on it does not change: what is issued is what was signed.
//
// Issue is one transaction: the number, the frozen text in the registry, delivery to each addressee, one task per assignee or addressee,
// the report request, the notices. Directives to many units are issued by a job that does the same in one transaction.
//
// A unit that has to act may make its own directive from it (cascade): its bases quote the one above as the decree prescribes, its
// deadlines are not later than its own. parent_id makes the tree that the issuer sees to the last commune.
//
// Neighbours: document (numbers, registers, deliveries), task (work), notify; report is told through Hooks.
package directive
