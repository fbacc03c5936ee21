package mini

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/crypt"
	"wuyepay/sandbox/fault"
)

// refusal is a refusal of the mini-program host: HTTP 200 with an errcode.
type refusal struct {
	code    int
	message string
}

// Error returns the errcode and the message.
func (e *refusal) Error() string { return strconv.Itoa(e.code) + " " + e.message }

// call is a call to the mini-program host.
type call struct {
	r    *http.Request
	body []byte
}

// handler performs a call. It returns a value to answer as JSON, or bytes that are a
// picture.
type handler func(*call) (any, error)

// app wraps a handler with what all mini-program calls share.
func (s *Service) app(route fault.Route, handle handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.core.Count(route)
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, core.MaxBody))
		if err != nil {
			writeAppError(w, &refusal{44002, "empty post data"})
			return
		}
		struck := s.core.Faults.Strike(route, "", nil)
		if struck != nil && s.core.SpoilBefore(w, r, struck, refuseApp) {
			return
		}
		value, err := handle(&call{r, body})
		if struck != nil && s.core.SpoilAfter(w, r, struck, refuseApp) {
			return
		}
		if err != nil {
			var refused *refusal
			if !errors.As(err, &refused) {
				s.core.Log.Error("sandbox: call failed", "path", r.URL.Path, "error", err)
				refused = &refusal{errcodeBusy, "system error"}
			}
			writeAppError(w, refused)
			return
		}
		writeApp(w, value, struck)
	}
}

// writeApp answers a call that succeeded.
func writeApp(w http.ResponseWriter, value any, struck *fault.Fault) {
	contentType, body := "application/json; charset=UTF-8", []byte(nil)
	if picture, ok := value.([]byte); ok {
		contentType, body = "image/jpeg", picture // SDKs compare exactly this text
	} else {
		var err error
		if body, err = json.Marshal(value); err != nil {
			writeAppError(w, &refusal{errcodeBusy, "system error"})
			return
		}
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if fault.KindOf(struck) == fault.Truncated {
		w.Write(body[:len(body)/2])
		core.CutShort(w)
	}
	w.Write(body)
}

// writeAppError answers as the mini-program host does: HTTP 200, and a rid by which its
// support would find the call.
func writeAppError(w http.ResponseWriter, e *refusal) {
	body, _ := json.Marshal(struct {
		Code    int    `json:"errcode"`
		Message string `json:"errmsg"`
	}{e.code, e.message + " rid: " + crypt.RandomHex(8) + "-" + crypt.RandomHex(8) + "-" + crypt.RandomHex(8)})
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.Write(body)
}

// appOK is the errcode 0 of an answer.
type appOK struct {
	Code    int    `json:"errcode"`
	Message string `json:"errmsg"`
}

// okReply is embedded in answers, as WeChat does it.
var okReply = appOK{0, "ok"}

// decode reads a JSON body into v.
func (c *call) decode(v any) error {
	if err := json.Unmarshal(c.body, v); err != nil {
		return &refusal{47001, "data format error"}
	}
	return nil
}
