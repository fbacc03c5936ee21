package apiv3

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/fault"
	"wuyepay/sandbox/pay/merchant"
)

// Call is a call of WeChat Pay whose signature was accepted.
type Call struct {
	Request  *http.Request
	body     []byte
	Merchant *merchant.Merchant
	Input    map[string]any // the decoded body of a POST

	Struck *fault.Fault // the fault that spoils the call, or nil
}

// Handler performs a call. It returns the value to answer as JSON; nil means 204
// without a body. An [Error] is answered as a refusal, any other error as SYSTEM_ERROR.
type Handler func(*Call) (any, error)

// Handle wraps a handler with what all calls share: the signature check, the faults and
// the signed reply.
func (s *Host) Handle(route fault.Route, handle Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.core.Count(route)
		c, refused := s.receive(w, r)
		if refused != nil {
			WritePlain(w, refused)
			return
		}
		struck := s.core.Faults.Strike(route, c.Merchant.Name, c.outTradeNo)
		if struck != nil && s.core.SpoilBefore(w, r, struck, Refuse) {
			return
		}
		c.Struck = struck
		a := s.perform(c, handle)
		if struck != nil && s.core.SpoilAfter(w, r, struck, Refuse) {
			return
		}
		s.reply(w, r, c.Merchant, a, struck)
	}
}

// receive reads the body and checks who signed it.
func (s *Host) receive(w http.ResponseWriter, r *http.Request) (*Call, *Error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, core.MaxBody))
	if err != nil {
		return nil, ParamError("body", nil, "请求体过大或未收全")
	}
	m, refused := s.Authorize(r, body)
	if refused != nil {
		return nil, refused
	}
	return &Call{Request: r, body: body, Merchant: m}, nil
}

// answer is a reply before it is signed.
type answer struct {
	status  int
	body    []byte
	numeric int
}

// perform runs the handler and returns its answer, a refusal too.
func (s *Host) perform(c *Call, handle Handler) answer {
	err := c.check()
	var value any
	if err == nil {
		value, err = handle(c)
	}
	if err != nil {
		var refused *Error
		if !errors.As(err, &refused) {
			s.core.Log.Error("sandbox: call failed", "path", c.Request.URL.Path, "error", err)
			refused = errSystem
		}
		return answer{refused.Status, refused.body(), refused.Numeric}
	}
	if value == nil {
		return answer{status: http.StatusNoContent}
	}
	var buf bytes.Buffer
	encoder := json.NewEncoder(&buf)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		s.core.Log.Error("sandbox: answer not encoded", "path", c.Request.URL.Path, "error", err)
		return answer{errSystem.Status, errSystem.body(), errSystem.Numeric}
	}
	return answer{status: http.StatusOK, body: bytes.TrimSuffix(buf.Bytes(), []byte("\n"))}
}

// check checks what every call has to satisfy.
func (c *Call) check() error {
	h := c.Request.Header
	if h.Get("User-Agent") == "" {
		return ParamError("User-Agent", nil, "请求头缺失")
	}
	accept := h.Get("Accept")
	if !strings.Contains(accept, "application/json") && !strings.Contains(accept, "*/*") {
		return ParamError("Accept", accept, "应为application/json")
	}
	if c.Request.Method == http.MethodGet {
		return nil
	}
	if !strings.HasPrefix(h.Get("Content-Type"), "application/json") {
		return ParamError("Content-Type", h.Get("Content-Type"), "应为application/json")
	}
	if !utf8.Valid(c.body) {
		return ParamError("body", nil, "应为UTF-8编码")
	}
	decoder := json.NewDecoder(bytes.NewReader(c.body))
	decoder.UseNumber() // an amount must not pass through a float
	if err := decoder.Decode(&c.Input); err != nil || c.Input == nil {
		return ParamError("body", nil, "不是合法的JSON对象")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return ParamError("body", nil, "JSON对象之后有多余内容")
	}
	return nil
}

// outTradeNo returns the number that a call is about, for a fault aimed at one order.
// On a refund query it is the out_refund_no.
func (c *Call) outTradeNo() string {
	if no := c.Request.PathValue("no"); no != "" {
		return no
	}
	var named struct {
		OutTradeNo string `json:"out_trade_no"`
	}
	// A body that is not JSON names no order; the handler says so later.
	_ = json.Unmarshal(c.body, &named)
	return named.OutTradeNo
}
