// Package money keeps the books of money: orders at WeChat Pay, payments by every
// channel, what they settle, prepayment, refunds, reversals, and the journal that
// every fen passes through. It owns the tables of those nouns and their states.
//
// It does not decide anything. How much a bill owes and which bills money settles is
// package billing, whether money moved at WeChat Pay is package payment, and the bills
// themselves are package fees. Each write here is one guarded statement, or a few that
// belong together, and leaves the rules to its caller.
//
// # Rows that never change
//
// A payment, an allocation, an entry of prepayment and a line of the journal are
// written once. A correction is a new row with the opposite sign or with the accounts
// exchanged, so that what was known on a day can be read again on any later day. For
// example, a payment of 100 yuan that is reversed keeps its row and its allocations;
// beside them stand a [PaymentReversal] and allocations of −100 yuan.
//
// # Amounts
//
// All amounts are fen, as integers. A debit of the journal and its credit stand in one
// row, so that the journal balances by its form. The balance of a room's prepayment
// stands three times, and package proof compares: as the sum of its entries, by fee
// item in [PrepaidBalance], and in rooms.prepaid_fen, whose row is the lock of all.
//
// # Instants and days
//
// Instants are UTC milliseconds, days are dates in Asia/Shanghai:
//
//   - PaidAt and PaidOn: when the payer paid, as WeChat says (success_time) or as the
//     cashier entered it. Takings and reconciliation count by PaidOn;
//   - BookedAt and BookedOn: when it came into these books. A payment of 23:59 that a
//     callback tells at 00:01 is paid on one day and booked on the next;
//   - QuotedOn: the day whose late fee an order asks for;
//   - EffectiveOn: the day from which settled principal bears no late fee;
//   - AcceptedAt: when WeChat accepted a refund (create_time), by which its trade bill
//     lists it; DoneAt and DoneOn: when the payer had it (success_time);
//   - NextCheckAt: when WeChat is asked about an order or a refund next. It follows
//     [models.RealNow], as a business clock that is set must not hold up questions.
//
// # Locks
//
// The order is locked first, then its bills by ascending id, then the room with its
// prepayment. A refund is locked after its order. See [LockOrder], [LockRefund] and
// [LockPrepaid].
package money
