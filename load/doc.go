// Package load drives the whole program over HTTP as a nation does on the night of a deadline: thousands of units with an officer each, who
// send a report of some sixty figures. Its server is a process of its own, so that it can be killed; its clock is the real one.
//
// The tests ask whether anything acknowledged is lost or there twice when the server is killed in the middle. The benchmarks (`make bench`,
// CHUNGTAY_LOAD=1) give submissions a second, the waiting times of the night, the times of pages and of a consolidation beside five campaigns
// of history, next to what the same database does raw in the same run. Size: 11,000 units, the standard set of 34 provinces and some
// health stations of communes. Target: the night within two minutes, p99 under 150 ms.
package load
