package billing

import (
	"slices"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// ErrFutureDay is the refusal of a day after today: nothing is known of it.
var ErrFutureDay = models.Invalid("DAY_IN_FUTURE", "不能查询今天之后的日期")

// RoomArrearsAsOf returns a room's arrears as they were shown at the end of a
// past day. Only what was in the books by then counts. A payment, a correction
// or the end of a plan that was booked later is not known yet, from whatever
// day it counts, and a bill that was voided later is still there. For example,
// money paid on 3 Mar whose notification was lost and booked on 5 Mar is
// missing from the arrears of 4 Mar. For today the result is that of
// [RoomArrears]; a later day returns [ErrFutureDay].
func RoomArrearsAsOf(tx *store.Tx, roomID string, day models.Date) (Arrears, error) {
	if day > tx.Today() {
		return Arrears{}, ErrFutureDay
	}
	bills, err := fees.BillsKnownOn(tx, roomID, day)
	if err != nil {
		return Arrears{}, err
	}
	return arrearsAsOf(tx, roomID, bills, day)
}

// RoomAccountAsOf is [RoomArrearsAsOf] for an account: arrears that a file brought are owed
// from their own day of issue on, which is their due day at the latest, and not from the day
// of the import. For example, a bill due on 15 Feb 2025 that was imported on 3 Mar 2026 is
// among what was owed on 31 Dec 2025, with the late fee of that day, although nobody could
// have been shown it then. From the day of the import on, both functions agree.
func RoomAccountAsOf(tx *store.Tx, roomID string, day models.Date) (Arrears, error) {
	if day > tx.Today() {
		return Arrears{}, ErrFutureDay
	}
	bills, err := fees.BillsOwedOn(tx, roomID, day)
	if err != nil {
		return Arrears{}, err
	}
	return arrearsAsOf(tx, roomID, bills, day)
}

// arrearsAsOf returns what was owed of the bills at the end of a day, by what was booked up
// to then.
func arrearsAsOf(tx *store.Tx, roomID string, bills []fees.Bill, day models.Date) (Arrears, error) {
	histories, err := loadHistories(tx, bills, true)
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

// rewind returns a bill and its history as they were at the end of a day.
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
		}
	}
	for _, e := range slices.Backward(h.Entries) { // the newest first: each keeps the rule before it
		if e.BookedOn > day {
			b = withoutEntry(b, e)
		}
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

// withoutEntry returns the bill as it was before an entry.
func withoutEntry(b fees.Bill, e fees.BillEntry) fees.Bill {
	b.EntryCount--
	switch e.Kind {
	case fees.EntryWaiver:
		b.WaivedLateFeeFen += e.LateFeeFen
	case fees.EntryCorrection:
		b.PrincipalFen -= e.PrincipalFen
		if e.RuleBefore != "" {
			// What an entry keeps was a rule when it was kept; StateOf reports any other.
			if err := b.SetRuleText(e.RuleBefore); err != nil {
				b.LateRate = e.RuleBefore
			}
		}
	case fees.EntryDiscount:
		b.DiscountFen += e.PrincipalFen
	case fees.EntryVoid:
		b.Status, b.VoidSeq = fees.BillUnpaid, 0 // its real status follows from the figures
	}
	return b
}

// disputedOn reports whether a dispute about the bill was open at the end of a
// day.
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
