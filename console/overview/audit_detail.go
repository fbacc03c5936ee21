package overview

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"wuyepay/console/words"
	"wuyepay/models"
)

// detailWords are the names of what the log keeps beside an action.
var detailWords = map[string]string{
	"amount_fen": "金额", "surplus_fen": "转预存", "learned_by": "得知方式", "bills": "账单数", "confirmed": "微信已确认", "reason": "原因",
	"role": "角色", "source": "方式", "user": "用户", "username": "用户名", "name": "名称", "rows": "行数", "added": "新增", "changed": "修改", "list": "列表",
	"asked_by": "申请人", "at_once": "立即", "building": "楼栋", "catch_up": "补出", "credit_fen": "转预存", "first": "底数", "followed_by": "接替标准",
	"from":    "从",
	"from_on": "起", "to": "到", "to_on": "止", "frozen": "暂停违约金", "issued": "已出账", "item": "项目", "items": "费项", "kind": "类型",
	"last": "止数", "late_fee_fen": "违约金",
	"method": "计费方式", "moved_bills": "转给新业主的账单", "multiplier": "倍率", "new_serial": "新表号", "serial": "表号", "odd": "异常读数",
	"offset_fen": "预存抵扣", "on": "日期",
	"owed_fen": "未缴本金", "parts": "期数", "period": "账期", "prepaid_fen": "预存余额", "prepaid_to": "预存去向", "price": "单价", "tiers": "阶梯",
	"principal_fen": "本金",
	"request":       "申请", "room": "房产", "rooms": "户数", "settled_fen": "冲抵账单", "settlement": "冲抵顺序", "tenure": "租赁", "total_fen": "合计",
	"vacancy": "空置", "value": "读数",
	"bill_day": "自动出账日", "to_name": "新姓名", "late_rate": "违约金日利率", "late_cap": "违约金上限", "grace_days": "宽限天数", "cycle": "缴费周期",
	"due_day": "缴费截止日", "due_after_days": "缴费期限", "vacant_share": "空置比例", "unsold_share": "未售比例", "discount_share": "优惠比例",
	"discount_until": "优惠截止", "area": "建筑面积", "unit": "单元", "number": "房间", "handed_over_on": "交房日期", "occupancy": "房屋状态",
	"steward": "管家", "owner_phone": "登记号码", "further_phone": "其他号码", "open_bills": "用于未缴清的导入欠费", "day_kind": "类型",
}

// detailValues are the words of values that are codes.
var detailValues = map[string]map[string]string{
	"learned_by": words.Learned, "source": words.Holders, "method": words.Methods, "prepaid_to": words.PrepaidTo,
	"settlement": words.Settlements, "occupancy": words.Occupancy, "cycle": words.Cycles, "kind": words.Requests, "day_kind": dayKindWords,
}

// detailText returns the kept JSON as 名称 值，名称 值. Anything but a flat object is returned
// as it is.
func detailText(kept string) string {
	if kept == "" {
		return ""
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(kept), &fields); err != nil {
		return kept
	}
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	parts := make([]string, len(names))
	for i, name := range names {
		value := strings.Trim(string(fields[name]), `"`)
		switch name {
		case "role":
			value = roleOrHolder(value)
		default:
			value = detailValue(name, value)
			// Old and new value.
			if pair := [2]any{}; json.Unmarshal(fields[name], &pair) == nil && strings.HasPrefix(value, "[") {
				value = detailValue(name, plainText(pair[0])) + " → " + detailValue(name, plainText(pair[1]))
			}
		}
		parts[i] = words.Of(detailWords, name) + " " + value
	}
	return strings.Join(parts, "，")
}

// plainText returns a value of JSON as text without quotes.
func plainText(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}

// detailValue returns a value for people: an amount in yuan, yes or no, the word of a code.
func detailValue(name, value string) string {
	if strings.HasSuffix(name, "_fen") {
		if fen, err := strconv.ParseInt(value, 10, 64); err == nil {
			return words.Yuan(models.Fen(fen)) + " 元"
		}
	}
	switch value {
	case "true":
		return "是"
	case "false":
		return "否"
	case "", "null", "[]":
		return "—"
	}
	switch name {
	case "late_rate":
		return models.RateTextOf(value)
	case "late_cap", "vacant_share", "unsold_share", "discount_share":
		return models.ShareTextOf(value)
	}
	return words.Of(detailValues[name], value)
}

func roleOrHolder(code string) string {
	if w, ok := words.Roles[code]; ok {
		return w
	}
	return words.Of(words.Holders, code)
}

// subjectWords are what a line of the audit log can be about.
var subjectWords = map[string]string{
	"order": "订单", "room": "房产", "staff": "员工", "finding": "对账差异", "reconciliation": "对账", "community": "小区", "import": "导入",
	"list": "列表", "evidence": "微信凭证", "bill": "账单", "payment": "缴费", "tariff": "收费标准", "billing_run": "账单批次", "charge": "公摊与一次性收费",
	"request": "申请", "plan": "分期计划",
	"desk_day": "日结", "collection_batch": "托收批次", "mandate": "托收协议",
	"finding_booking": "待查款",
	"holiday":         "节假日",
	"shadow":          "新旧系统对账",
	"refund":          "退款",
	"receipt":         "收据",
}
