// Package proof holds what proves the books: reconciliations with WeChat Pay and their
// findings, the messages of WeChat as they came, notifications that settled nothing,
// what is known of each merchant, and the invariants that [Check] proves.
//
// A reconciliation is one day of one merchant. A finding is open until it is settled,
// booked or accepted; a day is signed off once all of its findings are dealt with, and
// is open again when a later run comes to other figures.
//
// Days are dates in Asia/Shanghai, as on WeChat's bills. Instants are UTC milliseconds:
// of the business clock, except where real time is named. Amounts are fen, except
// WeChat's fee, which has parts of a fen.
//
// It decides nothing: what a difference means, and who may settle it, is the business of
// payment/reconcile.
package proof
