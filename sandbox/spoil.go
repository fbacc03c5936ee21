package sandbox

import (
	"net/http"
	"time"
)

const (
	defaultHold = time.Minute
	badGateway  = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
)

// spoilBefore plays a fault that strikes before the effect; it returns true
// if that was the whole answer.
func (k *core) spoilBefore(w http.ResponseWriter, r *http.Request, f *Fault, refuse func(http.ResponseWriter, *Fault)) bool {
	switch f.Kind {
	case FaultSlow:
		k.hold(r, f.Delay)
		return false
	case FaultTimeoutBefore:
		k.holdAndCut(r, f.Delay)
	case FaultCutBefore:
		panic(http.ErrAbortHandler)
	case FaultFrequency, FaultSystemError, FaultError:
		refuse(w, f)
	case FaultBadGateway:
		writeBadGateway(w)
	default:
		return false
	}
	return true
}

// spoilAfter plays a fault that hides an effect already applied.
func (k *core) spoilAfter(w http.ResponseWriter, r *http.Request, f *Fault, refuse func(http.ResponseWriter, *Fault)) bool {
	switch f.Kind {
	case FaultTimeoutAfter:
		k.holdAndCut(r, f.Delay)
	case FaultCutAfter:
		panic(http.ErrAbortHandler)
	case FaultSystemErrorAfter:
		refuse(w, f)
	case FaultBadGatewayAfter:
		writeBadGateway(w)
	default:
		return false
	}
	return true
}

// hold waits, but not longer than the caller or the sandbox.
func (k *core) hold(r *http.Request, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	case <-k.ctx.Done():
	}
}

// holdAndCut never answers: the caller gives up first, or the line goes dead.
func (k *core) holdAndCut(r *http.Request, d time.Duration) {
	if d == 0 {
		d = defaultHold
	}
	k.hold(r, d)
	panic(http.ErrAbortHandler)
}

// cutShort sends what was written so far and ends the connection there; the
// length announced before was longer.
func cutShort(w http.ResponseWriter) {
	// An error here means the caller is gone already, which is as good.
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func writeBadGateway(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusBadGateway)
	w.Write([]byte(badGateway))
}
