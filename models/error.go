package models

import (
	"errors"
	"fmt"
)

// Kind is the sort of a refusal. Each front door maps kinds to its own answers in one
// switch; for example, the API answers KindConflict with status 409.
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

// Error is a refusal that owners and staff may read. Code is upper snake case and never
// changes, Message is Chinese, Details is what the caller may act on. Any error that is
// not an Error is a fault of ours; people are shown a fixed text instead of it.
type Error struct {
	Kind    Kind
	Code    string
	Message string
	Details []any
	cause   error
}

// Error returns code, message and cause, for logs.
func (e *Error) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Message, e.cause)
	}
	return e.Code + ": " + e.Message
}

// Unwrap returns the cause, for logs.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether the target is a refusal of the same code, so that errors.Is finds
// a refusal with details or a cause by its bare form.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// With returns a copy that carries details.
func (e *Error) With(details ...any) *Error {
	c := *e
	c.Details = details
	return &c
}

// Because returns a copy that carries its cause for the logs. The person who asked is
// never shown the cause.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Refusal returns an error of a kind.
func Refusal(kind Kind, code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message}
}

// Invalid returns a refusal of input that cannot be right.
func Invalid(code, message string) *Error { return Refusal(KindInvalid, code, message) }

// The refusals of several packages. The full list of codes is in miniprogram-api.md; a
// test compares the two.
var (
	ErrNotFound     = Refusal(KindNotFound, "NOT_FOUND", "未找到该信息")
	ErrUnauthorized = Refusal(KindUnauthorized, "UNAUTHORIZED", "登录已失效，请重新进入小程序")
	ErrForbidden    = Refusal(KindForbidden, "FORBIDDEN", "您没有权限进行此操作")
)

// AsError returns the refusal in an error chain, and reports whether there is one.
func AsError(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}
