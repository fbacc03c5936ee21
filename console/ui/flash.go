package ui

import (
	"time"

	"wuyepay/models"
)

const flashCookie = "wuyepay_flash"

// flash is a message that a page shows once, about the form that led to it. A cookie
// carries its code and never its text, so that no link can put words into our mouth.
type flash struct {
	Kind string // success, warning or danger, as Tabler calls them
	Text string
}

// flashes are the messages by their code. Codes in capitals are those of refusals.
var flashes = map[string]flash{
	"signed_out":           {"success", "已退出登录。"},
	"password_changed":     {"success", "密码已修改，其他设备上的登录已失效。"},
	"staff_added":          {"success", "员工账号已添加。请让本人首次登录后修改密码。"},
	"staff_disabled":       {"success", "账号已停用，其登录已全部失效。"},
	"staff_enabled":        {"success", "账号已恢复，可以登录。"},
	"room_transferred":     {"success", "过户已办理。过户日及以后的账单由新业主承担，原业主名下的账单不变。"},
	"owner_renamed":        {"success", "业主姓名已更正。"},
	"tenant_added":         {"success", "租户已登记。租户用登记的电话在小程序中授权手机号后，就能看到约定由其缴纳的账单。"},
	"tenant_ended":         {"success", "租赁已结束。租期内由租户缴纳的账单，租户仍然可以看到并缴纳。"},
	"shipment_retried":     {"success", "已重新排队，稍后上传。"},
	"SHIPMENT_NOT_FAILED":  {"danger", "只有上传失败的发货信息可以重新上传。"},
	"request_sent":         {"success", "申请已提交，等待另一位同事审批。"},
	"request_decided":      {"success", "审批结果已保存。"},
	"desk_taken":           {"success", "收款已入账。"},
	"desk_repeat":          {"warning", "这张表单已经提交过，没有重复入账。下面是已入账的那一笔。"},
	"desk_reversed":        {"success", "已冲正：账单恢复为未缴，转入预存的部分已收回，凭证号可以重新使用。"},
	"collection_made":      {"success", "批次已生成。核对后导出银行文件。"},
	"collection_cancelled": {"success", "批次已撤销，其中的账单可以进入新的批次。"},
	"collection_answered":  {"success", "回盘已导入。失败的账单仍未缴，可以进入下一批次。"},
	"mandate_made":         {"success", "托收协议已登记。"},
	"mandate_ended":        {"success", "托收协议已终止，以后的批次不再包含该房。"},
	"mandates_imported":    {"success", "托收协议已导入。"},
	"import_commit":        {"success", "已开始导入，完成后这里会显示结果。"},
	"import_discarded":     {"success", "已放弃，没有改动任何数据。"},
	"import_back":          {"success", "已提交。"},
	"import_back_refused":  {"success", "已结束撤回申请，导入保持不变。"},
	"day_closed":           {"success", "已日结。之后发现的差错，请在以后的日期冲正或补登记。"},
	"refund_asked":         {"success", "退款申请已提交，等待另一位同事审批。"},
	"refund_decided":       {"success", "审批结果已保存。"},
	"refund_followed":      {"success", "已办理，请看现在的状态。"},
	"refund_by_hand":       {"success", "已登记为退给业主。"},
	"refund_given_up":      {"success", "已放弃这笔退款，金额可以重新申请。"},
	"readings_kept":        {"success", "读数已保存。"},
	"meter_added":          {"success", "新表已登记，第一次读数作为底数，不计用量。"},
	"meter_replaced":       {"success", "换表已登记：旧表止数与新表底数都已保存，用量合并计费。"},
	"meter_changed":        {"success", "表计资料已修改。"},
	"reading_doubted":      {"success", "已标为估抄。已出的账单不变，下次实抄时多退少补。"},
	"prepaid_moved":        {"success", "预存用途已变更。"},
	"tariff_added":         {"success", "收费标准已新增。"},
	"tariff_ended":         {"success", "收费标准已停止。已出的账单不变。"},
	"tariff_changed":       {"success", "收费标准已调整，原标准已在前一天结束。已出的账单不变。"},
	"run_published":        {"success", "已开始发布。"},
	"run_redrafted":        {"success", "已重新核算。"},
	"run_discarded":        {"success", "批次已结束，未发布的部分没有出账。"},
	"holiday_set":          {"success", "已保存。从现在起按这一天的安排确定提醒时间。"},
	"holiday_dropped":      {"success", "已删除，这一天按星期几算。"},
	"bill_day_set":         {"success", "自动出账日已保存。"},
	"charged":              {"success", "已出账。"},
	"charge_void_asked":    {"success", "作废申请已提交，等待另一位同事审批。"},
	"charge_void_approved": {"success", "已同意作废，账单正在逐笔作废。"},
	"charge_void_refused":  {"success", "已驳回作废申请。"},
	"late_rule_asked":      {"success", "已提交，等待另一位同事审批。"},
	"late_rule_approved":   {"success", "已同意，规则从起始日期起生效。"},
	"late_rule_refused":    {"success", "已驳回，规则不变。"},
	"developer_made":       {"success", "建设单位已登记，没有业主的未售房屋已归到它名下。"},
	"developer_changed":    {"success", "单位资料已保存。"},
	"developer_held":       {"success", "没有业主的未售房屋已全部归到该单位名下。"},
	"DEVELOPER_MISSING":    {"warning", "该小区还没有登记建设单位。"},
	"slip_made":            {"success", "服务单已开好，还是草稿。核对后发给业主签字。"},
	"slip_redrawn":         {"success", "服务单已修改。"},
	"slip_offered":         {"success", "已发给业主。业主在小程序里签字后自动出账。"},
	"slip_recalled":        {"success", "已撤回，现在可以修改。"},
	"slip_cancelled":       {"success", "服务单已取消。"},
	"slip_signed":          {"success", "纸质签字已登记，账单已出。"},
	"SLIP_STATE":           {"warning", "服务单的状态已经变化，请看现在的状态。"},
	"SLIP_BILLED":          {"danger", "该房这一天已有同一收费项目的账单或服务单，请并入同一张单，或改用另一收费项目。"},
	"SLIP_SIGNED":          {"warning", "这张服务单已经签字，没有重复出账。"},
	"SLIP_CHANGED":         {"warning", "服务单内容已变化，请核对现在的内容。"},
	"SLIP_PAPER":           {"danger", "请填写签字人姓名和纸质单编号（或照片存放处）。"},
	"SLIP_OWN_PAPER":       {"danger", "纸质签字须由开单人以外的另一位同事核对登记。"},
	"room_changed":         {"success", "资料已保存，以后的账单按新资料。"},
	"phones_changed":       {"success", "号码已保存。"},
	"vacancy_asked":        {"success", "空置已登记，等待另一位同事审批。"},
	"vacancy_decided":      {"success", "审批结果已保存。"},
	"vacancy_ended":        {"success", "空置已提前结束。"},
	"BILLING_RUN_OPEN":     {"warning", "该小区该账期已有未完成的批次，请先发布或放弃它。"},
	"BILLING_RUN_STATE":    {"warning", "该批次的状态已经变化，请看现在的状态。"},
	"CHARGE_STATE":         {"warning", "现在的状态不能这样做，请看现在的状态。"},
	"VACANCY_DECIDED":      {"warning", "该登记已经审批过，或已提前结束。"},
	"VACANCY_DAYS":         {"danger", "日期不正确：最后一天应在空置期间之内，并早于原来的截止日期。"},
	"SAME_PERSON":          {"danger", "申请人不能审批自己的申请，请由另一位同事审批。"},
	"REASON_MISSING":       {"danger", "请填写原因。"},
	"OWN_ACCOUNT":          {"danger", "不能停用自己的账号。"},
	"LAST_ADMIN":           {"danger", "至少要保留一个可登录的管理员账号。"},
	"invoice_decided":      {"success", "处理结果已保存，申请人在小程序中可以看到。"},
	"exception_ended":      {"success", "异常订单已结束，业主可以重新缴纳这些账单。"},
	"NO_EXCEPTION":         {"warning", "该订单不是异常订单，可能已由他人处理。"},
	"REASON_REQUIRED":      {"danger", "请填写处理说明（不超过 200 字）。"},
	"reconciled_clean":     {"success", "对账完成：两边一致，没有未处理的差异。"},
	"reconciled_open":      {"warning", "对账完成：仍有未处理的差异，请逐条核对。"},
	"rule_set":             {"success", "收款商户已保存，之后的下单按新的商户。"},
	"rule_dropped":         {"success", "已取消，之后的下单由默认商户收款。"},
	"finding_settled":      {"success", "已向微信核实，两边一致，差异已处理。"},
	"finding_accepted":     {"success", "已记录原因，差异按现状接受。"},
	"finding_asked":        {"success", "申请已提交，等待另一位同事审批。"},
	"finding_booked":       {"success", "已入账，差异已处理。"},
	"finding_refused":      {"success", "申请已撤回，差异仍待处理。"},
	"suspense_asked":       {"success", "认领申请已提交，等待另一位同事审批。"},
	"suspense_moved":       {"success", "待查款已存入该房屋的预存。"},
	"suspense_refused":     {"success", "认领申请已撤回。"},
	"day_signed":           {"success", "当天已签核。之后对账如有新的差异，签核会失效并提示。"},
	"FINDING_RESOLVED":     {"warning", "这条差异已经处理过，或正在等待另一位同事审批。"},
	"FINDING_ACTION":       {"danger", "这类差异不能这样处理。"},
	"FINDING_ROOM":         {"danger", "没有找到这个房号，请填写小区和房号。"},
	"FINDING_NOT_PAID":     {"warning", "微信查询的结果与这条差异不符：该订单不存在或没有支付成功。"},
	"FINDING_DIFFERS":      {"warning", "微信查询的结果仍与本系统不一致，不能自动入账，请核对后选择其他处理方式。"},
	"FINDING_BOOKED":       {"warning", "这笔微信交易已经入账，不能再登记。"},
	"WECHAT_UNAVAILABLE":   {"warning", "微信支付暂时没有回答，请稍后再试。"},
	"DAY_NOT_RECONCILED":   {"warning", "这一天还没有对账，不能签核。"},
	"DAY_HAS_FINDINGS":     {"warning", "还有未处理的差异，处理完才能签核。"},
	"DAY_SIGNED":           {"warning", "这一天已经签核。"},
	"BILL_NOT_YET":         {"warning", "只能对昨天及以前的日期对账：微信在次日上午才生成账单。"},
	"STATEMENT_CREATING":   {"warning", "微信账单正在生成，请半小时后再试。"},
	"reconcile_failed":     {"danger", "没有取到或没有通过校验的微信账单，本次未改动任何数据。请稍后再试；如果一直失败，请联系系统管理员查看日志。"},

	"reading_withdrawal_asked":   {"success", "已申请撤回读数，等另一位同事审批。"},
	"reading_withdrawal_decided": {"success", "撤回申请已审批。"},
	"run_gaps":                   {"success", "已按选择重新核算以前没有出账的日期。"},
}

// SayOutcome leaves the message of an action for the next page: done if err is nil, else
// the refusal. It returns an error that is no refusal with a message.
func (c *Call) SayOutcome(err error, done string) error {
	if e, ok := models.AsError(err); ok && HasFlash(e.Code) {
		c.Say(e.Code)
		return nil
	}
	if err == nil {
		c.Say(done)
	}
	return err
}

// HasFlash reports whether there is a message for the code.
func HasFlash(code string) bool { return flashes[code].Text != "" }

// Say leaves the message of a code for the next page.
func (c *Call) Say(code string) { c.SetCookie(flashCookie, code, time.Minute) }

// heard takes the message that was left, or returns nil.
func (c *Call) heard() *flash {
	cookie, err := c.R.Cookie(flashCookie)
	if err != nil {
		return nil
	}
	c.SetCookie(flashCookie, "", -time.Second)
	f, ok := flashes[cookie.Value]
	if !ok {
		return nil
	}
	return &f
}
