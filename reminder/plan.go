package reminder

import (
	"context"

	"wuyepay/models"
)

// plan is what a pass knows of some rooms.
type plan struct {
	today    models.Date
	rooms    []string                      // those that have reached a step, by id
	triggers map[string]map[string]trigger // by room and template
	people   map[string][]models.Reachable // by room: who may be sent what
	last     map[reminded]models.Date      // last reminder of a person
	told     map[roomTemplate]models.Date  // last reminder of anybody
	days     map[string][]models.Date      // by room: days with a reminder, of the last seven
}

type reminded struct{ room, user, template string }

type roomTemplate struct{ room, template string }

// plan reads what is needed to decide about rooms.
func (s *Service) plan(ctx context.Context, rooms []string) (*plan, error) {
	view := s.db.View(ctx)
	p := &plan{today: view.Today(), triggers: map[string]map[string]trigger{}, people: map[string][]models.Reachable{},
		last: map[reminded]models.Date{}, told: map[roomTemplate]models.Date{}}
	dues, err := view.OpenDues(rooms, p.today+lookAhead)
	if err != nil {
		return nil, err
	}
	for from := 0; from < len(dues); { // they come room by room
		to := from
		for to < len(dues) && dues[to].RoomID == dues[from].RoomID {
			to++
		}
		p.rooms = append(p.rooms, dues[from].RoomID)
		p.triggers[dues[from].RoomID] = triggers(dues[from:to], p.today)
		from = to
	}
	if len(p.rooms) == 0 {
		return p, nil
	}
	people, err := view.ReachableUsers(p.rooms, reminders)
	if err != nil {
		return nil, err
	}
	for _, who := range people {
		if _, inUse := s.templates[who.Template]; inUse {
			p.people[who.RoomID] = append(p.people[who.RoomID], who)
		}
	}
	last, err := view.LastReminders(p.rooms, reminders)
	if err != nil {
		return nil, err
	}
	for _, l := range last {
		p.last[reminded{l.RoomID, l.UserID, l.Template}] = l.LastOn
		key := roomTemplate{l.RoomID, l.Template}
		p.told[key] = max(p.told[key], l.LastOn)
	}
	p.days, err = view.ReminderDays(p.rooms, reminders, p.today-weekDays+1)
	return p, err
}

// decide gives the messages for a room, all of one step, and counts.
func (p *plan) decide(room string, r *PassResult) []models.Notice {
	var queue []models.Notice
	unreachable := false
	for _, template := range reminders {
		t, ok := p.triggers[room][template]
		if !ok {
			continue
		}
		reachable := false
		var waiting []models.Notice
		for _, who := range p.people[room] {
			if who.Template != template {
				continue
			}
			reachable = true
			if p.last[reminded{room, who.UserID, template}] < t.on {
				waiting = append(waiting, notice(t, room, who.UserID))
			}
		}
		if !reachable && p.told[roomTemplate{room, template}] < t.on {
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

// limited tells whether the room has had its reminder of the day, or its three of
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
func notice(t trigger, room, user string) models.Notice {
	return models.Notice{Dedupe: t.step.name + "/" + t.dueOn.String() + "/" + room + "/" + user,
		Template: t.step.template, Step: t.step.name, DueOn: t.dueOn, UserID: user, RoomID: room}
}
