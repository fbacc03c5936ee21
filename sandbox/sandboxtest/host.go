package sandboxtest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/wechatpay-apiv3/wechatpay-go/core/auth"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/verifiers"
	"github.com/wechatpay-apiv3/wechatpay-go/core/notify"
	"github.com/wechatpay-apiv3/wechatpay-go/services/payments"

	"wuyepay/sandbox"
)

// Host receives notifications through the SDK's handler and keeps them.
type Host struct {
	URL string

	mu       sync.Mutex
	Good     []*notify.Request
	Plain    []payments.Transaction
	Bad      []error
	Serials  []string
	Answer   func(n int) int // status of the n-th call; nil is 204 for good ones
	Received chan struct{}
}

// NewHost starts a host that verifies with the public key of a merchant.
func NewHost(t testing.TB, s *sandbox.Server, name string) *Host {
	t.Helper()
	k := KeysOf(t, s, name)
	return NewHostWith(t, k.APIv3Key, verifiers.NewSHA256WithRSAPubkeyVerifier(k.PublicKeyID, *k.Pub))
}

// NewHostWith starts a host with a verifier.
func NewHostWith(t testing.TB, apiV3Key string, verifier auth.Verifier) *Host {
	t.Helper()
	handler, err := notify.NewRSANotifyHandler(apiV3Key, verifier)
	if err != nil {
		t.Fatal(err)
	}
	h := &Host{Received: make(chan struct{}, 10_000)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(h.receive(handler, r))
		h.Received <- struct{}{}
	}))
	t.Cleanup(server.Close)
	h.URL = server.URL + "/notify"
	return h
}

// receive verifies a notification and returns the status to answer.
func (h *Host) receive(handler *notify.Handler, r *http.Request) (status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.Serials = append(h.Serials, r.Header.Get("Wechatpay-Serial"))
	n := len(h.Serials)
	defer func() {
		if p := recover(); p != nil { // the SDK panics on an envelope without resource
			h.Bad = append(h.Bad, fmt.Errorf("panic: %v", p))
			status = http.StatusBadRequest
		}
	}()
	var transaction payments.Transaction
	request, err := handler.ParseNotifyRequest(r.Context(), r, &transaction)
	if err != nil {
		h.Bad = append(h.Bad, err)
		return http.StatusUnauthorized
	}
	h.Good = append(h.Good, request)
	h.Plain = append(h.Plain, transaction)
	if h.Answer != nil {
		return h.Answer(n)
	}
	return http.StatusNoContent
}

// Counts returns how many notifications were verified and how many were not.
func (h *Host) Counts() (good, bad int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.Good), len(h.Bad)
}
