// Package fees keeps what a room is charged and why: tariffs, meters and their
// readings, bills, what changed a bill other than money, billing runs, charges,
// requests about bills, instalment plans, and the reports over all of these.
//
// It owns these tables
//
//	tariffs                                      what an item costs
//	meters, meter_multipliers, readings          what was used
//	reading_withdrawals                          which readings count no more, and who decided
//	meter_usages                                 which bill a reading went into
//	billing_runs, billing_batches,
//	billing_oddities                             how bills of a period came about
//	charges, charge_lines                        shared and one-off costs
//	bills, bill_entries                          what is owed, and its changes
//	requests, request_bills                      what was asked for about bills
//	plans, plan_bills, plan_parts                bills that are paid in parts
//
// It does not own money: orders, payments, allocations, prepayment and the journal
// are in package money, and [PayBill] only writes what that package has settled. It
// computes nothing either: amounts, late fee and periods come from package billing,
// which is also where the rules are on who may ask for what.
//
// # Dates of a bill
//
// All are calendar days of Asia/Shanghai, both ends included.
//
//   - PeriodStart and PeriodEnd are the days that it is for: March 2026 is 2026-03-01
//     to 2026-03-31.
//   - IssuedOn is the day on which it came into being.
//   - DueOn is the last day without late fee, before grace days. Due on 15 January
//     with three days of grace, the first day with late fee is 19 January.
//   - CreatedAt is the instant at which it came into the books. It differs from
//     IssuedOn for opening arrears that a file brought later.
//
// A [BillEntry] has two more: EffectiveOn, the day from which it counts for late fee,
// and BookedOn, the day on which it was written. What a page showed on a past day
// follows from BookedOn, what is owed from EffectiveOn.
//
// # States
//
// A bill is unpaid, partial or paid by money, and void by a decision; void is final.
// A voided bill keeps its row with a VoidSeq above 0, so that another bill of the
// same room, item and period can have VoidSeq 0.
//
//	unpaid ⇄ partial ⇄ paid        [PayBill], and [AdjustBill] for what is taken back
//	unpaid, partial, paid → void   [AdjustBill]
//
// A billing run goes drafting → draft → publishing → published. Publishing stops as
// changed where what is to be issued is no longer what was looked at. A draft and a
// changed run can be drafted anew, or discarded; a run that is discarded after a part
// of it was issued is published as far as it got.
//
// A charge goes issuing → issued → voiding → void. A request goes open → approved or
// rejected. A plan goes active → kept or broken.
package fees
