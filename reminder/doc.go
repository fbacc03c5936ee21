// Package reminder says who is due a message now, and sends it: reminders of what
// a room owes, and the receipt of a payment, as one-time subscribe messages of the
// mini program. It owns the calendar of steps, the hours, the quota that people
// gave, the outbox and the outcome of each message. It never moves money, knows no
// HTTP, and leaves it to its caller when a pass runs.
//
// # One pass
//
// [Service.Pass] walks over all rooms in batches and looks which step of the
// calendar each room with unpaid, undisputed bills has reached: due_soon ten days
// before the due date and on it, overdue on the days 1, 9 and 15 after it. A step
// that was missed while the server was down is made up for by the next pass, by
// the newest step only. A step reaches every bound person once who agreed to its
// template, also one who agrees after the day of the step. The sum in the message
// is of all bills of that side of the due date, so that older steps of other bills
// are covered by it.
//
// Rooms that have prepaid before are told once a month, by due_soon too, when their
// balance will not cover the next bills, going by the last ones.
//
// A room has at most one reminder a day and three in any seven days running. One
// reminder may go to several people who are bound to the room (the parents and the
// child who pays for them): they are told the same thing at the same time.
//
// Bills that are disputed are left out; of bills that are paid in parts only the
// part that comes due is told. Anyone who promised a day to pay is reminded on the day
// before it, and nobody of that room until then.
//
// Payment receipts and answers to requests are no reminders: they go out at once, at
// any hour, and count for no limit.
//
// # One message
//
//	queued -> sending -> sent
//	                  -> skipped   nothing owed, no agreement, not their room any more
//	                  -> failed    not accepted, given up, or unknown
//	                  -> queued    certainly not sent; tried again later
//
// The claim (queued -> sending) is one transaction: there the debt is computed
// anew, and one of the person's agreements is taken before anything is sent, so
// that no two passes can spend the same one. WeChat is called outside of any
// transaction. What was certainly not sent gives the agreement back. Where it is
// not known whether WeChat took the message (a timeout, a lost answer, a crash
// between claim and outcome) it is failed as unknown, the agreement stays spent
// and the step is not sent again: a reminder that is missing is a smaller harm than
// one that comes twice, and staff see the reason in the list.
//
// Before a room is reminded its open orders are asked about at WeChat Pay; while
// that is not possible, or while an order's fate is unclear, the room waits.
package reminder
