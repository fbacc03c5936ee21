package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"
)

// payCall is one WeChat Pay call whose signature was accepted.
type payCall struct {
	r     *http.Request
	body  []byte
	m     *merchant
	input map[string]any // the decoded body of a POST

	struck *Fault // the fault that spoils the call, or nil
}

// payHandler returns what to answer as JSON; nil means 204 without a body.
type payHandler func(*payCall) (any, error)

// pay wraps a handler with everything all WeChat Pay calls share: signature
// check, faults, signed reply.
func (s *payHost) pay(route Route, handle payHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.core.count(route)
		c, refused := s.receive(w, r)
		if refused != nil {
			writePlain(w, refused)
			return
		}
		struck := s.core.faults.strike(route, c.m.Name, c.outTradeNo)
		if struck != nil && s.core.spoilBefore(w, r, struck, refusePay) {
			return
		}
		c.struck = struck
		a := s.perform(c, handle)
		if struck != nil && s.core.spoilAfter(w, r, struck, refusePay) {
			return
		}
		s.reply(w, r, c.m, a, struck)
	}
}

// receive reads the body and checks who sent it.
func (s *payHost) receive(w http.ResponseWriter, r *http.Request) (*payCall, *apiError) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return nil, paramError("body", nil, "请求体过大或未收全")
	}
	m, refused := s.authorize(r, body)
	if refused != nil {
		return nil, refused
	}
	return &payCall{r: r, body: body, m: m}, nil
}

// answer is a reply before it is signed.
type answer struct {
	status  int
	body    []byte
	numeric int
}

// perform runs the handler; whatever it answers is one more answer to sign.
func (s *payHost) perform(c *payCall, handle payHandler) answer {
	err := c.check()
	var value any
	if err == nil {
		value, err = handle(c)
	}
	if err != nil {
		var refused *apiError
		if !errors.As(err, &refused) {
			s.core.log.Error("sandbox: call failed", "path", c.r.URL.Path, "error", err)
			refused = errSystem
		}
		return answer{refused.status, refused.body(), refused.numeric}
	}
	if value == nil {
		return answer{status: http.StatusNoContent}
	}
	var buf bytes.Buffer
	encoder := json.NewEncoder(&buf)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		s.core.log.Error("sandbox: answer not encoded", "path", c.r.URL.Path, "error", err)
		return answer{errSystem.status, errSystem.body(), errSystem.numeric}
	}
	return answer{status: http.StatusOK, body: bytes.TrimSuffix(buf.Bytes(), []byte("\n"))}
}

// check holds what every call must satisfy whatever it asks for.
func (c *payCall) check() error {
	h := c.r.Header
	if h.Get("User-Agent") == "" {
		return paramError("User-Agent", nil, "请求头缺失")
	}
	accept := h.Get("Accept")
	if !strings.Contains(accept, "application/json") && !strings.Contains(accept, "*/*") {
		return paramError("Accept", accept, "应为application/json")
	}
	if c.r.Method == http.MethodGet {
		return nil
	}
	if !strings.HasPrefix(h.Get("Content-Type"), "application/json") {
		return paramError("Content-Type", h.Get("Content-Type"), "应为application/json")
	}
	if !utf8.Valid(c.body) {
		return paramError("body", nil, "应为UTF-8编码")
	}
	decoder := json.NewDecoder(bytes.NewReader(c.body))
	decoder.UseNumber() // an amount must not pass through a float
	if err := decoder.Decode(&c.input); err != nil || c.input == nil {
		return paramError("body", nil, "不是合法的JSON对象")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return paramError("body", nil, "JSON对象之后有多余内容")
	}
	return nil
}

// outTradeNo is the order that a call is about, for faults aimed at one order.
func (c *payCall) outTradeNo() string {
	if no := c.r.PathValue("no"); no != "" {
		return no
	}
	var named struct {
		OutTradeNo string `json:"out_trade_no"`
	}
	// A body that is not JSON names no order; the handler says so later.
	_ = json.Unmarshal(c.body, &named)
	return named.OutTradeNo
}
