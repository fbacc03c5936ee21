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
//     still counts on the old principal.
//
// [LockPayable] and [Apply] are the only doors by which payment touches a bill.
package billing
