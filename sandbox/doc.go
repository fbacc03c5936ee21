// Package sandbox is a simulator of both WeChat sides that a paying
// mini-program talks to: WeChat Pay APIv3 and the mini-program server API. It
// speaks real HTTP with real signatures and real encryption on one listener of
// its own, keeps the other party's books, plays the owner's phone on a small
// page, and spoils calls and callbacks on demand.
//
// It owns the other side's truth (orders, refunds, users, quotas, messages,
// bills) and nothing else: it imports no package of this module and shares no
// struct with the code it tests, because the same misreading on both sides
// would pass unseen. The unmodified public SDKs are its judge, in its tests.
//
// Two clocks are kept apart. Config.Now is business time: success_time, order
// expiry, bill dates. Signatures, tokens, one-time codes and retry delays use
// real time, as they do at WeChat when a test moves the business clock.
//
// README.md lists the control calls and, as important, what is not imitated.
package sandbox
