// Package load drives the whole program over HTTP as a nation does on the night of a deadline: thousands of units with an officer each, who
// send a report of some sixty figures. Its server is a process of its own, so that it can be killed; its clock is the real one.
//
// The tests ask whether anything acknowledged is lost or there twice when the server is killed in the middle. The benchmarks (`make bench`,
// CHUNGTAY_LOAD=1) give submissions a second, the waiting times of the night, and the times of pages beside five campaigns of history, as
// ratios to what the same database does raw in the same run. Size: nearly every body of the standard set of 34
// provinces. Target: the night within two minutes, p99 under 150 ms.
package load
