package reminder

import (
	"context"
	"slices"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/messages"
)

// plan is what a pass knows of some rooms.
type plan struct {
	today    models.Date
	rooms    []string                        // those that have bills to look at, by id
	dues     map[string][]fees.OpenDue       // by room
	people   map[string][]messages.Reachable // by room: who may be sent what
	last     map[reminded]models.Date        // last reminder of a person
	told     map[roomTemplate]models.Date    // last reminder of anybody
	days     map[string][]models.Date        // by room: days with a reminder, of the last seven
	promises map[string]fees.Promise         // by room: days by which they said they pay
}

type reminded struct{ room, user, template string }

type roomTemplate struct{ room, template string }

// plan reads what is needed to decide about rooms.
func (s *Service) plan(ctx context.Context, rooms []string) (*plan, error) {
	view := s.db.View(ctx)
	p := &plan{today: view.Today(), dues: map[string][]fees.OpenDue{}, people: map[string][]messages.Reachable{},
		last: map[reminded]models.Date{}, told: map[roomTemplate]models.Date{}}
	dues, err := fees.OpenDues(view, rooms, p.today+lookAhead)
	if err != nil {
		return nil, err
	}
	for from := 0; from < len(dues); { // they come room by room
		to := from
		for to < len(dues) && dues[to].RoomID == dues[from].RoomID {
			to++
		}
		p.rooms = append(p.rooms, dues[from].RoomID)
		p.dues[dues[from].RoomID] = dues[from:to]
		from = to
	}
	if err := p.parts(view, rooms); err != nil {
		return nil, err
	}
	if len(p.rooms) == 0 {
		return p, nil
	}
	if p.promises, err = fees.Promises(view, p.rooms, p.today); err != nil {
		return nil, err
	}
	people, err := messages.ReachableUsers(view, p.rooms, reminders)
	if err != nil {
		return nil, err
	}
	for _, who := range people {
		if _, inUse := s.templates[who.Template]; inUse {
			p.people[who.RoomID] = append(p.people[who.RoomID], who)
		}
	}
	last, err := messages.LastReminders(view, p.rooms, reminders)
	if err != nil {
		return nil, err
	}
	for _, l := range last {
		p.last[reminded{l.RoomID, l.UserID, l.Template}] = l.LastOn
		key := roomTemplate{l.RoomID, l.Template}
		p.told[key] = max(p.told[key], l.LastOn)
	}
	p.days, err = messages.ReminderDays(view, p.rooms, reminders, p.today-weekDays+1)
	return p, err
}

// decide returns the messages for a room, all of one step, and counts.
func (p *plan) decide(room string, r *PassResult) []messages.Notice {
	if promise, ok := p.promises[room]; ok {
		return p.promised(room, promise, r)
	}
	var queue []messages.Notice
	unreachable := false
	for _, template := range reminders {
		var waiting []messages.Notice
		for _, who := range p.people[room] {
			if who.Template != template {
				continue
			}
			t, ok := triggers(p.duesFor(who), p.today)[template]
			if ok && p.last[reminded{room, who.UserID, template}] < t.on {
				waiting = append(waiting, notice(t, room, who.UserID))
			}
		}
		if t, ok := triggers(p.unseen(room, template), p.today)[template]; ok && p.told[roomTemplate{room, template}] < t.on {
			unreachable = true
		}
		if queue == nil { // the graver template goes first, and alone
			queue = waiting
		}
	}
	switch {
	case queue != nil && p.limited(room):
		r.Due, r.Limited = r.Due+1, r.Limited+1
		return nil
	case queue != nil:
		r.Due++
	case unreachable && !p.toldToday(room):
		r.Due, r.Unreachable = r.Due+1, r.Unreachable+1
	}
	return queue
}

// duesFor returns the bills to remind a person of: those they see. What a tenant has
// agreed to pay is the tenant's to be told of first: the owner, who stays liable,
// hears of it with the final notice, or at once where no tenant can be told.
func (p *plan) duesFor(who messages.Reachable) []fees.OpenDue {
	var out []fees.OpenDue
	for _, d := range p.dues[who.RoomID] {
		if d.SeenBy(who.BillVisibility, p.today) && (who.Role == estate.RoleTenant || d.DueOn+finalOffset <= p.today ||
			!p.tenantTold(d, who.Template)) {
			out = append(out, d)
		}
	}
	return out
}

// tenantTold reports whether a tenant who pays such bills can be sent the template.
func (p *plan) tenantTold(d fees.OpenDue, template string) bool {
	return slices.ContainsFunc(p.people[d.RoomID], func(who messages.Reachable) bool {
		return who.Role == estate.RoleTenant && who.Template == template && d.SeenBy(who.BillVisibility, p.today)
	})
}

// unseen returns the room's bills that nobody sees who can be sent the template.
func (p *plan) unseen(room, template string) []fees.OpenDue {
	return slices.DeleteFunc(slices.Clone(p.dues[room]), func(d fees.OpenDue) bool {
		return slices.ContainsFunc(p.people[room], func(who messages.Reachable) bool {
			return who.Template == template && d.SeenBy(who.BillVisibility, p.today)
		})
	})
}

// limited reports whether the room has had its reminder of the day, or its three of
// seven days.
func (p *plan) limited(room string) bool {
	return len(p.days[room]) >= maxPerWeek || p.toldToday(room)
}

func (p *plan) toldToday(room string) bool {
	days := p.days[room]
	return len(days) > 0 && days[len(days)-1] == p.today
}

// notice is a step's message to a person: once for each step, due date, room and
// person.
func notice(t trigger, room, user string) messages.Notice {
	return messages.Notice{Dedupe: t.step.name + "/" + t.dueOn.String() + "/" + room + "/" + user,
		Template: t.step.template, Step: t.step.name, DueOn: t.dueOn, UserID: user, RoomID: room}
}
