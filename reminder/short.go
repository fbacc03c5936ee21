package reminder

import (
	"context"
	"fmt"
	"strings"

	"wuyepay/billing"
	"wuyepay/models/estate"
	"wuyepay/models/messages"
	"wuyepay/models/store"
)

// stepShort is the reminder that prepayment will not cover the next bills: once a
// month, to rooms that have prepaid before.
const stepShort = messages.StepPrepaidShort

// queueShort queues the reminders of low prepayment for some rooms. They keep to the
// hours and limits of all reminders.
func (s *Service) queueShort(ctx context.Context, rooms []string, r *PassResult) error {
	if _, inUse := s.templates[messages.TemplateDueSoon]; !inUse {
		return nil
	}
	view := s.db.View(ctx)
	short, err := billing.ShortPrepayments(view, rooms)
	if err != nil || len(short) == 0 {
		return err
	}
	ids := make([]string, len(short))
	for i, x := range short {
		ids[i] = x.RoomID
	}
	people, err := messages.ReachableUsers(view, ids, []string{messages.TemplateDueSoon})
	if err != nil || len(people) == 0 {
		return err
	}
	p := &plan{today: view.Today()}
	if p.days, err = messages.ReminderDays(view, ids, reminders, p.today-weekDays+1); err != nil {
		return err
	}
	month := p.today.String()[:len("2006-01")]
	var queue []messages.Notice
	for _, who := range people {
		if p.limited(who.RoomID) || !who.Owns(p.today) {
			continue
		}
		queue = append(queue, messages.Notice{Dedupe: strings.Join([]string{stepShort, month, who.RoomID, who.UserID}, "/"),
			Template: messages.TemplateDueSoon, Step: stepShort, DueOn: p.today, UserID: who.UserID, RoomID: who.RoomID})
	}
	if len(queue) == 0 {
		return nil
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		added, err := messages.QueueNotices(tx, queue)
		r.Queued += int(added)
		return err
	})
}

// remindShort looks again whether the prepayment falls short, and returns the text.
func (s *Service) remindShort(tx *store.Tx, n *messages.Notice, room estate.BoundRoom) (map[string]value, *outcome, error) {
	short, err := billing.ShortPrepayments(tx, []string{n.RoomID})
	if err != nil {
		return nil, nil, err
	}
	if len(short) == 0 || !room.Owns(tx.Today()) {
		return nil, &outcome{messages.NoticeSkipped, reasonSettled}, nil
	}
	n.DueFen = short[0].MissingFen
	return map[string]value{
		roleRoom:   text(room.Name()),
		roleAmount: amount(short[0].NextFen),
		roleDueOn:  day(short[0].NextOn),
		roleNote:   note(fmt.Sprintf("预存不足，约差%s元，请补存", short[0].MissingFen), "预存不足下次账单，请及时补存"),
	}, nil, nil
}
