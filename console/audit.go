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
		case "amount_fen", "surplus_fen":
			if fen, err := strconv.ParseInt(value, 10, 64); err == nil {
				value = yuan(models.Fen(fen)) + " 元"
			}
		case "role":
			value = roleOrHolder(value)
		case "learned_by":
			value = word(learnedWords, value)
		case "source":
			value = word(holderWords, value)
		}
		parts[i] = word(detailWords, name) + " " + value
	}
	return strings.Join(parts, "，")
}

func roleOrHolder(code string) string {
	if w, ok := roleWords[code]; ok {
		return w
	}
	return word(holderWords, code)
}
