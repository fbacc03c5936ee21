package main

import (
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"wuyepay/models"
)

// middleware is what every request passes, from outside in: id, access log and
// metrics, panic, rate limit.
func (a *app) middleware(mux *http.ServeMux) http.Handler {
	limiter := newLimiter(a.cfg.Server.RequestsPerSecond)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		id := models.NewID()
		r = r.WithContext(models.WithRequestID(r.Context(), id))
		rec := &recorder{ResponseWriter: w}
		rec.Header().Set("X-Request-ID", id)
		rec.Header().Set("X-Content-Type-Options", "nosniff")
		defer func() {
			// The pattern, not the path, goes into log and metrics: no ids, no queries. The
			// mux has noted it in the request.
			pattern := r.Pattern
			if p := recover(); p != nil {
				a.log.ErrorContext(r.Context(), "panic", "route", pattern, "panic", p, "stack", string(debug.Stack()))
				if rec.status == 0 {
					writeFailure(rec, http.StatusInternalServerError, "INTERNAL", "系统繁忙，请稍后再试", id)
				}
			}
			a.metrics.request(pattern, rec.code(), time.Since(begun))
			a.log.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("method", r.Method), slog.String("route", pattern),
				slog.Int("status", rec.code()), slog.Duration("took", time.Since(begun)))
		}()
		if limited(r.URL.Path) && !limiter.allow(a.address(r)) {
			_, r.Pattern = mux.Handler(r)
			rec.Header().Set("Retry-After", "1")
			writeFailure(rec, http.StatusTooManyRequests, "TOO_MANY_REQUESTS", "请求过于频繁，请稍后再试", id)
			return
		}
		mux.ServeHTTP(rec, r)
	})
}

// limited reports whether a path is for people; WeChat and operations are not
// limited.
func limited(path string) bool {
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/staff/")
}

// address is who asks. Behind our own proxy it is the last hop that the proxy
// added; otherwise the header is anybody's word.
func (a *app) address(r *http.Request) string {
	if a.cfg.Server.BehindProxy {
		hops := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
		if last := strings.TrimSpace(hops[len(hops)-1]); last != "" {
			return last
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// recorder remembers the status of an answer.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) code() int {
	if r.status == 0 {
		return http.StatusOK
	}
	return r.status
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// limiter keeps a bucket of requests for each address.
type limiter struct {
	perSecond int
	mu        sync.Mutex
	buckets   map[string]*rate.Limiter
}

// maxBuckets bounds the memory; when full, all begin anew, which errs on the side
// of letting people in.
const maxBuckets = 50_000

func newLimiter(perSecond int) *limiter {
	return &limiter{perSecond: perSecond, buckets: map[string]*rate.Limiter{}}
}

func (l *limiter) allow(address string) bool {
	if l.perSecond == 0 {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[address]
	if b == nil {
		if len(l.buckets) >= maxBuckets {
			clear(l.buckets)
		}
		b = rate.NewLimiter(rate.Limit(l.perSecond), 5*l.perSecond)
		l.buckets[address] = b
	}
	return b.Allow()
}
