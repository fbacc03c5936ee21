package sandbox

import (
	"encoding/json"
	"net/http"
	"time"
)

const (
	defaultHold  = time.Minute
	badGateway   = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
	errcodeBusy  = -1
	errcodeQuota = 45009
)

// spoilBefore plays a fault that strikes before the effect; it returns true
// if that was the whole answer.
func (s *Server) spoilBefore(w http.ResponseWriter, r *http.Request, f *Fault, app bool) bool {
	switch f.Kind {
	case FaultSlow:
		s.hold(r, f.Delay)
		return false
	case FaultTimeoutBefore:
		s.holdAndCut(r, f.Delay)
	case FaultCutBefore:
		panic(http.ErrAbortHandler)
	case FaultFrequency:
		refuse(w, app, errFrequency, errcodeQuota)
	case FaultSystemError:
		refuse(w, app, errSystem, errcodeBusy)
	case FaultBadGateway:
		writeBadGateway(w)
	case FaultError:
		status := f.Status
		if status == 0 {
			status = http.StatusInternalServerError
		}
		refuse(w, app, &apiError{status: status, code: f.Code, message: "沙箱注入的错误"}, f.ErrCode)
	default:
		return false
	}
	return true
}

// spoilAfter plays a fault that hides an effect already applied.
func (s *Server) spoilAfter(w http.ResponseWriter, r *http.Request, f *Fault, app bool) bool {
	switch f.Kind {
	case FaultTimeoutAfter:
		s.holdAndCut(r, f.Delay)
	case FaultCutAfter:
		panic(http.ErrAbortHandler)
	case FaultSystemErrorAfter:
		refuse(w, app, errSystem, errcodeBusy)
	case FaultBadGatewayAfter:
		writeBadGateway(w)
	default:
		return false
	}
	return true
}

// hold waits, but not longer than the caller or the sandbox.
func (s *Server) hold(r *http.Request, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	case <-s.ctx.Done():
	}
}

// holdAndCut never answers: the caller gives up first, or the line goes dead.
func (s *Server) holdAndCut(r *http.Request, d time.Duration) {
	if d == 0 {
		d = defaultHold
	}
	s.hold(r, d)
	panic(http.ErrAbortHandler)
}

// refuse answers an injected failure in the manner of the host called. It is
// unsigned: WeChat's front end, not the service, answers in such moments.
func refuse(w http.ResponseWriter, app bool, e *apiError, errcode int) {
	if app {
		writeAppError(w, &appError{errcode, "system error"})
		return
	}
	writePlain(w, e)
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

// spoilBillHash puts another file's hash into a bill reply, which is signed
// afterwards like any other.
func spoilBillHash(a *answer, f *Fault) {
	if f.Kind != FaultWrongHash || a.status != http.StatusOK {
		return
	}
	var reply billReply
	if err := json.Unmarshal(a.body, &reply); err != nil {
		return
	}
	reply.HashValue = randomHex(len(reply.HashValue))
	if body, err := json.Marshal(reply); err == nil {
		a.body = body
	}
}
