// Package statement draws up the account of a room 对账单: every movement of one
// person's debt and prepayment between two days, with a running balance. Amounts are fen,
// days are dates in Asia/Shanghai on which a movement was booked; imported arrears stand on
// the day on which they were due.
//
// It owns the lines, the balances and the PDF of a statement. The journal is the only
// source of the lines, so a statement cannot disagree with the books. It does not own
// arrears (billing) or the layout of paper (paper). WeChat's daily bills are something
// else: see payment/reconcile.
package statement
