package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"wuyepay/models"
	"wuyepay/wechat"
)

const (
	maxCallback    = 256 << 10 // a notification is some kilobytes
	callbackBudget = 4500 * time.Millisecond
)

// readCallback reads a callback's body within bounds; false: it was answered.
func readCallback(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCallback))
	if err == nil {
		return body, true
	}
	status := http.StatusBadRequest
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		status = http.StatusRequestEntityTooLarge
	}
	http.Error(w, http.StatusText(status), status)
	return nil, false
}

// PayNotify takes a payment notification of WeChat Pay: 204 once the money is
// durably booked or known to be, 401 for a bad signature, 5xx for all else, which
// WeChat repeats.
func (a *API) PayNotify(w http.ResponseWriter, r *http.Request) {
	body, ok := readCallback(w, r)
	if !ok {
		a.Pay.NoteUnreadable(r.PathValue("merchant"), r.Header, "body too long or cut off")
		return
	}
	// WeChat waits five seconds, and hanging up must not break off a booking.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), callbackBudget)
	defer cancel()
	err := a.Pay.Notify(ctx, r.PathValue("merchant"), r.Header, body)
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	status := http.StatusInternalServerError
	if e, ok := models.AsError(err); ok {
		status = statusOf[e.Kind]
	} else {
		a.Log.WarnContext(ctx, "notification not booked", "err", err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"code": "FAIL", "message": http.StatusText(status)}) // WeChat reads the status
}

// MessageCheck answers the mini-program platform's check of our address.
func (a *API) MessageCheck(w http.ResponseWriter, r *http.Request) {
	echo, ok := a.Mini.VerifyURL(r.URL.Query())
	if !ok {
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, echo)
}

// Message takes the mini-program's message push. Agreements are counted from what
// the phone reports; the push says the same again and is only noted.
func (a *API) Message(w http.ResponseWriter, r *http.Request) {
	body, ok := readCallback(w, r)
	if !ok {
		return
	}
	push, err := a.Mini.ParsePush(r.URL.Query(), r.Header.Get("Content-Type"), body)
	switch {
	case errors.Is(err, wechat.ErrPushForged):
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	case err != nil:
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	for _, e := range push.Subscriptions {
		a.Log.InfoContext(r.Context(), "subscribe event", "event", e.Kind, "template", e.TemplateID, "status",
			e.Status, "error_code", e.ErrorCode)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "success")
}
