// Package refund returns money to its payer: it requests and decides refunds, sends them
// to WeChat Pay, follows them to their end, records those that are paid by hand, and
// reverses payments of the desk 冲正. The states of a refund are drawn at [money.Refund].
//
// A refund changes no bill before it has succeeded. What its success changes in the books
// is settled by package payment, as the success of a payment is.
package refund
