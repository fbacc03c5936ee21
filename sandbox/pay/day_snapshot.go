package pay

import (
	"iter"
	"time"

	"wuyepay/sandbox/pay/merchant"
)

// DaySnapshot is a day that no longer changes. Lines and seeds never change; the state
// of a refund does, and is copied.
type DaySnapshot struct {
	rows    []*Entry
	seeds   []*seedRun
	refunds map[*refund]refundView
}

// refundView is what may still change about a refund.
type refundView struct {
	status    RefundStatus
	successAt time.Time
}

// Line is a line of a bill with the state of its refund, if it is about one.
type Line struct {
	*Entry
	Status    RefundStatus
	SuccessAt time.Time
}

// Snapshot returns a day as it stands now.
func (s *Service) Snapshot(m *merchant.Merchant, date string) DaySnapshot {
	snap := DaySnapshot{rows: s.dayOf(m, date).rows.Snapshot(), refunds: map[*refund]refundView{}}
	for _, run := range s.books.seeds.Snapshot() {
		if run.m == m && run.Date == date {
			snap.seeds = append(snap.seeds, run)
		}
	}
	for _, e := range snap.rows {
		if !e.IsRefund() {
			continue
		}
		e.order.mu.Lock()
		snap.refunds[e.refund] = refundView{e.refund.rec.Status, e.refund.rec.SuccessAt}
		e.order.mu.Unlock()
	}
	return snap
}

// Only returns the lines of one bill type and, for a partner, of one tenant. The type
// "ALL" and the tenant "" stand for all.
func (d DaySnapshot) Only(kind, subMchID string) DaySnapshot {
	kept := make([]*Entry, 0, len(d.rows))
	for _, e := range d.rows {
		wanted := kind == "ALL" || (kind == "REFUND") == e.IsRefund()
		if wanted && (subMchID == "" || subMchID == e.SubMchID) {
			kept = append(kept, e)
		}
	}
	d.rows = kept
	if kind == "REFUND" || len(d.seeds) > 0 && subMchID != "" && subMchID != d.seeds[0].m.SubMchID {
		d.seeds = nil
	}
	return d
}

// Empty reports whether there is no line.
func (d DaySnapshot) Empty() bool { return len(d.rows) == 0 && len(d.seeds) == 0 }

// Each returns the lines, seeded ones first.
func (d DaySnapshot) Each() iter.Seq[Line] {
	return func(yield func(Line) bool) {
		for _, run := range d.seeds {
			for i := range run.Count {
				if !yield(Line{Entry: paymentEntry(run.order(i))}) {
					return
				}
			}
		}
		for _, e := range d.rows {
			view := d.refunds[e.refund]
			if !yield(Line{e, view.status, view.successAt}) {
				return
			}
		}
	}
}
