package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// apiError is a refusal of WeChat Pay: an HTTP status, a code for programs and
// the numeric code that ends Request-ID.
type apiError struct {
	status  int
	code    string
	message string
	numeric int
	detail  any
}

func (e *apiError) Error() string { return fmt.Sprintf("%d %s: %s", e.status, e.code, e.message) }

// body is the JSON WeChat answers errors with.
func (e *apiError) body() []byte {
	body, err := json.Marshal(struct {
		Code    string `json:"code"`
		Detail  any    `json:"detail,omitempty"`
		Message string `json:"message"`
	}{e.code, e.detail, e.message})
	if err != nil {
		return []byte(`{"code":"SYSTEM_ERROR","message":"系统错误"}`)
	}
	return body
}

// fieldDetail points at the field that is at fault.
type fieldDetail struct {
	Field    string `json:"field"`
	Value    any    `json:"value,omitempty"`
	Issue    string `json:"issue"`
	Location string `json:"location"`
}

// paramError refuses one field of a request.
func paramError(field string, value any, issue string) *apiError {
	return &apiError{
		status: 400, code: "PARAM_ERROR", numeric: 268435461,
		message: fmt.Sprintf("参数错误：%s %s", field, issue),
		detail:  fieldDetail{Field: field, Value: value, Issue: issue, Location: "body"},
	}
}

// invalidRequest refuses a call whose fields are fine but whose moment or
// order is not.
func invalidRequest(numeric int, message string) *apiError {
	return &apiError{status: 400, code: "INVALID_REQUEST", numeric: numeric, message: message}
}

// Failures that faults imitate.
var (
	errFrequency = &apiError{status: 429, code: "FREQUENCY_LIMITED", numeric: 268447840, message: "频率超限"}
	errSystem    = &apiError{status: 500, code: "SYSTEM_ERROR", numeric: 268435457, message: "系统异常，请使用相同参数重新调用"}
)

// writePlain answers without a signature.
func writePlain(w http.ResponseWriter, e *apiError) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Request-ID", requestID(e.numeric))
	w.WriteHeader(e.status)
	w.Write(e.body())
}

func noAuth(message string) *apiError {
	return &apiError{status: 403, code: "NO_AUTH", numeric: 268443658, message: message}
}
