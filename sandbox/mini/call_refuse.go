package mini

import (
	"net/http"

	"wuyepay/sandbox/fault"
)

// The errcodes of injected failures.
const (
	errcodeBusy  = -1
	errcodeQuota = 45009
)

// refuseApp answers an injected failure as the mini-program host does.
func refuseApp(w http.ResponseWriter, f *fault.Fault) {
	errcode := errcodeBusy
	switch f.Kind {
	case fault.Frequency:
		errcode = errcodeQuota
	case fault.Error:
		errcode = f.ErrCode
	}
	writeAppError(w, &refusal{errcode, "system error"})
}
