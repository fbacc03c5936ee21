package core

import (
	"net/http"
	"time"

	"wuyepay/sandbox/fault"
)

const (
	defaultHold = time.Minute
	badGateway  = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n" +
		"<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
)

// Refuse answers an injected failure in the form of one of the hosts.
type Refuse func(http.ResponseWriter, *fault.Fault)

// SpoilBefore plays a fault that strikes before the effect of a call. It reports
// whether the call is answered.
func (k *Core) SpoilBefore(w http.ResponseWriter, r *http.Request, f *fault.Fault, refuse Refuse) bool {
	switch f.Kind {
	case fault.Slow:
		k.hold(r, f.Delay)
		return false
	case fault.TimeoutBefore:
		k.holdAndCut(r, f.Delay)
	case fault.CutBefore:
		panic(http.ErrAbortHandler)
	case fault.Frequency, fault.SystemError, fault.Error:
		refuse(w, f)
	case fault.BadGateway:
		writeBadGateway(w)
	default:
		return false
	}
	return true
}

// SpoilAfter plays a fault that hides an effect already applied. It reports whether the
// call is answered.
func (k *Core) SpoilAfter(w http.ResponseWriter, r *http.Request, f *fault.Fault, refuse Refuse) bool {
	switch f.Kind {
	case fault.TimeoutAfter:
		k.holdAndCut(r, f.Delay)
	case fault.CutAfter:
		panic(http.ErrAbortHandler)
	case fault.SystemErrorAfter:
		refuse(w, f)
	case fault.BadGatewayAfter:
		writeBadGateway(w)
	default:
		return false
	}
	return true
}

// hold waits for d, or until the caller or the sandbox ends.
func (k *Core) hold(r *http.Request, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	case <-k.Context.Done():
	}
}

// holdAndCut waits and ends the connection without an answer.
func (k *Core) holdAndCut(r *http.Request, d time.Duration) {
	if d == 0 {
		d = defaultHold
	}
	k.hold(r, d)
	panic(http.ErrAbortHandler)
}

// CutShort sends what was written so far and ends the connection. The length announced
// before was greater.
func CutShort(w http.ResponseWriter) {
	// An error means that the caller has gone, which is as good.
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// writeBadGateway answers as a gateway without a server behind it.
func writeBadGateway(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusBadGateway)
	w.Write([]byte(badGateway))
}
