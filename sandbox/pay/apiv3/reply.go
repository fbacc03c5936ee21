package apiv3

import (
	"net/http"
	"strconv"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/fault"
	"wuyepay/sandbox/pay/merchant"
)

// reply signs and sends an answer, spoiled if a fault struck.
func (s *Host) reply(w http.ResponseWriter, r *http.Request, m *merchant.Merchant, a answer, struck *fault.Fault) {
	kind := fault.KindOf(struck)
	h := w.Header()
	h.Set("Request-ID", RequestID(a.numeric))
	if kind != fault.Unsigned {
		x, err := SealFor(m.ReplySigner(r.Header.Get("Wechatpay-Serial")), a.body, kind)
		if err != nil {
			s.core.Log.Error("sandbox: reply not signed", "error", err)
			WritePlain(w, errSystem)
			return
		}
		x.Write(h)
	}
	if a.status != http.StatusNoContent {
		h.Set("Content-Type", "application/json; charset=utf-8")
		h.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	if kind == fault.Truncated {
		w.Write(a.body[:len(a.body)/2])
		core.CutShort(w)
	}
	w.Write(a.body)
}
