// Package billing says what is owed, and why. It turns files and tariffs into
// bills, computes late fee, gives a room's arrears as of a day, and lets money
// settle bills. It knows no HTTP and no WeChat.
//
// What each date means
//   - period_start, period_end: the days a bill is for, both included;
//   - issued_on: the day the bill came into being;
//   - due_on 缴费截止日: the last day without late fee, before grace days;
//   - as_of: the day for which arrears are told;
//   - effective_on: the day from which money counts for late fee. That day itself
//     still counts on the old principal;
//   - booked_on: the day on which something came into the books. What was shown on
//     a past day ([RoomArrearsAsOf]) goes by it, what is owed goes by effective_on.
//
// Who owes a bill of a room that changes hands
//   - the owner on the first day of its period, also where the period ends after
//     the transfer: a bill is never divided, because it was issued, shown and
//     perhaps paid as one; the two owners settle the rest between themselves, and
//     [PreviewTransfer] tells how much falls to whom by days;
//   - bills that begin on the day of a transfer or later go to the new owner; if
//     one of them was paid, the transfer is refused;
//   - what a person sees of a room follows from that alone ([estate.BillVisibility]).
//
// [LockPayable] and [Apply] are the only doors by which payment touches a bill;
// [Adjust] is the only one for everything else, always on the word of two people:
// see [Requests].
package billing
