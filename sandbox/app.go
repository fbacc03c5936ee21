package sandbox

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"
)

// miniService is the server API of the mini-program.
type miniService struct {
	core       *core
	users      *users
	pay        *payService
	templates  []Template
	tokens     tokens
	codes      codes
	messageURL atomic.Pointer[string] // nil means no events
}

func newMiniService(k *core, u *users, p *payService) *miniService {
	s := &miniService{core: k, users: u, pay: p, templates: templatesOf(k.cfg)}
	s.SetMessageURL(k.cfg.MessageURL)
	return s
}

// appError is a refusal of the mini-program host: HTTP 200 with an errcode.
type appError struct {
	code    int
	message string
}

func (e *appError) Error() string { return strconv.Itoa(e.code) + " " + e.message }

// appCall is one call to the mini-program host.
type appCall struct {
	r    *http.Request
	body []byte
}

// appHandler returns a value to answer as JSON, or bytes that are a picture.
type appHandler func(*appCall) (any, error)

// app wraps a handler with what all mini-program calls share.
func (s *miniService) app(route Route, handle appHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.core.count(route)
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			writeAppError(w, &appError{44002, "empty post data"})
			return
		}
		struck := s.core.faults.strike(route, "", nil)
		if struck != nil && s.core.spoilBefore(w, r, struck, refuseApp) {
			return
		}
		value, err := handle(&appCall{r, body})
		if struck != nil && s.core.spoilAfter(w, r, struck, refuseApp) {
			return
		}
		if err != nil {
			var refused *appError
			if !errors.As(err, &refused) {
				s.core.log.Error("sandbox: call failed", "path", r.URL.Path, "error", err)
				refused = &appError{errcodeBusy, "system error"}
			}
			writeAppError(w, refused)
			return
		}
		writeApp(w, value, struck)
	}
}

// writeApp answers a call that went well.
func writeApp(w http.ResponseWriter, value any, struck *Fault) {
	contentType, body := "application/json; charset=UTF-8", []byte(nil)
	if picture, ok := value.([]byte); ok {
		contentType, body = "image/jpeg", picture // exactly this: SDKs compare it
	} else {
		var err error
		if body, err = json.Marshal(value); err != nil {
			writeAppError(w, &appError{errcodeBusy, "system error"})
			return
		}
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if struck.kind() == FaultTruncated {
		w.Write(body[:len(body)/2])
		cutShort(w)
	}
	w.Write(body)
}

// writeAppError answers as the mini-program host does: HTTP 200, and a rid
// by which its support would find the call.
func writeAppError(w http.ResponseWriter, e *appError) {
	body, _ := json.Marshal(struct {
		Code    int    `json:"errcode"`
		Message string `json:"errmsg"`
	}{e.code, e.message + " rid: " + randomHex(8) + "-" + randomHex(8) + "-" + randomHex(8)})
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.Write(body)
}

// appOK is the errcode 0 that answers without other content carry.
type appOK struct {
	Code    int    `json:"errcode"`
	Message string `json:"errmsg"`
}

// okReply is embedded in answers, as WeChat does it.
var okReply = appOK{0, "ok"}

// decode reads a JSON body into v.
func (c *appCall) decode(v any) error {
	if err := json.Unmarshal(c.body, v); err != nil {
		return &appError{47001, "data format error"}
	}
	return nil
}
