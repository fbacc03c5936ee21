// Package billing holds the debt itself: what a room owes on a day and why, how
// money settles bills, and every change of a bill that is not money.
//
// It owns late fee and arrears as of a day, the division of money over bills,
// adjustments and the requests behind them, instalment plans, prepayment, transfers,
// tenancies and vacancies. It does not own the arithmetic of a price (calc), the
// company's files (intake), meters (metering), the issue of bills (issuing) or the
// yearly statement (statement). It knows no HTTP and no WeChat.
//
// # Units
//
// Amounts are [models.Fen], integer 1/100 yuan. Days are [models.Date], days in
// Asia/Shanghai. Rates and shares are decimals: a daily rate of 0.0005 is 0.05 % a day.
//
// # Dates
//
//   - period_start, period_end: the days a bill is for, both included.
//   - issued_on: the day on which the bill was issued.
//   - due_on 缴费截止日: the last day without late fee, before grace days. For example,
//     due 15 Jan, grace 3: day 1 of late fee is 19 Jan.
//   - as_of: the day for which arrears are computed.
//   - effective_on: the day from which money counts for late fee. Late fee of that day
//     itself is still computed on the old principal.
//   - booked_on: the day on which something entered the books. What was shown on a past
//     day ([RoomArrearsAsOf]) follows booked_on; what is owed follows effective_on.
//
// # Who owes a bill of a room that changes hands
//
//   - The owner on the first day of its period owes it, even if the period ends after
//     the transfer. A bill is never divided, because it was issued, shown and perhaps
//     paid as one. The two owners settle the rest between themselves;
//     [PreviewTransfer] computes the shares by days.
//   - Bills that begin on the day of a transfer or later go to the new owner. The
//     transfer is refused if one of them was paid.
//   - What a person sees of a room follows from that alone ([estate.BillVisibility]).
//
// # Doors
//
// [LockPayable] and [Apply] are the only doors by which payment touches a bill.
// [Adjust] is the only door for everything else and takes two people, one who asks and
// one who approves: see [Requests].
package billing
