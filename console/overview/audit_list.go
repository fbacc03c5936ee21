package overview

import (
	"strings"

	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/office"
)

// auditList is a page of 操作日志.
type auditList struct {
	On, Actor, Subject, SubjectID string
	Subjects                      []ui.Option
	Rows                          []office.AuditEntry
	Pager                         ui.Pager
}

// auditSubjects are the subjects that the list can be narrowed to.
var auditSubjects = ui.Options(subjectWords, "order", "room", "staff", "finding", "reconciliation", "community", "import", "list")

func auditFilter(c *ui.Call) (office.AuditFilter, error) {
	q := c.R.URL.Query()
	f := office.AuditFilter{Actor: strings.TrimSpace(q.Get("actor")), SubjectID: strings.TrimSpace(q.Get("id")), Limit: ui.PageSize + 1}
	var err error
	if f.Subject, err = c.QueryOption("subject", auditSubjects); err != nil {
		return f, err
	}
	f.On, err = c.QueryDay("on")
	return f, err
}

// AuditLog shows a page of 操作日志.
func AuditLog(c *ui.Call) error {
	f, err := auditFilter(c)
	if err != nil {
		return err
	}
	f.After = c.R.URL.Query().Get("after")
	rows, err := office.AuditEntries(c.View, f)
	if err != nil {
		return err
	}
	out := auditList{On: f.On.String(), Actor: f.Actor, Subject: f.Subject, SubjectID: f.SubjectID, Subjects: auditSubjects}
	out.Rows, out.Pager = ui.Cut(c, rows, office.AuditEntry.Cursor)
	return c.Render("overview/audit_list", "操作日志", out)
}

// ExportAuditLog sends the list as a workbook.
func ExportAuditLog(c *ui.Call) error {
	f, err := auditFilter(c)
	if err != nil {
		return err
	}
	header := []string{"时间", "操作人", "操作", "对象", "对象编号", "内容", "请求号"}
	return c.Export("操作日志", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]office.AuditEntry, error) {
			f.After, f.Limit = after, limit
			return office.AuditEntries(c.View, f)
		}
		return ui.EachPage(read, office.AuditEntry.Cursor, func(e office.AuditEntry) error {
			return b.Row(words.At(e.At), words.Actor(e.Actor.Kind, e.Actor.Name), words.Action(e.Action), words.Of(subjectWords, e.Subject),
				e.SubjectID, detailText(e.Detail), e.RequestID)
		})
	})
}
