package sandbox

import "net/http"

// refusePay answers an injected failure. It is unsigned: WeChat's front end,
// not the service, answers in such moments.
func refusePay(w http.ResponseWriter, f *Fault) {
	switch f.Kind {
	case FaultFrequency:
		writePlain(w, errFrequency)
	case FaultError:
		status := f.Status
		if status == 0 {
			status = http.StatusInternalServerError
		}
		writePlain(w, &apiError{status: status, code: f.Code, message: "沙箱注入的错误"})
	default:
		writePlain(w, errSystem)
	}
}
