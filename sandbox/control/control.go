package control

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/fault"
	"wuyepay/sandbox/mini"
	"wuyepay/sandbox/pay"
	"wuyepay/sandbox/pay/bill"
	"wuyepay/sandbox/pay/merchant"
	"wuyepay/sandbox/pay/notice"
	"wuyepay/sandbox/user"
)

// Control answers the control calls and serves the phone page. All its fields have to
// be set.
type Control struct {
	Core      *core.Core
	Merchants *merchant.Set
	Users     *user.Set
	Notices   *notice.Sender
	Pay       *pay.Service
	Bills     *bill.Service
	Mini      *mini.Service
}

// Routes adds the control calls and the page.
func (s *Control) Routes(mux *http.ServeMux) {
	// A page of another site must not press the buttons.
	guard := http.NewCrossOriginProtection()
	mux.Handle("/sandbox/control/", guard.Handler(s.controlRoutes()))
	page := guard.Handler(s.pageRoutes())
	mux.Handle("GET /{$}", page)
	mux.Handle("POST /sandbox/phone/", page)
}

// ClearFaults ends all faults. Callbacks that one holds back are sent.
func (s *Control) ClearFaults() {
	s.Core.Faults.Clear()
	s.Notices.ReleaseAll()
}

// controlRoutes returns the calls by which another process does what the methods of
// sandbox.Server do in this one. README.md describes each.
func (s *Control) controlRoutes() http.Handler {
	mux := http.NewServeMux()
	on := func(pattern string, handle controlHandler) {
		mux.HandleFunc(pattern, control(handle))
	}
	on("GET /sandbox/control/identity", s.controlIdentity)
	on("GET /sandbox/control/calls", s.controlCalls)
	on("POST /sandbox/control/pay", s.controlPay)
	on("POST /sandbox/control/request-payment", s.controlRequestPayment)
	on("GET /sandbox/control/orders/{no}", s.controlOrder)
	on("GET /sandbox/control/orders/{no}/attempts", s.controlAttempts)
	on("POST /sandbox/control/orders/{no}/notify", s.controlRenotify)
	on("GET /sandbox/control/refunds/{no}", s.controlRefund)
	on("POST /sandbox/control/refunds/{no}", s.controlFinishRefund)
	on("POST /sandbox/control/seeds", s.controlSeed)
	on("POST /sandbox/control/bills/{date}", s.controlBill)
	on("POST /sandbox/control/callback-signer", s.controlSigner)
	on("POST /sandbox/control/certificates", s.controlRotate)
	mux.HandleFunc("GET /sandbox/control/books", s.controlBooks)

	on("GET /sandbox/control/faults", s.controlFaults)
	on("POST /sandbox/control/faults", s.controlInject)
	on("DELETE /sandbox/control/faults", s.controlClear)
	on("POST /sandbox/control/faults/profile", s.controlProfile)

	on("POST /sandbox/control/login-codes", s.controlLoginCode)
	on("POST /sandbox/control/phone-codes", s.controlPhoneCode)
	on("POST /sandbox/control/tokens/invalidate", s.controlTokens)
	on("GET /sandbox/control/subscriptions", s.controlQuota)
	on("POST /sandbox/control/subscriptions", s.controlGrant)
	on("GET /sandbox/control/messages", s.controlMessages)
	on("POST /sandbox/control/message-url", s.controlMessageURL)
	on("POST /sandbox/control/events", s.controlEvent)
	return mux
}

// controlHandler performs a control call. It returns what to answer as JSON; nil is
// 204.
type controlHandler func(*http.Request) (any, error)

// errControl is a control call that makes no sense.
var errControl = errors.New("sandbox: bad control call")

// control wraps a handler and turns its error into a status.
func control(handle controlHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		value, err := handle(r)
		status := http.StatusOK
		if err != nil {
			status = http.StatusBadRequest
			switch {
			case errors.Is(err, core.ErrNotFound):
				status = http.StatusNotFound
			case errors.Is(err, pay.ErrOrderPaid), errors.Is(err, pay.ErrOrderClosed), errors.Is(err, pay.ErrPrepayExpired):
				status = http.StatusConflict
			}
			value = map[string]string{"error": err.Error()}
		}
		if value == nil {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(value)
	}
}

// read decodes a control body and refuses unknown fields. A fault with a misspelt field
// would be accepted otherwise and never strike.
func read(r *http.Request, v any) error {
	decoder := json.NewDecoder(io.LimitReader(r.Body, core.MaxBody))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return errors.Join(errControl, err)
	}
	return nil
}

// controlIdentity shows ids and no key, because a key may be the host's own.
func (s *Control) controlIdentity(*http.Request) (any, error) {
	type merchantOut struct {
		Name     string    `json:"name"`
		Mode     core.Mode `json:"mode"`
		MchID    string    `json:"mchid"`
		SubMchID string    `json:"sub_mchid,omitempty"`
	}
	reply := struct {
		AppID     string            `json:"appid"`
		Now       time.Time         `json:"now"`
		Templates map[string]string `json:"templates"`
		Merchants []merchantOut     `json:"merchants"`
	}{AppID: s.Core.Config.AppID, Now: s.Core.Now(), Templates: s.Mini.TemplateIDs()}
	for _, m := range s.Merchants.List {
		reply.Merchants = append(reply.Merchants, merchantOut{m.Name, m.Mode, m.MchID, m.SubMchID})
	}
	return reply, nil
}

// controlCalls shows the calls per route.
func (s *Control) controlCalls(*http.Request) (any, error) {
	counts := map[fault.Route]int64{}
	for _, route := range fault.AllRoutes {
		counts[route] = s.Core.Calls(route)
	}
	return counts, nil
}

// controlSigner sets the key that signs callbacks.
func (s *Control) controlSigner(r *http.Request) (any, error) {
	var in struct {
		Merchant string    `json:"merchant"`
		Mode     core.Mode `json:"mode"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return nil, s.Merchants.SetCallbackSigner(in.Merchant, in.Mode)
}

// controlRotate adds a platform certificate.
func (s *Control) controlRotate(r *http.Request) (any, error) {
	var in struct {
		Merchant string `json:"merchant"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	serial, err := s.Merchants.RotateCertificate(in.Merchant)
	return map[string]string{"serial_no": serial}, err
}
