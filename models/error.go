package models

import (
	"errors"
	"fmt"
)

// Kind says what sort of refusal an [Error] is. Each front door maps kinds to
// its own answers in one switch.
type Kind int

// The kinds of refusal.
const (
	KindInvalid       Kind = iota + 1 // the input cannot be right
	KindUnauthorized                  // who is asking is not known
	KindForbidden                     // known, but not allowed
	KindNotFound                      // not there, or not theirs: the answer is alike
	KindConflict                      // the state of things does not allow it now
	KindUnprocessable                 // well-formed, but it does not match what we know
	KindTooMany                       // too often
	KindUnavailable                   // the other party (WeChat) cannot be reached
)

// Error is a refusal fit for the eyes of owners and staff: Code is upper snake
// case and fixed, Message is Chinese, Details is what the caller may act on.
// Any error that is not an Error is a fault of ours and is shown as such.
type Error struct {
	Kind    Kind
	Code    string
	Message string
	Details []any
	cause   error
}

func (e *Error) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Message, e.cause)
	}
	return e.Code + ": " + e.Message
}

// Unwrap gives the cause, for logs.
func (e *Error) Unwrap() error { return e.cause }

// Is compares by code, so that a refusal with details equals its bare form.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// With gives a copy that carries details.
func (e *Error) With(details ...any) *Error {
	c := *e
	c.Details = details
	return &c
}

// Because gives a copy that carries its cause for the logs. The cause is never
// shown to whoever asked.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Refusal makes an error of a kind.
func Refusal(kind Kind, code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message}
}

// Invalid is a refusal of input that cannot be right.
func Invalid(code, message string) *Error { return Refusal(KindInvalid, code, message) }

// The refusals that several packages give. The full list of codes is in
// miniprogram-api.md; a test compares the two.
var (
	ErrNotFound     = Refusal(KindNotFound, "NOT_FOUND", "未找到该信息")
	ErrUnauthorized = Refusal(KindUnauthorized, "UNAUTHORIZED", "登录已失效，请重新进入小程序")
	ErrForbidden    = Refusal(KindForbidden, "FORBIDDEN", "您没有权限进行此操作")
)

// AsError finds the refusal in an error chain.
func AsError(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}
