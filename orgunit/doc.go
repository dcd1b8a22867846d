// Package orgunit knows the units of the administration and the areas they serve, as they were on any day.
//
//	unit:  established -> (renamed | transferred | …)* -> merged | split | abolished     each change is an event with its legal basis
//	area:  a version for each time in which code, name, kind or superior area were the same
//
// Two trees: areas (tỉnh, huyện, xã: the map) and units (UBND, Sở, phòng…: who is under whom). A unit serves an area; a Sở stands under
// the UBND of its province and has divisions. A code is not an identity: codes are reused for other areas.
//
// A unit is an identity with dated versions. Records of other rooms point to the identity; pages show the version valid on the record's
// date with the present name beside it. The table orgunit_closure holds the present tree (for vanished units their last one), so that
// scopes of policy are one condition in SQL.
//
// Statutory basis of the levels: three levels until 30/6/2025, two since (Luật Tổ chức chính quyền địa phương 72/2025/QH15; the list of
// communes: Quyết định 19/2025/QĐ-TTg; of provinces: Nghị quyết 202/2025/QH15).
//
// Neighbours: audit (every change is logged); rooms with open work register an Heir so that a successor takes it over by an explicit
// step.
package orgunit
