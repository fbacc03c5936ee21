// Package wechatpay is the only package that talks to WeChat Pay (APIv3).
//
// It owns the signed calls of one merchant (order, query, close, refund, bills), the
// verification and decryption of WeChat Pay's notifications, and the reading of the
// daily bills. It serves a direct merchant and a service provider acting for a
// sub-merchant, in public-key mode, in platform-certificate mode and during the weeks
// in which WeChat mixes both.
//
// It does not own orders, the amounts that ought to be paid, retries over time, or what
// a notification means for a bill. It keeps no state besides downloaded platform
// certificates. The types of the official SDK stay inside.
//
// Money is int64 fen (1/100 yuan) unless a name says otherwise. Times are UTC
// time.Time; the dates of bills are Asia/Shanghai days written 2006-01-02.
//
// A caller must not conclude anything from an error that is ErrUnknown, least of all
// "not paid" or "not refunded". Repeat exactly the same request, or query.
package wechatpay
