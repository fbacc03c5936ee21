package console

import (
	"time"
)

const flashCookie = "wuyepay_flash"

// flash is what a page says once, about the form that led to it. Only the code
// travels, in a cookie, so that no link can put words into our mouth.
type flash struct {
	Kind string // success, warning or danger, as Tabler calls them
	Text string
}

var flashes = map[string]flash{
	"signed_out":         {"success", "已退出登录。"},
	"password_changed":   {"success", "密码已修改，其他设备上的登录已失效。"},
	"staff_added":        {"success", "员工账号已添加。请让本人首次登录后修改密码。"},
	"staff_disabled":     {"success", "账号已停用，其登录已全部失效。"},
	"staff_enabled":      {"success", "账号已恢复，可以登录。"},
	"OWN_ACCOUNT":        {"danger", "不能停用自己的账号。"},
	"LAST_ADMIN":         {"danger", "至少要保留一个可登录的管理员账号。"},
	"exception_ended":    {"success", "异常订单已结束，业主可以重新缴纳这些账单。"},
	"NO_EXCEPTION":       {"warning", "该订单不是异常订单，可能已由他人处理。"},
	"REASON_REQUIRED":    {"danger", "请填写处理说明（不超过 200 字）。"},
	"reconciled_clean":   {"success", "对账完成：两边一致，没有未处理的差异。"},
	"reconciled_open":    {"warning", "对账完成：仍有未处理的差异，请逐条核对。"},
	"BILL_NOT_YET":       {"warning", "只能对昨天及以前的日期对账：微信在次日上午才生成账单。"},
	"STATEMENT_CREATING": {"warning", "微信账单正在生成，请半小时后再试。"},
	"reconcile_failed":   {"danger", "没有取到或没有通过校验的微信账单，本次未改动任何数据。请稍后再试；如果一直失败，请联系系统管理员查看日志。"},
}

// say leaves a flash for the next page.
func (c *call) say(code string) { c.setCookie(flashCookie, code, time.Minute) }

// heard takes the flash that was left, if any.
func (c *call) heard() *flash {
	cookie, err := c.r.Cookie(flashCookie)
	if err != nil {
		return nil
	}
	c.setCookie(flashCookie, "", -time.Second)
	f, ok := flashes[cookie.Value]
	if !ok {
		return nil
	}
	return &f
}
