package reminder

import (
	"slices"

	"wuyepay/billing"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/messages"
	"wuyepay/models/store"
)

// stepPromise is the day before a promised day. Until then the room is left alone:
// its people have said when they pay.
const stepPromise = "promise"

// promised returns the message of a promise, when its day has come: to who promised,
// or to everybody where staff wrote the promise down. All other steps of the room
// wait until the promised day is over.
func (p *plan) promised(room string, promise fees.Promise, r *PassResult) []messages.Notice {
	if p.today < promise.PayOn-1 {
		return nil
	}
	t := trigger{step: step{name: stepPromise, template: messages.TemplateDueSoon}, dueOn: promise.PayOn}
	for _, d := range p.dues[room] {
		if d.DueOn < p.today {
			t.step.template = messages.TemplateOverdue
		}
	}
	var queue []messages.Notice
	for _, who := range p.people[room] {
		if who.Template == t.step.template && (promise.UserID == "" || promise.UserID == who.UserID) &&
			p.last[reminded{room, who.UserID, who.Template}] < promise.PayOn-1 {
			queue = append(queue, notice(t, room, who.UserID))
		}
	}
	if len(queue) == 0 {
		return nil
	}
	r.Due++
	if p.limited(room) {
		r.Limited++
		return nil
	}
	return queue
}

// parts adds the parts of instalment plans that come due: the bills of a plan are
// not reminded of beyond them.
func (p *plan) parts(view *store.Tx, rooms []string) error {
	plans, err := fees.ActivePlansOfRooms(view, rooms)
	if err != nil {
		return err
	}
	for _, x := range plans {
		progress, err := billing.ProgressOf(view, x)
		if err != nil {
			return err
		}
		first := &progress.Bills[0]
		if progress.Bills[len(progress.Bills)-1].Disputed || first.Disputed {
			continue
		}
		for _, part := range progress.Parts {
			if part.UnpaidFen == 0 || part.DueOn > p.today+lookAhead {
				continue
			}
			if len(p.dues[x.RoomID]) == 0 {
				p.rooms = append(p.rooms, x.RoomID)
			}
			p.dues[x.RoomID] = append(p.dues[x.RoomID], fees.OpenDue{
				RoomID: x.RoomID, OwnerID: first.OwnerID, Item: first.Item, PeriodStart: first.PeriodStart, DueOn: part.DueOn,
				KnownAt: x.CreatedAt,
			})
		}
	}
	slices.Sort(p.rooms)
	return nil
}

// addParts adds to a debt the parts of plans on the notice's side of their date;
// true if the notice is about one of them.
func (d *debt) addParts(tx *store.Tx, n *messages.Notice, room estate.BoundRoom) (ok bool, err error) {
	plans, err := fees.ActivePlansOfRooms(tx, []string{room.ID})
	if err != nil {
		return false, err
	}
	today := tx.Today()
	for _, x := range plans {
		progress, err := billing.ProgressOf(tx, x)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(progress.Bills, func(s billing.BillState) bool {
			return s.Disputed || !fees.CanSee(room.BillVisibility, &s.Bill, today)
		}) {
			continue
		}
		for _, part := range progress.Parts {
			if part.UnpaidFen == 0 || part.Overdue != (n.Template == messages.TemplateOverdue) || part.DueOn > today+lookAhead {
				continue
			}
			if d.bills == 0 || part.DueOn < d.firstDue {
				d.firstDue, d.days = part.DueOn, max(0, int(today-part.DueOn))
			}
			d.bills++
			d.total = d.total.Plus(part.UnpaidFen)
			d.principal = d.principal.Plus(part.UnpaidFen)
			ok = ok || part.DueOn == n.DueOn || n.Step == stepPromise
		}
	}
	return ok, nil
}

// waits reports whether a promise keeps a message from being sent: it may have been
// made after the message was queued.
func waits(tx *store.Tx, n *messages.Notice) (bool, error) {
	promises, err := fees.Promises(tx, []string{n.RoomID}, tx.Today())
	if err != nil {
		return false, err
	}
	p, ok := promises[n.RoomID]
	return ok && (n.Step != stepPromise || p.PayOn != n.DueOn), nil
}
