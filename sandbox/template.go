package sandbox

import "cmp"

// defaultTemplates are the five messages a property company sends.
var defaultTemplates = []Template{
	{Key: "bill_ready", Title: "账单生成通知", Keywords: []Keyword{
		{"thing1", "房号"}, {"thing2", "费用项目"}, {"amount3", "金额"}, {"date4", "缴费截止"}}},
	{Key: "due_soon", Title: "缴费到期提醒", Keywords: []Keyword{
		{"thing1", "房号"}, {"amount2", "金额"}, {"date3", "到期日"}, {"thing4", "备注"}}},
	{Key: "overdue", Title: "欠费提醒", Keywords: []Keyword{
		{"thing1", "房号"}, {"amount2", "金额"}, {"number3", "逾期天数"}, {"thing4", "备注"}}},
	{Key: "payment_received", Title: "缴费成功通知", Keywords: []Keyword{
		{"thing1", "房号"}, {"amount2", "金额"}, {"time3", "缴费时间"}, {"character_string4", "订单号"}}},
	{Key: "request_decided", Title: "申请处理结果", Keywords: []Keyword{
		{"thing1", "申请类型"}, {"phrase2", "结果"}, {"thing3", "说明"}}},
}

// templatesOf completes the templates of the configuration.
func templatesOf(c Config) []Template {
	templates := make([]Template, len(defaultTemplates))
	copy(templates, defaultTemplates)
given:
	for _, t := range c.Templates {
		for i := range templates {
			if templates[i].Key == t.Key {
				templates[i].replace(t)
				continue given
			}
		}
		templates = append(templates, t)
	}
	for i := range templates {
		// Made ids are derived, not stored: the same app has the same ones.
		templates[i].ID = cmp.Or(templates[i].ID, derive(43, "template", c.AppID, templates[i].Key))
		templates[i].Title = cmp.Or(templates[i].Title, templates[i].Key)
	}
	return templates
}

// replace lets the host's template stand in for a default, field by field:
// a configuration often knows the id and nothing else.
func (t *Template) replace(by Template) {
	t.ID = by.ID
	t.Title = cmp.Or(by.Title, t.Title)
	if len(by.Keywords) > 0 {
		t.Keywords = by.Keywords
	}
}

// template finds one by its id; there are a handful, so a walk is fine.
func (s *miniService) template(id string) (Template, bool) {
	for _, t := range s.templates {
		if t.ID == id {
			return t, true
		}
	}
	return Template{}, false
}

// templateIDs are the ids of all templates by their keys.
func (s *miniService) templateIDs() map[string]string {
	ids := map[string]string{}
	for _, t := range s.templates {
		ids[t.Key] = t.ID
	}
	return ids
}
