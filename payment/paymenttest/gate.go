package paymenttest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// gate stands between us and WeChat and stops the world at chosen moments: before
// a call reaches WeChat, or after it had its effect and before we have the answer.
type gate struct {
	Server *httptest.Server
	target string
	Down   atomic.Bool // the line is dead
	Mu     sync.Mutex
	before map[string]func()
	after  map[string]func()
	Forge  map[string]func(http.Header, []byte) []byte // puts another answer in the place of WeChat's
}

// The calls that a gate tells apart.
const (
	CallPrepay   = "prepay"
	CallQuery    = "query"
	CallClose    = "close"
	CallBill     = "bill"
	CallFlow     = "flow"
	CallDownload = "download"
	CallRefund   = "refund"

	CallFlowDownload = "flow download"
	FlowMark         = "&forged=flow" // at the end of the address of a forged fund-flow bill
)

func newGate(t testing.TB, target string) *gate {
	g := &gate{
		target: target, before: map[string]func(){}, after: map[string]func(){}, Forge: map[string]func(http.Header, []byte) []byte{},
	}
	g.Server = httptest.NewServer(g)
	t.Cleanup(g.Server.Close)
	return g
}

// OnceBefore runs fn when the next such call arrives; its effect waits for fn.
func (g *gate) OnceBefore(call string, fn func()) { g.set(g.before, call, fn) }

// OnceAfter runs fn when WeChat has answered the next such call; the answer waits
// for fn.
func (g *gate) OnceAfter(call string, fn func()) { g.set(g.after, call, fn) }

func (g *gate) set(hooks map[string]func(), call string, fn func()) {
	g.Mu.Lock()
	defer g.Mu.Unlock()
	hooks[call] = fn
}

func (g *gate) run(hooks map[string]func(), call string) {
	g.Mu.Lock()
	fn := hooks[call]
	delete(hooks, call)
	g.Mu.Unlock()
	if fn != nil {
		fn()
	}
}

func callOf(r *http.Request) string {
	switch path := r.URL.Path; {
	case strings.HasSuffix(path, "/jsapi"):
		return CallPrepay
	case strings.HasSuffix(path, "/refunds"):
		return CallRefund
	case strings.HasSuffix(path, "/close"):
		return CallClose
	case strings.Contains(path, "/out-trade-no/"):
		return CallQuery
	case strings.HasPrefix(path, "/v3/billdownload") && strings.HasSuffix(r.URL.RawQuery, FlowMark):
		return CallFlowDownload
	case strings.HasPrefix(path, "/v3/billdownload"):
		return CallDownload
	case strings.HasPrefix(path, "/v3/bill/fundflow"):
		return CallFlow
	case strings.HasPrefix(path, "/v3/bill"):
		return CallBill
	}
	return ""
}

var gateTransport = &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 64}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call := callOf(r)
	g.run(g.before, call)
	if g.Down.Load() {
		panic(http.ErrAbortHandler)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	out, err := http.NewRequestWithContext(r.Context(), r.Method, g.target+r.RequestURI, bytes.NewReader(body))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	out.Header = r.Header
	reply, err := gateTransport.RoundTrip(out)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer reply.Body.Close()
	answer, err := io.ReadAll(reply.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	g.Mu.Lock()
	forge := g.Forge[call]
	g.Mu.Unlock()
	if forge != nil {
		answer = forge(reply.Header, answer)
		reply.Header.Del("Content-Length")
	}
	g.run(g.after, call)
	for k, v := range reply.Header {
		w.Header()[k] = v
	}
	w.WriteHeader(reply.StatusCode)
	_, _ = w.Write(answer)
}
