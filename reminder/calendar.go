package reminder

import (
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/messages"
)

// step is one entry of the reminding calendar: so many days after the due date,
// negative before it.
type step struct {
	name     string
	template string
	offset   models.Date
}

// calendar is the default calendar, in the order of days.
var calendar = []step{
	{"due_minus_10", messages.TemplateDueSoon, -10},
	{"due_day", messages.TemplateDueSoon, 0},           // the last day without late fee
	{"overdue_1", messages.TemplateOverdue, 1},         // first notice, seven days to pay
	{"overdue_9", messages.TemplateOverdue, 9},         // second notice, seven days to pay
	{stepFinal, messages.TemplateOverdue, finalOffset}, // final notice: principal and late fee
}

const (
	stepFinal = "overdue_15"
	// finalOffset is how many days after the due date the final notice goes out.
	finalOffset = 15
)

// reminders are the templates that the hours and the limits bind, the graver one
// first.
var reminders = []string{messages.TemplateOverdue, messages.TemplateDueSoon}

// lookAhead is how many days before its due date a bill has its first step.
const lookAhead = 10

// Limits of a room.
const (
	weekDays   = 7 // any seven days running, today among them
	maxPerWeek = 3
)

// trigger is that a room has reached a step.
type trigger struct {
	step  step
	dueOn models.Date
	on    models.Date // the day on which it was reached
}

// newest returns the newest step of bills due on a day; false before the first.
func newest(due fees.OpenDue, today models.Date) (trigger, bool) {
	for i := len(calendar) - 1; i >= 0; i-- {
		if s := calendar[i]; due.DueOn+s.offset <= today {
			// A bill that came into the books later (opening arrears) reaches the step
			// only then: reminders before it cannot have told of it.
			return trigger{step: s, dueOn: due.DueOn, on: max(due.DueOn+s.offset, due.KnownAt.Date())}, true
		}
	}
	return trigger{}, false
}

// triggers gives, for each template, the newest step that a room's bills have
// reached. Older ones are told by the same message and are not made up for.
func triggers(dues []fees.OpenDue, today models.Date) map[string]trigger {
	out := make(map[string]trigger, len(reminders))
	for _, d := range dues {
		t, ok := newest(d, today)
		if !ok {
			continue
		}
		if have, ok := out[t.step.template]; !ok || have.before(t) {
			out[t.step.template] = t
		}
	}
	return out
}

// before orders triggers by the day they were reached, then by gravity, then by
// due date.
func (t trigger) before(other trigger) bool {
	if t.on != other.on {
		return t.on < other.on
	}
	if t.step.offset != other.step.offset {
		return t.step.offset < other.step.offset
	}
	return t.dueOn < other.dueOn
}
