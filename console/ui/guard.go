package ui

import (
	"net"
	"net/http"

	"wuyepay/models"
)

// maxBody is how many bytes a form without a file can have.
const maxBody = 64 << 10

// contentPolicy lets pages load from here only. It forbids inline script and style, and
// frames around a page. Images may be data:, because Tabler draws its arrows so.
const contentPolicy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; " +
	"form-action 'self'; frame-ancestors 'none'"

// Guard wraps all pages in what must hold for each of them: headers, a bound on the body,
// a request id, and a refusal of posts from other sites.
func (a *App) Guard(next http.Handler) http.Handler {
	crossOrigin := http.NewCrossOriginProtection()
	crossOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		(&Call{App: a, W: w, R: r}).fail(errCrossSite)
	}))
	protected := crossOrigin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Frame-Options", "DENY")
		h.Set("X-Content-Type-Options", "nosniff")
		// Not no-referrer: with it browsers send "Origin: null" along with a form.
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store") // static files set their own
		if models.RequestID(r.Context()) == "" {
			r = r.WithContext(models.WithRequestID(r.Context(), models.NewID()))
		}
		r.Body = http.MaxBytesReader(w, r.Body, bodyLimit(r))
		protected.ServeHTTP(w, r)
	})
}

// hostOf returns an address without its port.
func hostOf(addr string) string {
	if host, _, err := net.SplitHostPort(addr); err == nil {
		return host
	}
	return addr
}

// connectionAddr returns the address at the other end of the connection.
func connectionAddr(r *http.Request) string { return hostOf(r.RemoteAddr) }
