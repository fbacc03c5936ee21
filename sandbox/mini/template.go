package mini

import (
	"cmp"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/crypt"
)

// defaultTemplates are the five messages that a property company sends.
var defaultTemplates = []core.Template{
	{Key: "bill_ready", Title: "账单生成通知", Keywords: []core.Keyword{
		{Name: "thing1", Label: "房号"},
		{Name: "thing2", Label: "费用项目"},
		{Name: "amount3", Label: "金额"},
		{Name: "date4", Label: "缴费截止"},
	}},
	{Key: "due_soon", Title: "缴费到期提醒", Keywords: []core.Keyword{
		{Name: "thing1", Label: "房号"},
		{Name: "amount2", Label: "金额"},
		{Name: "date3", Label: "到期日"},
		{Name: "thing4", Label: "备注"},
	}},
	{Key: "overdue", Title: "欠费提醒", Keywords: []core.Keyword{
		{Name: "thing1", Label: "房号"},
		{Name: "amount2", Label: "金额"},
		{Name: "number3", Label: "逾期天数"},
		{Name: "thing4", Label: "备注"},
	}},
	{Key: "payment_received", Title: "缴费成功通知", Keywords: []core.Keyword{
		{Name: "thing1", Label: "房号"},
		{Name: "amount2", Label: "金额"},
		{Name: "time3", Label: "缴费时间"},
		{Name: "character_string4", Label: "订单号"},
	}},
	{Key: "request_decided", Title: "申请处理结果", Keywords: []core.Keyword{
		{Name: "thing1", Label: "申请类型"},
		{Name: "phrase2", Label: "结果"},
		{Name: "thing3", Label: "说明"},
	}},
}

// TemplatesOf returns the default templates and those of the configuration, all with an
// id and a title. An id that is made depends on the app and the key alone.
func TemplatesOf(c core.Config) []core.Template {
	templates := make([]core.Template, len(defaultTemplates))
	copy(templates, defaultTemplates)
given:
	for _, t := range c.Templates {
		for i := range templates {
			if templates[i].Key == t.Key {
				replace(&templates[i], t)
				continue given
			}
		}
		templates = append(templates, t)
	}
	for i := range templates {
		// A made id is derived, not stored: the same app always has the same one.
		templates[i].ID = cmp.Or(templates[i].ID, crypt.Derive(43, "template", c.AppID, templates[i].Key))
		templates[i].Title = cmp.Or(templates[i].Title, templates[i].Key)
	}
	return templates
}

// replace sets the fields of the default template t that the host's template has. A
// configuration often knows the id and nothing else.
func replace(t *core.Template, by core.Template) {
	t.ID = by.ID
	t.Title = cmp.Or(by.Title, t.Title)
	if len(by.Keywords) > 0 {
		t.Keywords = by.Keywords
	}
}

// Template returns the template with an id.
func (s *Service) Template(id string) (core.Template, bool) {
	for _, t := range s.Templates {
		if t.ID == id {
			return t, true
		}
	}
	return core.Template{}, false
}

// TemplateIDs returns the ids of all templates by their keys.
func (s *Service) TemplateIDs() map[string]string {
	ids := map[string]string{}
	for _, t := range s.Templates {
		ids[t.Key] = t.ID
	}
	return ids
}
