// Package refund sends money back: asking, deciding, sending to WeChat Pay, following a
// refund to its end, paying by hand what WeChat cannot, and the reversal of a payment at
// the desk 冲正. The states of a refund are drawn at [money.Refund].
//
// What a refund's success changes in the books is settled by package payment, as the
// success of a payment is.
package refund
