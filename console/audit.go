package console

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"wuyepay/models"
)

// auditList is a page of 操作日志.
type auditList struct {
	On, Actor, Subject, SubjectID string
	Subjects                      []choice
	Rows                          []models.AuditEntry
	Pager                         pager
}

var auditSubjects = choices(subjectWords, "order", "room", "staff", "finding", "reconciliation", "community", "import", "list")

func (c *call) auditFilter() (models.AuditFilter, error) {
	q := c.r.URL.Query()
	f := models.AuditFilter{Actor: strings.TrimSpace(q.Get("actor")), SubjectID: strings.TrimSpace(q.Get("id")), Limit: pageSize + 1}
	var err error
	if f.Subject, err = c.oneOf("subject", auditSubjects); err != nil {
		return f, err
	}
	f.On, err = c.dayOf("on")
	return f, err
}

func (c *call) audit() error {
	f, err := c.auditFilter()
	if err != nil {
		return err
	}
	f.After = c.r.URL.Query().Get("after")
	rows, err := c.view.AuditEntries(f)
	if err != nil {
		return err
	}
	out := auditList{On: f.On.String(), Actor: f.Actor, Subject: f.Subject, SubjectID: f.SubjectID, Subjects: auditSubjects}
	out.Rows, out.Pager = cut(c, rows, models.AuditEntry.Cursor)
	return c.render("audit", "操作日志", out)
}

func (c *call) exportAudit() error {
	f, err := c.auditFilter()
	if err != nil {
		return err
	}
	header := []string{"时间", "操作人", "操作", "对象", "对象编号", "内容", "请求号"}
	return c.export("操作日志", "", header, func(b *workbook) error {
		read := func(after string, limit int) ([]models.AuditEntry, error) {
			f.After, f.Limit = after, limit
			return c.view.AuditEntries(f)
		}
		return eachPage(read, models.AuditEntry.Cursor, func(e models.AuditEntry) error {
			return b.Row(at(e.At), actorWord(e.ActorKind, e.ActorName), actionWord(e.Action), word(subjectWords, e.Subject), e.SubjectID,
				detailText(e.Detail), e.RequestID)
		})
	})
}

// detailWords are the names of what the log keeps beside an action.
var detailWords = map[string]string{
	"amount_fen": "金额", "surplus_fen": "转预存", "learned_by": "得知方式", "bills": "账单数", "confirmed": "微信已确认", "reason": "原因",
	"role": "角色", "source": "方式", "user": "用户", "username": "用户名", "name": "名称", "rows": "行数", "added": "新增", "changed": "修改", "list": "列表",
	"asked_by": "申请人", "at_once": "立即", "building": "楼栋", "catch_up": "补出", "credit_fen": "转预存", "first": "底数", "followed_by": "接替标准", "from": "从",
	"from_on": "起", "to": "到", "to_on": "止", "frozen": "暂停违约金", "issued": "已出账", "item": "项目", "items": "费项", "kind": "类型", "last": "止数", "late_fee_fen": "违约金",
	"method": "计费方式", "moved_bills": "转给新业主的账单", "multiplier": "倍率", "new_serial": "新表号", "serial": "表号", "odd": "异常读数", "offset_fen": "预存抵扣", "on": "日期",
	"owed_fen": "未缴本金", "parts": "期数", "period": "账期", "prepaid_fen": "预存余额", "prepaid_to": "预存去向", "price": "单价", "tiers": "阶梯", "principal_fen": "本金",
	"request": "申请", "room": "房产", "rooms": "户数", "settled_fen": "冲抵账单", "settlement": "冲抵顺序", "tenure": "租赁", "total_fen": "合计", "vacancy": "空置", "value": "读数",
	"bill_day": "自动出账日", "to_name": "新姓名",
}

// detailValues are the words of values that stand for something.
var detailValues = map[string]map[string]string{
	"learned_by": learnedWords, "source": holderWords, "method": methodWords, "prepaid_to": prepaidToWords, "settlement": settlementWords, "kind": requestWords,
}

// detailText writes the kept JSON as 名称 值，名称 值; what is no flat object stays
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
		}
		parts[i] = word(detailWords, name) + " " + value
	}
	return strings.Join(parts, "，")
}

// detailValue writes a value for people: an amount in yuan, yes or no, a word for what
// stands for something.
func detailValue(name, value string) string {
	if strings.HasSuffix(name, "_fen") {
		if fen, err := strconv.ParseInt(value, 10, 64); err == nil {
			return yuan(models.Fen(fen)) + " 元"
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
	return word(detailValues[name], value)
}

func roleOrHolder(code string) string {
	if w, ok := roleWords[code]; ok {
		return w
	}
	return word(holderWords, code)
}
