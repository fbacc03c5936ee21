package billing

import (
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// ErrFutureDay says that nothing can be told of a day that has not come.
var ErrFutureDay = models.Invalid("DAY_IN_FUTURE", "不能查询今天之后的日期")

// RoomArrearsAsOf gives a room's arrears as they were shown at the end of a past
// day: only what was in the books by then counts. Money learned of later, a
// correction booked later, a plan broken later are not known yet, from whatever
// day they count; a bill that was voided since is still there. Of today it is
// [RoomArrears].
func RoomArrearsAsOf(tx *store.Tx, roomID string, day models.Date) (Arrears, error) {
	if day > tx.Today() {
		return Arrears{}, ErrFutureDay
	}
	bills, err := fees.BillsKnownOn(tx, roomID, day)
	if err != nil {
		return Arrears{}, err
	}
	histories, err := histories(tx, bills, true)
	if err != nil {
		return Arrears{}, err
	}
	disputes, err := fees.Disputes(tx, roomID)
	if err != nil {
		return Arrears{}, err
	}
	states := make([]BillState, 0, len(bills))
	for _, b := range bills {
		b, h := rewind(b, histories[b.ID], day)
		b.Disputed = disputedOn(b, disputes, day)
		s, err := StateOf(b, h, day)
		if err != nil {
			return Arrears{}, err
		}
		if s.Status = statusOf(&s); s.Status == fees.BillUnpaid || s.Status == fees.BillPartial {
			states = append(states, s)
		}
	}
	return sum(states, day), nil
}

// rewind gives a bill and its history as they stood at the end of a day.
func rewind(b fees.Bill, h History, day models.Date) (fees.Bill, History) {
	var known History
	for _, a := range h.Allocations {
		if a.CreatedAt.Date() <= day {
			known.Allocations = append(known.Allocations, a)
			continue
		}
		b.PaidPrincipalFen -= a.PrincipalFen
		b.PaidLateFeeFen -= a.LateFeeFen
	}
	for _, e := range h.Entries {
		if e.BookedOn <= day {
			known.Entries = append(known.Entries, e)
			continue
		}
		b = withoutEntry(b, e)
	}
	b.PlanID = ""
	for _, p := range h.Plans {
		if p.MadeOn > day {
			continue
		}
		if p.EndedOn > day {
			p.Status, p.EndedOn = fees.PlanActive, 0
		}
		b.PlanID = p.ID
		known.Plans = append(known.Plans, p)
	}
	return b, known
}

// withoutEntry gives the bill as it was before an entry.
func withoutEntry(b fees.Bill, e fees.BillEntry) fees.Bill {
	b.EntryCount--
	switch e.Kind {
	case fees.EntryWaiver:
		b.WaivedLateFeeFen += e.LateFeeFen
	case fees.EntryCorrection:
		b.PrincipalFen -= e.PrincipalFen
	case fees.EntryDiscount:
		b.DiscountFen += e.PrincipalFen
	case fees.EntryVoid:
		b.Status, b.VoidSeq = fees.BillUnpaid, 0 // its real status follows from the figures
	}
	return b
}

// disputedOn tells whether a dispute about the bill was open at the end of a day.
func disputedOn(b fees.Bill, disputes []fees.Request, day models.Date) bool {
	about, open := false, false
	for _, q := range disputes {
		for _, id := range q.BillIDs {
			if id != b.ID {
				continue
			}
			about = true
			open = open || q.CreatedAt.Date() <= day && (q.DecidedAt.IsZero() || q.DecidedAt.Date() > day)
		}
	}
	if !about {
		return b.Disputed
	}
	return open
}
