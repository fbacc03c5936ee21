package console

import (
	"strings"

	"wuyepay/billing/sheet"
	"wuyepay/models"
)

// refundList is a page of 退款.
type refundList struct {
	Status, Number string
	States         []choice
	Rows           []models.ListedRefund
	Pager          pager
}

var refundWords = map[string]string{
	models.RefundAsked: "待审批", models.RefundRejected: "已驳回", models.RefundSending: "待发出", models.RefundProcessing: "微信处理中",
	models.RefundSuccess: "已到账", models.RefundClosed: "已关闭", models.RefundAbnormal: "退款异常",
}

var refundTones = map[string]string{
	models.RefundAsked: "blue", models.RefundRejected: "secondary", models.RefundSending: "orange", models.RefundProcessing: "orange",
	models.RefundSuccess: "green", models.RefundClosed: "secondary", models.RefundAbnormal: "red",
}

var originWords = map[string]string{models.RefundByStaff: "员工申请", models.RefundOfSurplus: "多付自动退回", models.RefundOfPrepaid: "退还预存"}

var refundChannelWords = map[string]string{models.ChannelWechat: "微信原路退回", models.ChannelHand: "人工退款"}

var afterWords = map[string]string{models.BillsOwed: "账单恢复为未缴，业主需重新缴纳", models.BillsCredited: "账单仍算已缴，退款由公司承担"}

// faultWords say why a refund is not moving, or was closed.
var faultWords = map[string]string{
	"": "", "UNKNOWN": "微信支付没有答复，系统会用同一退款单号重试", "FREQUENCY_LIMITED": "微信支付要求稍后再试，系统会自动重试", "NOT_ENOUGH": "商户号余额不足，请财务充值；系统会自动重试",
	"NO_AUTH": "商户号没有退款权限，请检查商户平台", "SIGN_ERROR": "签名未被接受，请检查商户密钥", "ACCOUNT_ERROR": "商户账户异常，请检查商户平台", "MCH_NOT_EXISTS": "商户号不存在，请检查设置",
	"ABNORMAL": "业主的银行卡已作废或冻结，须在微信商户平台处理异常退款", "CLOSED": "微信支付已关闭该退款", "GIVEN_UP": "已放弃", "MISMATCH": "微信的说法与我方不符，请看异常通知",
	"RESOURCE_NOT_EXISTS": "微信支付查不到这笔订单或退款", "USER_ACCOUNT_ABNORMAL": "业主的微信账户已注销或异常，不能原路退回", "INVALID_REQUEST": "微信支付不接受这笔退款（例如金额或期限不符）",
	"PARAM_ERROR": "微信支付不接受这笔退款的参数", "RULE_LIMIT": "微信支付的业务规则不允许", "REFUSED": "微信支付拒绝了这笔退款",
}

var refundStates = choices(refundWords, models.RefundAsked, models.RefundSending, models.RefundProcessing, models.RefundAbnormal, models.RefundSuccess, models.RefundClosed, models.RefundRejected)

func (c *call) refundFilter() (models.RefundFilter, error) {
	f := models.RefundFilter{Scope: c.scope(), Number: strings.TrimSpace(c.r.URL.Query().Get("number")), Limit: pageSize + 1}
	var err error
	f.Status, err = c.oneOf("status", refundStates)
	return f, err
}

func (c *call) refunds() error {
	f, err := c.refundFilter()
	if err != nil {
		return err
	}
	f.After = c.r.URL.Query().Get("after")
	rows, err := c.view.ListedRefunds(f)
	if err != nil {
		return err
	}
	out := refundList{Status: f.Status, Number: f.Number, States: refundStates}
	out.Rows, out.Pager = cut(c, rows, func(r models.ListedRefund) string { return r.No })
	return c.render("refunds", "退款", out)
}

func (c *call) exportRefunds() error {
	f, err := c.refundFilter()
	if err != nil {
		return err
	}
	header := []string{"退款单号", "状态", "房号", "金额（元）", "其中预存（元）", "订单号", "微信退款单号", "来源", "方式", "账单处理", "原因", "申请人", "申请时间", "审批人", "审批时间", "到账时间", "说明"}
	return c.export("退款", "", header, func(b *workbook) error {
		read := func(after string, limit int) ([]models.ListedRefund, error) {
			f.After, f.Limit = after, limit
			return c.view.ListedRefunds(f)
		}
		return eachPage(read, func(r models.ListedRefund) string { return r.No }, func(r models.ListedRefund) error {
			id, decider := "", ""
			if r.RefundID != nil {
				id = *r.RefundID
			}
			if r.DecidedKind != "" {
				decider = actorWord(r.DecidedKind, r.DecidedName)
			}
			return b.Row(r.No, word(refundWords, r.Status), r.Room.Code, sheet.Yuan(r.AmountFen), sheet.Yuan(r.PrepaidFen), r.OrderNo, id, word(originWords, r.Origin),
				word(refundChannelWords, r.Channel), word(afterWords, r.BillAfter), r.Reason, actorWord(r.AskedKind, r.AskedName), at(r.CreatedAt), decider,
				at(r.DecidedAt), at(r.DoneAt), strings.TrimSpace(r.Note+" "+r.HandNote+" "+faultWords[r.Fault]))
		})
	})
}
