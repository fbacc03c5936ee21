package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"unicode"

	"github.com/danielgtaylor/huma/v2"

	"wuyepay/models"
)

// Failure is the answer to what cannot be done. Message is for the owner's eyes.
type Failure struct {
	status    int
	Code      string `json:"code" example:"BILL_ALREADY_PAID" doc:"错误代码，大写下划线，固定不变"`
	Message   string `json:"message" example:"该账单已缴清" doc:"给人看的说明"`
	RequestID string `json:"request_id" doc:"请求编号，求助时请提供"`
	Details   []any  `json:"details,omitempty" doc:"调用方可据以处理的明细"`
}

// Error is the code and the message.
func (f *Failure) Error() string { return f.Code + ": " + f.Message }

// GetStatus is the HTTP status.
func (f *Failure) GetStatus() int { return f.status }

// GetHeaders asks to come back a little later where that helps.
func (f *Failure) GetHeaders() http.Header {
	if f.status == http.StatusServiceUnavailable {
		return http.Header{"Retry-After": {"5"}}
	}
	return nil
}

// FieldFault is a detail of INVALID_REQUEST: which field, and what is wrong.
type FieldFault struct {
	Field   string `json:"field" example:"body.prepay_fen"`
	Message string `json:"message"`
}

// Codes of answers that come from this front door itself.
const (
	CodeInvalid  = "INVALID_REQUEST"
	CodeTooLarge = "REQUEST_TOO_LARGE"
	CodeInternal = "INTERNAL"
	CodeTooMany  = "TOO_MANY_REQUESTS" // of the rate limit in front of every call
)

var statusOf = map[models.Kind]int{
	models.KindInvalid:       http.StatusBadRequest,
	models.KindUnauthorized:  http.StatusUnauthorized,
	models.KindForbidden:     http.StatusForbidden,
	models.KindNotFound:      http.StatusNotFound,
	models.KindConflict:      http.StatusConflict,
	models.KindUnprocessable: http.StatusUnprocessableEntity,
	models.KindTooMany:       http.StatusTooManyRequests,
	models.KindUnavailable:   http.StatusServiceUnavailable,
}

// StatusOf returns the HTTP status of a kind of refusal.
func StatusOf(kind models.Kind) int { return statusOf[kind] }

// WriteFailure answers outside the typed API.
func WriteFailure(w http.ResponseWriter, status int, f Failure) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(f) // the caller may have gone
}

// Fail turns an error into the answer. An error that is no refusal is a fault of
// ours: it is logged with its cause and shown as a fixed text.
func Fail(ctx context.Context, log *slog.Logger, err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	if e, ok := models.AsError(err); ok {
		if e.Kind == models.KindUnavailable {
			log.WarnContext(ctx, "unavailable", "err", err)
		}
		return &Failure{status: statusOf[e.Kind], Code: e.Code, Message: e.Message, Details: e.Details, RequestID: models.RequestID(ctx)}
	}
	log.ErrorContext(ctx, "request failed", "err", err)
	return &Failure{status: http.StatusInternalServerError, Code: CodeInternal, Message: "系统繁忙，请稍后再试", RequestID: models.RequestID(ctx)}
}

// badInput is the answer to input that the declared types do not allow. It names
// the field and what was wanted; it never repeats the value, which may be a
// phone number.
func badInput(status int, message string, errs []error) *Failure {
	f := &Failure{status: status, Code: CodeInvalid, Message: "请求内容有误"}
	switch status {
	case http.StatusUnprocessableEntity:
		f.status = http.StatusBadRequest
	case http.StatusRequestEntityTooLarge:
		f.Code, f.Message = CodeTooLarge, "请求内容过大"
	case http.StatusUnsupportedMediaType:
		f.Message = "请以 JSON 提交"
	}
	if status >= http.StatusInternalServerError {
		f.Code, f.Message = CodeInternal, "系统繁忙，请稍后再试"
		return f
	}
	for _, err := range errs {
		if d, ok := err.(huma.ErrorDetailer); ok {
			f.Details = append(f.Details, FieldFault{Field: d.ErrorDetail().Location, Message: inChinese(d.ErrorDetail().Message)})
		}
	}
	if len(f.Details) == 0 && message != "" {
		f.Details = []any{FieldFault{Field: "body", Message: inChinese(message)}}
	}
	return f
}

// inChinese turns the few messages that the typed input has only in English into
// what the reader of the answer understands.
func inChinese(message string) string {
	switch {
	case strings.HasPrefix(message, "required ") && strings.HasSuffix(message, "parameter is missing"):
		return "缺少必填参数"
	case message == "unknown query parameter":
		return "不认识的参数"
	case strings.HasPrefix(message, "request body is required"):
		return "缺少请求内容"
	case strings.HasPrefix(message, "request body is too large"):
		return "请求内容过大"
	case strings.HasPrefix(message, "invalid integer"):
		return "应为整数"
	case isASCII(message):
		return "不是有效的 JSON"
	}
	return message
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}
