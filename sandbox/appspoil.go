package sandbox

import "net/http"

const (
	errcodeBusy  = -1
	errcodeQuota = 45009
)

// refuseApp answers an injected failure as the mini-program host does.
func refuseApp(w http.ResponseWriter, f *Fault) {
	errcode := errcodeBusy
	switch f.Kind {
	case FaultFrequency:
		errcode = errcodeQuota
	case FaultError:
		errcode = f.ErrCode
	}
	writeAppError(w, &appError{errcode, "system error"})
}
