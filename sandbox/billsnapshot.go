package sandbox

import (
	"iter"
	"time"
)

// daySnapshot is a day as a bill tells it: entries and seeds never change,
// and what does change about a refund is copied once.
type daySnapshot struct {
	rows    []*entry
	seeds   []*seedRun
	refunds map[*refund]refundView
}

// refundView is what may still change about a refund.
type refundView struct {
	status    RefundStatus
	successAt time.Time
}

// billLine is an entry with the state of its refund, if it is one.
type billLine struct {
	*entry
	status    RefundStatus
	successAt time.Time
}

// snapshot fixes a day: between hash and download nothing in it moves.
func (s *payService) snapshot(m *merchant, date string) daySnapshot {
	snap := daySnapshot{rows: s.dayOf(m, date).rows.snapshot(), refunds: map[*refund]refundView{}}
	for _, run := range s.books.seeds.snapshot() {
		if run.m == m && run.Date == date {
			snap.seeds = append(snap.seeds, run)
		}
	}
	for _, e := range snap.rows {
		if !e.isRefund() {
			continue
		}
		e.order.mu.Lock()
		snap.refunds[e.refund] = refundView{e.refund.rec.Status, e.refund.rec.SuccessAt}
		e.order.mu.Unlock()
	}
	return snap
}

// only narrows a snapshot to one bill type and, for a partner, one tenant.
func (d daySnapshot) only(kind, subMchID string) daySnapshot {
	kept := make([]*entry, 0, len(d.rows))
	for _, e := range d.rows {
		wanted := kind == "ALL" || (kind == "REFUND") == e.isRefund()
		if wanted && (subMchID == "" || subMchID == e.subMchID) {
			kept = append(kept, e)
		}
	}
	d.rows = kept
	if kind == "REFUND" || len(d.seeds) > 0 && subMchID != "" && subMchID != d.seeds[0].m.SubMchID {
		d.seeds = nil
	}
	return d
}

func (d daySnapshot) empty() bool { return len(d.rows) == 0 && len(d.seeds) == 0 }

// each yields the lines of the day, seeded ones first.
func (d daySnapshot) each() iter.Seq[billLine] {
	return func(yield func(billLine) bool) {
		for _, run := range d.seeds {
			for i := range run.Count {
				if !yield(billLine{entry: paymentEntry(run.order(i))}) {
					return
				}
			}
		}
		for _, e := range d.rows {
			view := d.refunds[e.refund]
			if !yield(billLine{e, view.status, view.successAt}) {
				return
			}
		}
	}
}
