// Package apiv3 is the protocol of WeChat Pay APIv3 as the server has to speak it: it
// checks the signature of a request and the fields of its body, and signs replies.
//
// It knows no order. A [Handler] of package pay or bill performs the call.
package apiv3
