// Package wechat is the only package that talks to the mini-program's server API
// (api.weixin.qq.com): login, phone number, subscribe messages, links and codes, and
// the messages that WeChat pushes to us.
//
// It does not own users, sessions, quotas, whom to remind, or what a push means. It
// keeps no state besides the access token in a TokenStore. The types of the SDK
// (silenceper/wechat) stay inside.
//
// The SDK sends everything through one HTTP client that is global to the process and
// has no time limit. It puts secrets into URLs and error texts, and some of its calls
// have no context. This package installs a client of its own there, once. That client
// ties every request to the call that caused it; see router. So several Clients may
// live in one process, every call ends with its context, and neither secret nor token
// can reach an error text.
package wechat
