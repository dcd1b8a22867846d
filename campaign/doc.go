// Package campaign is the Day and what was done for it (hưởng ứng Ngày toàn dân phòng, chống mua bán người 30/7, Quyết định 793/QĐ-TTg):
// theme, approved slogans, hotlines, plan, and the log of activities from which reports fill themselves.
//
//	activity:  done (-> dropped)       partner:  asked -> confirmed | declined       slogan:  approved -> withdrawn
//
// Each kind of activity has one unit of measure (buổi, lượt, lần, chiếc, tờ …): quantities of different kinds are never added. A broadcast
// has minutes beside how often it ran. People who were not counted are not nobody. A joint activity is one record of the unit that led it;
// its partners confirm, and above them it counts once.
//
// Slogans are a list for each year: one of a year's theme (the Covid slogan of 2021) cannot slip into another. Variants of one slogan are
// recognised by their words.
//
// The log is seen as list, timeline, calendar, photos, provinces and table. All of them, their XLSX and CSV, and plan against done are worked
// out by Cube over one Filter, so that they say the same. An activity of several days counts on its first.
//
// Neighbours: report takes figures through Figure and texts through Told; task is answered by activities.
package campaign
