package reminder_test

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/reminder"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	with := func(template string, change func(k map[string]string)) reminder.Config {
		k := maps.Clone(keywords[template])
		change(k)
		return reminder.Config{Templates: map[string]reminder.Template{template: {ID: "x", Keywords: k}}}
	}
	all := reminder.Config{Templates: map[string]reminder.Template{}}
	for key, k := range keywords {
		all.Templates[key] = reminder.Template{Keywords: k}
	}
	tests := []struct {
		name string
		cfg  reminder.Config
		want []string
	}{
		{"as shipped", all, nil},
		{"nothing", reminder.Config{}, nil},
		{"not in use", reminder.Config{Templates: map[string]reminder.Template{"overdue": {}}}, nil},
		{"amount as text", with("overdue", func(k map[string]string) { k["amount"] = "thing9" }), nil},
		{"missing", with("due_soon", func(k map[string]string) { delete(k, "amount") }),
			[]string{"miniprogram.templates.due_soon.keywords.amount: missing"}},
		{"unknown role", with("due_soon", func(k map[string]string) { k["colour"] = "thing5" }),
			[]string{"miniprogram.templates.due_soon.keywords.colour: unknown; want one of room, amount, due_on, note"}},
		{
			"date on a phrase", with("due_soon", func(k map[string]string) { k["due_on"] = "phrase3" }),
			[]string{
				"miniprogram.templates.due_soon.keywords.due_on: a keyword of type phrase cannot carry it; want date, time, " +
					"character_string, thing",
			},
		},
		{
			"order number cut", with("payment_received", func(k map[string]string) { k["order_no"] = "thing4" }),
			[]string{
				"miniprogram.templates.payment_received.keywords.order_no: a keyword of type thing cannot carry it; want character_string",
			},
		},
		{"no number", with("overdue", func(k map[string]string) { k["room"] = "thing" }),
			[]string{"miniprogram.templates.overdue.keywords.room: want a keyword of the template, such as thing1"}},
		{"two on one", with("overdue", func(k map[string]string) { k["note"] = "thing1" }),
			[]string{"miniprogram.templates.overdue.keywords.note: thing1 already carries room"}},
		{
			"unknown template",
			reminder.Config{Templates: map[string]reminder.Template{"overdu": {ID: "x"}}},
			[]string{
				"miniprogram.templates.overdu: unknown template; want one of bill_ready, due_soon, overdue, payment_received, " +
					"request_decided",
			},
		},
		{"id without keywords", reminder.Config{Templates: map[string]reminder.Template{"request_decided": {ID: "x"}}},
			[]string{
				"miniprogram.templates.request_decided.keywords.kind: missing",
				"miniprogram.templates.request_decided.keywords.result: missing",
				"miniprogram.templates.request_decided.keywords.note: missing",
			}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var have []string
			for _, err := range tt.cfg.Validate() {
				have = append(have, err.Error())
			}
			if diff := cmp.Diff(tt.want, have); diff != "" {
				t.Errorf("want (-), have (+)\n%s", diff)
			}
		})
	}
}
