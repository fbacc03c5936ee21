package wechat

import (
	"errors"
	"fmt"
)

// Kind is what a failure means for the caller. Every Kind is itself an error, for
// errors.Is.
type Kind string

// Error makes a Kind usable as the target of errors.Is.
func (k Kind) Error() string { return "wechat: " + string(k) }

const (
	// ErrCodeInvalid means that the login or phone code is wrong, used or too old. The
	// phone must fetch a new one.
	ErrCodeInvalid Kind = "code invalid"
	// ErrUserBlocked means that WeChat has blocked this user.
	ErrUserBlocked Kind = "user blocked"
	// ErrUnavailable means network, timeout, busy, quota, or an unusable answer. A
	// message may have been sent.
	ErrUnavailable Kind = "unavailable"
	// ErrNotSubscribed means that the person did not allow a message of this template,
	// or that those allowed are used up. Do not repeat.
	ErrNotSubscribed Kind = "not subscribed"
	// ErrOpenID means that the openid is not one of this app.
	ErrOpenID Kind = "openid invalid"
	// ErrTemplate means that template id, page or a keyword's value is not accepted. It
	// is a fault of configuration or code.
	ErrTemplate Kind = "template, page or value not accepted"
	// ErrCredential means that app id, secret, address list or token is not accepted.
	ErrCredential Kind = "credential not accepted"
	// ErrRefused means that WeChat refused for another reason; see Error.Code.
	ErrRefused Kind = "refused"
	// ErrPushForged means that a push is not proven to come from WeChat. Answer 403.
	ErrPushForged Kind = "push not authentic"
	// ErrPushMalformed means that a push cannot be read.
	ErrPushMalformed Kind = "push malformed"
)

// Error is every failure of this package. Its text holds no secret, token, code, openid
// or phone number. Of WeChat's answer it keeps only the number.
type Error struct {
	Op     string
	Kind   Kind
	Code   int64  // errcode, 0 when there was none
	Reason string // short text from a fixed list
	cause  error  // context errors only
}

// Error returns the text for logs.
func (e *Error) Error() string {
	text := "wechat " + e.Op + ": " + string(e.Kind)
	if e.Reason != "" {
		text += " (" + e.Reason + ")"
	}
	if e.Code != 0 {
		text += fmt.Sprintf(" errcode=%d", e.Code)
	}
	return text
}

// Unwrap makes errors.Is find the Kind and, if there was one, the context error.
func (e *Error) Unwrap() []error {
	if e.cause != nil {
		return []error{e.Kind, e.cause}
	}
	return []error{e.Kind}
}

// KindOf returns the kind of an error of this package, or "" for any other error.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// tokenRejected reports whether a fresh access token may help against a code.
func tokenRejected(code int64) bool { return code == 40001 || code == 40014 || code == 42001 }

// kindOfCode maps errcode to a kind (developers.weixin.qq.com, mini-program global return codes).
func kindOfCode(code int64) Kind {
	switch code {
	case -1, 45009, 45011, 43108, 44990, 50004, 50007:
		return ErrUnavailable
	case 40029, 40163, 41008:
		return ErrCodeInvalid
	case 40226:
		return ErrUserBlocked
	case 43101:
		return ErrNotSubscribed
	case 40003:
		return ErrOpenID
	case 40037, 41030, 45168, 47001, 47003, 40165, 40212, 85400, 85401, 40129, 40169:
		return ErrTemplate
	case 40001, 40014, 42001, 40013, 40125, 40164, 40243, 41002, 41004:
		return ErrCredential
	}
	return ErrRefused
}
