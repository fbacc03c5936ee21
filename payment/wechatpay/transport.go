package wechatpay

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// maxReply bounds the JSON replies, which the SDK reads whole into memory.
const maxReply = 1 << 20

// errReplyTooLarge is returned by a reply body beyond its bound.
var errReplyTooLarge = errors.New("reply too large")

// newTransport returns the connection pool of one merchant. Proxies of the environment
// are ignored on purpose: base_url alone decides the way to WeChat Pay. Compression is
// off, so that the size limits of bills count the bytes that really came.
func newTransport() *http.Transport {
	return &http.Transport{
		DialContext:           (&net.Dialer{Timeout: 3 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          128,
		MaxIdleConnsPerHost:   64,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   4 * time.Second,
		ExpectContinueTimeout: time.Second,
		DisableCompression:    true,
	}
}

// redirector sends every request to one host, whatever host its URL names. The SDK uses
// only WeChat's own address, and a bill's download address comes from a reply. Path and
// query stay byte for byte as they are, because the signature covers them.
type redirector struct {
	base  *url.URL
	next  http.RoundTripper
	limit int64 // bytes of a reply body, 0 = unlimited
}

// RoundTrip sends a changed copy and leaves the caller's request unchanged.
func (r *redirector) RoundTrip(req *http.Request) (*http.Response, error) {
	out := req.Clone(req.Context())
	out.URL.Scheme = r.base.Scheme
	out.URL.Host = r.base.Host
	out.Host = r.base.Host
	resp, err := r.next.RoundTrip(out)
	if err == nil && r.limit > 0 {
		resp.Body = &limitedBody{ReadCloser: resp.Body, left: r.limit}
	}
	return resp, err
}

// limitedBody returns an error instead of ending early. A cut reply must not look
// whole.
type limitedBody struct {
	io.ReadCloser
	left int64
}

func (l *limitedBody) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, errReplyTooLarge
	}
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.ReadCloser.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return n, errReplyTooLarge
	}
	return n, err
}

// newHTTPClient returns a client that never follows redirects. A signed request must
// not go elsewhere.
func newHTTPClient(rt http.RoundTripper, timeout time.Duration) *http.Client {
	return &http.Client{
		Transport: rt,
		Timeout:   timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
}
