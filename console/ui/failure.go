package ui

import (
	"errors"
	"net/http"

	"wuyepay/models"
)

// Refusals of the console itself, for any page.
var (
	errCrossSite = models.Refusal(models.KindForbidden, "CROSS_SITE", "该请求来自其他网站，已被拒绝。请从本系统的页面中操作。")
	ErrTooLarge  = models.Invalid("FORM_TOO_LARGE", "提交的内容过大")
	ErrBadForm   = models.Invalid("BAD_FORM", "提交的内容无法识别")
	ErrBadQuery  = models.Invalid("BAD_QUERY", "查询条件不正确，请检查后再试")
)

// failure is what an error page shows.
type failure struct {
	Status    int
	Title     string
	Text      string
	RequestID string // only where somebody has to look into the log
}

// fail writes the page of an error. A refusal shows its own text. Any other error is a
// fault of ours: it is logged, and the page shows only the request id.
func (c *Call) fail(err error) {
	f := failure{Status: http.StatusInternalServerError, Title: "系统出错了", Text: "请稍后再试。如果一直如此，请把下面的请求号告诉系统管理员。",
		RequestID: models.RequestID(c.R.Context())}
	if e, ok := models.AsError(err); ok {
		f = failure{Status: StatusOf(e.Kind), Text: e.Message}
		f.Title = titles[f.Status]
	} else {
		c.Log.ErrorContext(c.R.Context(), "console page failed", "method", c.R.Method, "path", c.R.Pattern, "request_id", f.RequestID,
			"error", err)
	}
	if errors.Is(err, models.ErrForbidden) {
		f.Text = "您的角色没有权限打开这个页面。如果工作需要，请联系管理员调整角色。"
	}
	if f.Status == http.StatusNotFound {
		f.Text = "这个页面不存在，或者不在您负责的范围内。"
	}
	c.renderStatus(f.Status, "ui/error", f.Title, f)
}

// titles are the headings of error pages.
var titles = map[int]string{
	http.StatusBadRequest:          "请求不正确",
	http.StatusUnauthorized:        "请先登录",
	http.StatusForbidden:           "没有权限",
	http.StatusNotFound:            "没有找到",
	http.StatusConflict:            "现在不能这样做",
	http.StatusUnprocessableEntity: "无法处理",
	http.StatusTooManyRequests:     "操作过于频繁",
	http.StatusServiceUnavailable:  "暂时无法使用",
}

// StatusOf returns the HTTP status of a kind of refusal.
func StatusOf(k models.Kind) int {
	switch k {
	case models.KindInvalid:
		return http.StatusBadRequest
	case models.KindUnauthorized:
		return http.StatusUnauthorized
	case models.KindForbidden:
		return http.StatusForbidden
	case models.KindNotFound:
		return http.StatusNotFound
	case models.KindConflict:
		return http.StatusConflict
	case models.KindUnprocessable:
		return http.StatusUnprocessableEntity
	case models.KindTooMany:
		return http.StatusTooManyRequests
	case models.KindUnavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}
