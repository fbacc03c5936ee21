package wechat

import (
	"errors"
	"fmt"
)

// Kind says what a failure means for the caller. Every Kind is itself an error, for errors.Is.
type Kind string

// Error makes a Kind usable as the target of errors.Is.
func (k Kind) Error() string { return "wechat: " + string(k) }

const (
	// ErrCodeInvalid: the login or phone code is wrong, used or too old; the phone must get a new one.
	ErrCodeInvalid Kind = "code invalid"
	// ErrUserBlocked: WeChat has blocked this user.
	ErrUserBlocked Kind = "user blocked"
	// ErrUnavailable: network, timeout, busy, quota, or an answer that is none. A message may have been sent.
	ErrUnavailable Kind = "unavailable"
	// ErrNotSubscribed: the person's agreement for this template is used up or was never given. Do not repeat.
	ErrNotSubscribed Kind = "not subscribed"
	// ErrOpenID: the openid is not one of this app.
	ErrOpenID Kind = "openid invalid"
	// ErrTemplate: template id, page or a keyword's value is not accepted: a fault of configuration or code.
	ErrTemplate Kind = "template, page or value not accepted"
	// ErrCredential: app id, secret, address list or token is not accepted.
	ErrCredential Kind = "credential not accepted"
	// ErrRefused: refused for another reason, see Error.Code.
	ErrRefused Kind = "refused"
	// ErrPushForged: a push that is not proven to come from WeChat. Answer 403.
	ErrPushForged Kind = "push not authentic"
	// ErrPushMalformed: a push that cannot be read.
	ErrPushMalformed Kind = "push malformed"
)

// Error is every failure of this package. Its text holds no secret, token, code, openid or phone number; of
// WeChat's answer only the number remains.
type Error struct {
	Op     string
	Kind   Kind
	Code   int64  // errcode, 0 when there was none
	Reason string // short text from a fixed list
	cause  error  // context errors only
}

// Error gives the text for logs.
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

// Unwrap lets errors.Is find the Kind and, when there was one, the context error.
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

// tokenRejected reports the codes that a fresh access token may cure.
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
