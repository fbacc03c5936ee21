package apiv3

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// Error is a refusal of WeChat Pay. It has an HTTP status, a code for programs and the
// numeric code that ends Request-ID.
type Error struct {
	Status  int
	Code    string
	Message string
	Numeric int
	detail  any
}

// Error returns the status, code and message.
func (e *Error) Error() string { return fmt.Sprintf("%d %s: %s", e.Status, e.Code, e.Message) }

// body returns the JSON that WeChat answers an error with.
func (e *Error) body() []byte {
	body, err := json.Marshal(struct {
		Code    string `json:"code"`
		Detail  any    `json:"detail,omitempty"`
		Message string `json:"message"`
	}{e.Code, e.detail, e.Message})
	if err != nil {
		return []byte(`{"code":"SYSTEM_ERROR","message":"系统错误"}`)
	}
	return body
}

// fieldDetail names the field that is wrong.
type fieldDetail struct {
	Field    string `json:"field"`
	Value    any    `json:"value,omitempty"`
	Issue    string `json:"issue"`
	Location string `json:"location"`
}

// ParamError refuses a field of a request.
func ParamError(field string, value any, issue string) *Error {
	return &Error{
		Status: 400, Code: "PARAM_ERROR", Numeric: 268435461,
		Message: fmt.Sprintf("参数错误：%s %s", field, issue),
		detail:  fieldDetail{Field: field, Value: value, Issue: issue, Location: "body"},
	}
}

// InvalidRequest refuses a call whose fields are right but which does not suit the
// moment or the order.
func InvalidRequest(numeric int, message string) *Error {
	return &Error{Status: 400, Code: "INVALID_REQUEST", Numeric: numeric, Message: message}
}

// The failures that faults imitate.
var (
	ErrFrequency = &Error{Status: 429, Code: "FREQUENCY_LIMITED", Numeric: 268447840, Message: "频率超限"}
	errSystem    = &Error{Status: 500, Code: "SYSTEM_ERROR", Numeric: 268435457, Message: "系统异常，请使用相同参数重新调用"}
)

// WritePlain answers without a signature.
func WritePlain(w http.ResponseWriter, e *Error) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Request-ID", RequestID(e.Numeric))
	w.WriteHeader(e.Status)
	w.Write(e.body())
}

// NoAuth refuses a merchant who may not make the call.
func NoAuth(message string) *Error {
	return &Error{Status: 403, Code: "NO_AUTH", Numeric: 268443658, Message: message}
}
