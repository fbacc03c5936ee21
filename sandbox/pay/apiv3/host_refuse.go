package apiv3

import (
	"net/http"

	"wuyepay/sandbox/fault"
)

// Refuse answers an injected failure. It is unsigned: at WeChat the front end answers
// in such a moment, not the service.
func Refuse(w http.ResponseWriter, f *fault.Fault) {
	switch f.Kind {
	case fault.Frequency:
		WritePlain(w, ErrFrequency)
	case fault.Error:
		status := f.Status
		if status == 0 {
			status = http.StatusInternalServerError
		}
		WritePlain(w, &Error{Status: status, Code: f.Code, Message: "沙箱注入的错误"})
	default:
		WritePlain(w, errSystem)
	}
}
