// Package wechatpay is the only place that talks to WeChat Pay (APIv3).
//
// It owns: the signed calls of one merchant (order, query, close, refund, bills), the verification and
// decryption of WeChat Pay's notifications, and the reading of the daily bills. It speaks for a direct
// merchant and for a service provider acting for a sub-merchant, in public-key mode, in platform-certificate
// mode and during the weeks in which WeChat mixes both.
//
// It does not own: orders, amounts that ought to be paid, retries over time, or what a notification means for
// a bill. It keeps no state besides downloaded platform certificates. The types of the official SDK stay inside.
//
// Money is int64 fen (1/100 yuan) unless a name says otherwise. Instants are UTC time.Time; dates of bills are
// Asia/Shanghai days written 2006-01-02.
//
// The one rule for callers: an error that is ErrUnknown says nothing about what happened at WeChat. Repeat the
// very same request, or query; never conclude "not paid" or "not refunded" from it.
package wechatpay
