package wechatpay

import (
	"errors"
	"fmt"
	"strings"
)

// Kind is what a failure means for the caller. Every Kind is itself an error, so that
// errors.Is(err, wechatpay.ErrOrderPaid) works on every error of this package.
type Kind string

// Error makes a Kind usable as the target of errors.Is.
func (k Kind) Error() string { return "wechatpay: " + string(k) }

const (
	// ErrUnknown means timeout, no connection, 5xx, or a reply whose signature is
	// missing or wrong. The call may or may not have taken effect: repeat it word for
	// word, or query.
	ErrUnknown Kind = "outcome unknown"
	// ErrRateLimited means that the call was refused for its frequency and had no
	// effect. Try again later with the same numbers.
	ErrRateLimited Kind = "rate limited"
	// ErrRefused means that WeChat Pay, or a check before sending, refused for good;
	// see Error.Code and Error.Reason.
	ErrRefused Kind = "refused"
	// ErrOrderPaid means that the order is already paid. Query and settle it.
	ErrOrderPaid Kind = "order already paid"
	// ErrOrderClosed means that the order is closed or expired and can no longer be
	// paid.
	ErrOrderClosed Kind = "order closed"
	// ErrOrderNotExist means that WeChat Pay does not know the order.
	ErrOrderNotExist Kind = "order does not exist"
	// ErrRefundNotExist means that WeChat Pay does not know the refund number.
	ErrRefundNotExist Kind = "refund does not exist"
	// ErrParamsChanged means that the order number was used before with other
	// parameters. Take a new number.
	ErrParamsChanged Kind = "order number used with other parameters"
	// ErrNoStatement means that there was no trade on that day. It is a normal result:
	// the bill is empty.
	ErrNoStatement Kind = "no statement for that day"
	// ErrStatementCreating means that the bill is not ready. Try again in half an hour.
	ErrStatementCreating Kind = "statement not ready yet"
	// ErrBadSignature means that a notification is not proven to come from WeChat Pay.
	// Answer 4xx, change nothing.
	ErrBadSignature Kind = "bad notification signature"
	// ErrMalformed means that a notification has a valid signature and cannot be read.
	// Answer 5xx.
	ErrMalformed Kind = "malformed notification"
	// ErrBillHash means that a downloaded bill differs from the hash that WeChat Pay
	// announced. Download it again.
	ErrBillHash Kind = "bill does not match its hash"
	// ErrBillCorrupt means that a bill cannot be read, is cut off, is too large, or
	// contradicts its own summary.
	ErrBillCorrupt Kind = "bill is corrupt"
)

// Error is every failure of this package. Its text never holds keys, signatures, bodies
// or personal data. It has the operation, the kind, WeChat's code in its current
// spelling and the Request-ID to quote to support.
type Error struct {
	Op        string // what was tried: prepay, query, close, refund, …
	Kind      Kind
	Code      string // WeChat's error code in its current spelling ("" when there was none)
	Status    int    // HTTP status, 0 without a reply
	RequestID string // WeChat's Request-ID of the reply
	Reason    string // short text from a fixed list, e.g. "timeout" or "amount must be positive"
	cause     error  // only context errors and errors of the caller's own functions
}

// Error returns the text for logs.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "wechatpay %s: %s", e.Op, string(e.Kind))
	if e.Reason != "" {
		fmt.Fprintf(&b, " (%s)", e.Reason)
	}
	if e.Code != "" {
		fmt.Fprintf(&b, " code=%s", e.Code)
	}
	if e.Status != 0 {
		fmt.Fprintf(&b, " status=%d", e.Status)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, " request_id=%s", e.RequestID)
	}
	return b.String()
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

// refused returns the error for a request that was wrong before it was sent. Nothing
// reached WeChat Pay.
func refused(op, reason string) error {
	return &Error{Op: op, Kind: ErrRefused, Reason: reason}
}
