// Package delivery tells WeChat that what was paid for has been delivered
// (发货信息管理): some kinds of mini-programs get their money only then. For a
// property fee it is a virtual delivery, reported right after the payment.
//
// A report is put into its outbox (models.Shipment) in the transaction that books
// the payment, and is sent later, again and again where WeChat is out of reach. To
// report twice does no harm. The whole of it is off unless the configuration says
// otherwise; is_trade_managed at WeChat tells whether a mini-program needs it.
package delivery
