package wechatpay

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/consts"
)

// get makes a signed GET and returns the verified reply body.
func (c *Client) get(ctx context.Context, op, pathAndQuery string) ([]byte, error) {
	return c.call(ctx, op, func(ctx context.Context) (*core.APIResult, error) {
		return c.api.Get(ctx, consts.WechatPayAPIServer+pathAndQuery)
	})
}

// post makes a signed POST and returns the verified reply body, which is empty for 204.
func (c *Client) post(ctx context.Context, op, path string, body any) ([]byte, error) {
	return c.call(ctx, op, func(ctx context.Context) (*core.APIResult, error) {
		return c.api.Post(ctx, consts.WechatPayAPIServer+path, body)
	})
}

// call bounds an exchange in time and turns every failure into an *Error.
//
// If the reply's signature is wrong the SDK returns a result together with an error.
// call drops the result: nothing in an unproven reply may be used, not even to guess
// that the call succeeded.
func (c *Client) call(ctx context.Context, op string, send func(context.Context) (*core.APIResult, error)) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	if c.cfg.PublicKeyID == "" {
		// Without a platform certificate the reply could not be verified, so nothing is sent.
		if err := c.certs.ensure(ctx); err != nil {
			return nil, &Error{Op: op, Kind: ErrUnknown, Reason: "not sent: no platform certificate", cause: ctx.Err()}
		}
	}
	result, err := send(ctx)
	if result != nil && result.Response != nil && result.Response.Body != nil {
		defer result.Response.Body.Close()
	}
	if err != nil {
		capture(ctx, result, nil, err)
		return nil, classify(ctx, op, result, err)
	}
	body, err := io.ReadAll(result.Response.Body)
	capture(ctx, result, body, err)
	if err != nil {
		return nil, classify(ctx, op, result, err)
	}
	return bytes.TrimSpace(body), nil
}

// classify turns an error of the SDK into an *Error. It copies none of its text, which
// may hold URLs, headers and whole bodies.
func classify(ctx context.Context, op string, result *core.APIResult, err error) *Error {
	out := &Error{Op: op, Kind: ErrUnknown}
	var resp *http.Response
	if result != nil {
		resp = result.Response
	}
	if resp != nil {
		out.Status = resp.StatusCode
		out.RequestID = cleanToken(resp.Header.Get(consts.RequestID))
	}
	var api *core.APIError
	var netErr net.Error
	switch {
	case errors.As(err, &api):
		out.Status = api.StatusCode
		out.RequestID = cleanToken(api.Header.Get(consts.RequestID))
		out.Code = canonicalCode(cleanToken(api.Code))
		out.Kind, out.Reason = kindOfReply(op, out, api.Message)
	case ctx.Err() != nil:
		out.Reason, out.cause = "timeout", ctx.Err()
		if errors.Is(ctx.Err(), context.Canceled) {
			out.Reason = "cancelled"
		}
	case errors.As(err, &netErr) && netErr.Timeout():
		out.Reason, out.cause = "timeout", context.DeadlineExceeded
	case errors.Is(err, errReplyTooLarge):
		out.Reason = "reply too large"
	case resp == nil:
		out.Reason = "no connection"
	default:
		out.Reason = "reply not verified"
	}
	return out
}

// kindOfReply maps status, code and the numeric tail of the Request-ID to a kind. A
// reply outside 2xx is not authenticated, so one without a known shape stays
// ErrUnknown.
func kindOfReply(op string, e *Error, message string) (Kind, string) {
	// The tail of a missing refund is that of a missing order, so this comes first.
	if op == opQueryRefund && (e.Code == "RESOURCE_NOT_EXISTS" || e.Code == "ORDER_NOT_EXIST") {
		return ErrRefundNotExist, ""
	}
	if kind, ok := kindOfTail(e.RequestID); ok {
		return kind, ""
	}
	if kind, ok := kindOfCode[e.Code]; ok {
		return kind, ""
	}
	switch {
	case e.Code == "RESOURCE_NOT_EXISTS" && (op == opQuery || op == opClose || op == opRefund):
		return ErrOrderNotExist, ""
	case e.Status == http.StatusTooManyRequests:
		return ErrRateLimited, ""
	case e.Status >= 500:
		return ErrUnknown, "server error"
	case e.Code == "" || e.Status < 400:
		return ErrUnknown, "reply is not WeChat Pay's"
	case e.Code == "INVALID_REQUEST" || e.Code == "PARAM_ERROR" || e.Code == "TRADE_ERROR":
		return kindOfMessage(op, message), ""
	}
	return ErrRefused, ""
}

// kindOfMessage separates the faults of orders that share INVALID_REQUEST by their
// text, because the documents have nothing else. In other operations the same words
// mean other things, and the caller reads the code.
func kindOfMessage(op, message string) Kind {
	switch {
	case op != opPrepay && op != opClose:
		return ErrRefused
	case strings.Contains(message, "重入") || strings.Contains(message, "与首次请求时不一致"):
		return ErrParamsChanged
	case strings.Contains(message, "已支付"):
		return ErrOrderPaid
	case strings.Contains(message, "已关闭") || strings.Contains(message, "已过期"):
		return ErrOrderClosed
	}
	return ErrRefused
}

// cleanToken returns a code or id of an unproven reply only if it looks like one, so
// that logs stay clean.
func cleanToken(s string) string {
	if len(s) > 64 {
		return ""
	}
	for i := 0; i < len(s); i++ {
		ch := s[i]
		if !(ch == '_' || ch == '-' || ch >= '0' && ch <= '9' || ch >= 'A' && ch <= 'Z' || ch >= 'a' && ch <= 'z') {
			return ""
		}
	}
	return s
}

// formatExpiry writes time_expire in whole seconds at +08:00, as WeChat Pay documents
// it.
func formatExpiry(t time.Time) time.Time { return t.In(shanghai).Truncate(time.Second) }
