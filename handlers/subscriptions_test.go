package handlers_test

import (
	"testing"

	"wuyepay/models/messages"
)

// Each accept grants one message of a template; any other answer grants none.
func TestSubscriptions(t *testing.T) {
	f := newFront(t)
	p, other := f.as(f.User("wang")), f.as(f.User("other"))
	ids := f.Box.Credentials().Templates
	keys := []string{messages.TemplateBillReady, messages.TemplateDueSoon, messages.TemplateOverdue, messages.TemplatePaymentReceived,
		messages.TemplateRequestDecided}
	left := func(counts ...int) string {
		list := []object{}
		for i, key := range keys {
			list = append(list, object{"key": key, "template_id": ids[key], "remaining": counts[i]})
		}
		return mustJSON(t, object{"templates": list})
	}
	answers := func(results object) answer { return p.send("POST", "/subscriptions", object{"results": results}) }
	p.get("/subscriptions").wants(t, left(0, 0, 0, 0, 0))
	answers(object{"overdue": "accept", "due_soon": "reject", "payment_received": "accept"}).must(200).wants(t, left(0, 0, 1, 1, 0))
	answers(object{"overdue": "accept", "payment_received": "ban", "bill_ready": "filter", "due_soon": ""}).must(200).wants(t,
		left(0, 0, 2, 1, 0))
	answers(object{}).must(200).wants(t, left(0, 0, 2, 1, 0))
	unknown := answers(object{"overdue": "accept", "overdo": "accept"}).refused(400, "UNKNOWN_TEMPLATE")
	if unknown.text("details", 0, "template") != "overdo" {
		t.Errorf("the template is not named: %v", unknown)
	}
	p.get("/subscriptions").wants(t, left(0, 0, 2, 1, 0))
	other.get("/subscriptions").wants(t, left(0, 0, 0, 0, 0))
}
