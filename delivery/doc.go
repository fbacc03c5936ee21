// Package delivery reports to WeChat that what was paid for has been delivered
// (发货信息管理). Some kinds of mini-programs receive their money only then. For a property
// fee it is a virtual delivery, reported right after the payment.
//
// A report is put into its outbox (messages.Shipment) in the transaction that books the
// payment. It is sent later, and again while WeChat is out of reach. A second report of
// the same delivery has no effect. The package does nothing unless the configuration
// enables it; is_trade_managed at WeChat reports whether a mini-program needs it.
//
// It owns when and how often a report is sent. The call itself is in package wechat,
// the outbox in package models/messages.
package delivery
