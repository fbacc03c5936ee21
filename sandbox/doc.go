// Package sandbox is a simulator of both WeChat sides that a paying mini-program talks
// to: WeChat Pay APIv3 and the mini-program server API. It speaks real HTTP with real
// signatures and real encryption on one listener, keeps the books of the other side,
// plays the owner's phone on a page, and spoils calls and callbacks on demand.
//
// It owns what the other side knows: orders, refunds, bills, users, quotas and messages.
// It imports no package of this module outside its own folder and shares no struct with
// the code that it tests. Otherwise the same misreading on both sides would pass. Its
// tests use the unmodified public SDKs.
//
// The package itself has only [Server], which puts the parts together, and names for
// their types. The parts are:
//
//   - pay, with pay/apiv3, pay/merchant, pay/notice and pay/bill: WeChat Pay
//   - mini and user: the mini-program's server API and its users
//   - control: the control calls and the phone page
//   - core, fault, store and crypt: what the parts share
//
// There are two clocks. Config.Now is business time: success_time, order expiry, bill
// dates. Signatures, tokens, one-time codes and retry delays use real time, so they still
// work when a test moves the business clock.
//
// README.md lists the control calls and what is not simulated.
package sandbox
