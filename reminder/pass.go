package reminder

import (
	"context"
	"fmt"

	"wuyepay/models/estate"
	"wuyepay/models/messages"
	"wuyepay/models/store"
)

// roomBatch is how many rooms a pass holds at a time: all debtors at once would
// not fit.
const roomBatch = 1000

// Pass queues what is due now and sends it, once: for the job and the command. A
// second pass at the same time, here or in another process, does no harm. Outside
// of the hours only what is not bound to them (payment receipts) goes out. What
// cannot be sent now is sent by a later [Service.Drain] or made up for by the next
// pass.
func (s *Service) Pass(ctx context.Context) (PassResult, error) {
	var r PassResult
	isOpen, err := open(s.db.View(ctx))
	if err != nil {
		return r, err
	}
	if isOpen {
		if err := s.queueAll(ctx, &r); err != nil {
			return r, fmt.Errorf("queue reminders: %w", err)
		}
	} else {
		r.OutsideHours = true
	}
	s.sending.Lock() // a running Drain may have looked before we queued
	defer s.sending.Unlock()
	r.DrainResult, err = s.drain(ctx)
	s.log.InfoContext(ctx, "reminder pass", "outside_hours", r.OutsideHours, "rooms_due", r.Due, "queued", r.Queued, "unreachable",
		r.Unreachable, "limited", r.Limited, "sent", r.Sent, "skipped", r.Skipped, "failed", r.Failed, "deferred", r.Deferred)
	return r, err
}

// queueAll walks over the rooms in the order of their ids.
func (s *Service) queueAll(ctx context.Context, r *PassResult) error {
	if err := s.expire(ctx); err != nil {
		return err
	}
	after := ""
	for {
		isOpen, err := open(s.db.View(ctx))
		if err != nil || !isOpen {
			return err
		}
		rooms, err := estate.RoomIDsAfter(s.db.View(ctx), after, roomBatch)
		if err != nil || len(rooms) == 0 {
			return err
		}
		if err := s.queueRooms(ctx, rooms, r); err != nil {
			return err
		}
		if err := s.queueShort(ctx, rooms, r); err != nil {
			return err
		}
		after = rooms[len(rooms)-1]
	}
}

// expire ends reminders of earlier days that still wait, so that their steps are
// made up for with today's amounts.
func (s *Service) expire(ctx context.Context) error {
	for {
		var n int64
		err := s.db.Write(ctx, func(tx *store.Tx) (err error) {
			n, err = messages.ExpireNotices(tx, reminders, tx.Today(), roomBatch)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

// queueRooms decides for some rooms, with a fixed number of statements however
// many of them owe.
func (s *Service) queueRooms(ctx context.Context, rooms []string, r *PassResult) error {
	plan, err := s.plan(ctx, rooms)
	if err != nil {
		return err
	}
	var queue []messages.Notice
	for _, room := range plan.rooms {
		queue = append(queue, plan.decide(room, r)...)
	}
	if len(queue) == 0 {
		return nil
	}
	var added int64
	err = s.db.Write(ctx, func(tx *store.Tx) (err error) {
		added, err = messages.QueueNotices(tx, queue)
		return err
	})
	if err == nil {
		r.Queued += int(added)
	}
	return err
}
