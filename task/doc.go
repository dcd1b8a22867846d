// Package task is work given to a unit with a deadline (nhiệm vụ được giao): who leads, who cooperates, what must come out, until when;
// what was done, with evidence; acceptance by the one who gave it.
//
//	open -> doing -> submitted -> (returned -> submitted)* -> done        cancelled from any state before done
//
// An order (task_order) is what is asked, once for all units; a task is one unit's work on it. "Late" is not a state: it is the clock
// against the deadline. Work handed in before the deadline and accepted after it was in time.
//
// Statutory basis: following up incoming papers by their time limit, Nghị định 30/2020/NĐ-CP, Điều 24 and Phụ lục VI (theo dõi, đôn đốc);
// lead and cooperating units as in Quyết định and Kế hoạch of the People's Committees. The time limit is read in its exact words
// (internal/deadline) and kept with all its former values.
//
// Neighbours: directive assigns tasks when it issues and reads Summary for its tree; report takes results from Results; orgunit hands
// the tasks of a merged unit, and those it gave, to its successor through Heir and GiverHeir; notify carries reminders.
package task
