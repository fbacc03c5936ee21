package wechat

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/silenceper/wechat/v2/util"
)

// maxReply bounds what the SDK reads whole into memory. A QR code is about 100 KB.
const maxReply = 4 << 20

// call is one use of the SDK: its address, its token and its context.
type call struct {
	ctx    context.Context
	base   *url.URL
	token  string // the real access token
	ticket string // what the SDK sees instead
}

// router is the HTTP client under the SDK. The SDK uses an opaque ticket as the access
// token and puts it into its URLs. The router finds the call of that ticket, replaces
// the ticket by the real token, sends the request to the call's own host and binds it
// to the call's context, even where the SDK passes no context.
type router struct {
	next    http.RoundTripper
	tickets sync.Map // ticket -> *call
}

type callKey struct{}

var (
	installOnce sync.Once
	theRouter   *router
)

// install puts the router under the SDK, once for the process, because the SDK's client
// is a global variable.
func install() *router {
	installOnce.Do(func() {
		theRouter = &router{next: &http.Transport{
			DialContext:           (&net.Dialer{Timeout: 3 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			ForceAttemptHTTP2:     true,
			MaxIdleConns:          128,
			MaxIdleConnsPerHost:   64,
			IdleConnTimeout:       90 * time.Second,
			TLSHandshakeTimeout:   4 * time.Second,
			ResponseHeaderTimeout: 20 * time.Second,
		}}
		util.DefaultHTTPClient = &http.Client{
			Transport: theRouter,
			Timeout:   30 * time.Second, // last resort; each call has its own, shorter limit
			// A redirect would carry the token to another host.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	})
	return theRouter
}

// begin registers a call. The SDK must get the context of the call. end must be called.
func (r *router) begin(ctx context.Context, base *url.URL, token string) (c *call, end func()) {
	c = &call{base: base, token: token, ticket: "ticket-" + rand.Text()}
	c.ctx = context.WithValue(ctx, callKey{}, c)
	r.tickets.Store(c.ticket, c)
	return c, func() { r.tickets.Delete(c.ticket) }
}

var errStray = errors.New("request outside of a call")

// RoundTrip sends one request of the SDK to the host of its call. A request that
// belongs to no call is refused: it would go to WeChat itself.
func (r *router) RoundTrip(req *http.Request) (*http.Response, error) {
	query := req.URL.RawQuery
	c, _ := req.Context().Value(callKey{}).(*call)
	if ticket := req.URL.Query().Get("access_token"); ticket != "" {
		found, ok := r.tickets.Load(ticket)
		if !ok {
			return nil, errStray
		}
		c = found.(*call)
		query = strings.Replace(query, "access_token="+ticket, "access_token="+url.QueryEscape(c.token), 1)
	}
	if c == nil {
		return nil, errStray
	}
	// The request keeps its own context, which is the last limit. The call's context ends it earlier.
	ctx, cancel := context.WithCancel(req.Context())
	stop := context.AfterFunc(c.ctx, cancel)
	out := req.Clone(ctx)
	out.URL.Scheme, out.URL.Host, out.Host = c.base.Scheme, c.base.Host, c.base.Host
	out.URL.RawQuery = query
	release := func() { stop(); cancel() }
	resp, err := r.next.RoundTrip(out)
	if err != nil {
		release()
		return nil, err
	}
	body := resp.Body
	resp.Body = &boundBody{Reader: io.LimitReader(body, maxReply), close: func() error {
		defer release()
		return body.Close()
	}}
	return resp, nil
}

// boundBody ends the watch over the call's context with the body. A reply that is cut
// at maxReply is not valid JSON and is refused.
type boundBody struct {
	io.Reader
	close func() error
}

func (b *boundBody) Close() error { return b.close() }
