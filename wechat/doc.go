// Package wechat is the only place that talks to the mini-program's server API (api.weixin.qq.com): login,
// phone number, subscribe messages, links and codes, and the messages that WeChat pushes to us.
//
// It does not own: users, sessions, who may be reminded, quotas, or what a push means. It keeps no state besides
// the access token in a TokenStore. The types of the SDK (silenceper/wechat) stay inside.
//
// The SDK sends everything through one HTTP client that is global to the process and lacks a time limit, puts
// secrets into URLs and error texts, and has calls without a context. This package installs its own client there,
// once, which ties every request back to the call that caused it: see router. So several Clients may live in one
// process, every call ends with its context, and neither secret nor token can reach an error text.
package wechat
