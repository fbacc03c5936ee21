// Package messages keeps what is to be told to WeChat and has not been told yet: the two
// outboxes, and the users' agreements to be sent messages.
//
// A notice is a message to one user about one room (订阅消息). A subscription is how many
// messages of a template a user has agreed to; WeChat lets no other be sent. A shipment
// is the report that what an order paid for was delivered (发货信息).
//
// It does not own when somebody is due a message (package reminder), when a delivery is
// reported (package delivery), and the calls to WeChat (package wechat). A row is written
// in the transaction of what it tells about, and sent afterwards.
//
// Two clocks meet here. When to try next and how long a claim holds (NextTryAt,
// ClaimedUntil) are real time, as WeChat and other processes keep it. All other instants
// and days are business time in Asia/Shanghai: BusinessOn is the day for which a notice
// was queued, and a reminder that is not sent on its day is dropped.
//
//	notice    queued -> sending -> sent | failed      queued -> skipped
//	          sending -> queued, when WeChat certainly did not take it
//	shipment  queued -> sent | skipped | failed       failed -> queued, by staff
package messages
