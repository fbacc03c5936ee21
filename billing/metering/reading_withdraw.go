package metering

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Refusals of a withdrawal 撤回读数.
var (
	// ErrReadingGone: the reading was withdrawn already.
	ErrReadingGone = models.Refusal(models.KindConflict, "READING_WITHDRAWN", "这次读数已经撤回")
	// ErrReadingGoesOn: later readings stand on it in a way that cannot be closed up, such
	// as a base with usage after it.
	ErrReadingGoesOn = models.Refusal(models.KindConflict, "READING_GOES_ON", "后面的读数是接着它抄的，请从最近一次读数起逐个撤回")
	// ErrReadingBilled: it is in a bill that stands. The message names the bill.
	ErrReadingBilled = models.Refusal(models.KindConflict, "READING_BILLED", "该读数已计入账单，请先申请作废账单，再撤回读数")
	// ErrWithdrawalDecided: the request was decided already.
	ErrWithdrawalDecided = models.Refusal(models.KindConflict, "READING_WITHDRAWAL_DECIDED", "该撤回申请已经审批过")
)

// RequestWithdrawal asks for a reading not to count any more, because it is wrong. Another
// person decides: [DecideWithdrawal]. It refuses what could not be approved now:
// [ErrReadingGone], [ErrReadingGoesOn], [ErrReadingBilled]; further [ErrMeterReason] and
// [fees.ErrWithdrawalOpen].
func RequestWithdrawal(tx *store.Tx, by models.Actor, scope office.Scope, readingID, reason string) (fees.ReadingWithdrawal, error) {
	w := fees.ReadingWithdrawal{ReadingID: readingID, Reason: strings.TrimSpace(reason)}
	if err := checkReason(w.Reason); err != nil {
		return w, err
	}
	r, err := fees.ReadingByID(tx, readingID)
	if err != nil {
		return w, err
	}
	s, room, err := openMeter(tx, scope, r.MeterID)
	if err != nil {
		return w, err
	}
	if _, err := planWithdrawal(tx, &s, readingID); err != nil {
		return w, err
	}
	w.MeterID, w.RoomID = r.MeterID, room.ID
	if err := fees.InsertWithdrawal(tx, by, &w); err != nil {
		return w, err
	}
	return w, office.Audit(tx, by, "reading.withdrawal_asked", "room", room.ID, map[string]any{"item": s.meter.Item,
		"serial": s.meter.Serial, "on": r.ReadOn.String(), "value": r.Value, "reason": w.Reason})
}

// DecideWithdrawal approves or refuses a withdrawal. It needs [office.PermDecideEntry], else
// [models.ErrForbidden], and its author must not decide it ([billing.ErrSamePerson]). It
// refuses what [RequestWithdrawal] refuses, because a bill may have been issued since.
//
// The reading stays in the table and counts no more; its day is free for another one. The
// reading after it goes on from the one before. If a multiplier was changed with it, that
// change is taken back. The lock of the community keeps billing runs, imports and other
// readings out until the commit.
func DecideWithdrawal(tx *store.Tx, by office.Staff, id string, approve bool, note string) error {
	if !by.Can(office.PermDecideEntry) {
		return models.ErrForbidden
	}
	w, err := fees.WithdrawalByID(tx, id)
	if err != nil {
		return err
	}
	s, room, err := openMeter(tx, by.Scope(), w.MeterID)
	if err != nil {
		return err
	}
	if w, err = fees.WithdrawalByID(tx, id); err != nil { // again, now under the lock
		return err
	}
	switch {
	case w.Status != fees.WithdrawalRequested:
		return ErrWithdrawalDecided
	case approve && w.Asked == by.Actor():
		return billing.ErrSamePerson
	case utf8.RuneCountInString(note) > 200:
		return billing.ErrNoteTooLong
	}
	status := fees.WithdrawalRefused
	if approve {
		status = fees.WithdrawalApproved
	}
	if ok, err := fees.DecideWithdrawal(tx, by.Actor(), &w, status, note); err != nil || !ok {
		return changedMeanwhile(err)
	}
	r, err := fees.ReadingByID(tx, w.ReadingID)
	if err != nil {
		return err
	}
	detail := map[string]any{"item": s.meter.Item, "serial": s.meter.Serial, "on": r.ReadOn.String(), "value": r.Value, "reason": w.Reason}
	if !approve {
		return office.Audit(tx, by.Actor(), "reading.withdrawal_refused", "room", room.ID, detail)
	}
	p, err := planWithdrawal(tx, &s, w.ReadingID)
	if err != nil {
		return err
	}
	if err := p.carryOut(tx, s.meter, w.ID); err != nil {
		return err
	}
	return office.Audit(tx, by.Actor(), "reading.withdrawn", "room", room.ID, detail)
}

// withdrawalPlan is what a withdrawal changes: the readings that go, the one that is added
// in place of the follower, and the change of the multiplier that is taken back.
type withdrawalPlan struct {
	gone       []string
	follower   *fees.Reading
	multiplier *fees.MeterMultiplier
}

// planWithdrawal returns what the withdrawal of a reading changes, or the refusal.
func planWithdrawal(tx *store.Tx, s *meterState, readingID string) (withdrawalPlan, error) {
	p := withdrawalPlan{gone: []string{readingID}}
	at := -1
	for i, r := range s.readings {
		if r.ID == readingID {
			at = i
		}
	}
	if at < 0 {
		return p, ErrReadingGone
	}
	last := at+1 == len(s.readings)
	before, err := fees.MultipliersOfMeters(tx, []string{s.meter.ID})
	if err != nil {
		return p, err
	}
	for _, b := range before[s.meter.ID] {
		if b.UntilOn != s.readings[at].ReadOn {
			continue
		}
		if !last {
			return p, ErrReadingGoesOn
		}
		p.multiplier = &b
	}
	if !last && s.readings[at+1].Previous != "" {
		next, err := closeUp(s, at)
		if err != nil {
			return p, err
		}
		p.gone, p.follower = append(p.gone, s.readings[at+1].ID), &next
	}
	bills, err := fees.BillsOfReadings(tx, p.gone)
	if err != nil {
		return p, err
	}
	if len(bills) > 0 {
		return p, billed(bills)
	}
	return p, nil
}

// closeUp returns the reading after one that is withdrawn, as it goes on from the one
// before. Its usage is that of both. For example, of 100, 500 and 520 without the 500, the
// last one goes on from 100 and counts 420. Rollovers add up. It returns [ErrReadingGoesOn]
// where that cannot be: after a base, with two rollovers, or with usage below zero that
// settles no estimate.
func closeUp(s *meterState, at int) (fees.Reading, error) {
	gone, next := s.readings[at], s.readings[at+1]
	next.Previous, next.Rolled = gone.Previous, gone.Rolled+next.Rolled
	if gone.Previous == "" || next.Rolled < -1 || next.Rolled > 1 || gone.Multiplier != next.Multiplier {
		return next, ErrReadingGoesOn
	}
	f, err := FiguresOf(s.meter, next)
	if err != nil {
		return next, err
	}
	if f.Usage.IsNegative() && (at == 0 || !s.readings[at-1].Estimated) {
		return next, ErrReadingGoesOn
	}
	return next, nil
}

// billed returns [ErrReadingBilled] with the bills in its message and their ids in its
// details.
func billed(bills []fees.Bill) error {
	e := *ErrReadingBilled
	names := make([]string, len(bills))
	for i, b := range bills {
		names[i] = fmt.Sprintf("%s %s 至 %s（%s 元）", b.Item, b.PeriodStart, b.PeriodEnd, b.PrincipalFen)
		e.Details = append(e.Details, map[string]string{"bill_id": b.ID})
	}
	e.Message = "该读数已计入账单：" + strings.Join(names, "、") + "。请先申请作废账单，再撤回读数"
	return &e
}

// carryOut writes what the plan says.
func (p withdrawalPlan) carryOut(tx *store.Tx, m fees.Meter, withdrawalID string) error {
	for _, id := range p.gone {
		if ok, err := fees.WithdrawReading(tx, id, withdrawalID); err != nil || !ok {
			return changedMeanwhile(err)
		}
	}
	if p.follower != nil {
		p.follower.ID, p.follower.CreatedAt = models.NewID(), tx.Now
		if err := fees.InsertReadings(tx, []fees.Reading{*p.follower}); err != nil {
			return err
		}
	}
	if p.multiplier != nil {
		if ok, err := fees.TakeBackMultiplier(tx, m, *p.multiplier); err != nil || !ok {
			return changedMeanwhile(err)
		}
	}
	return fees.ReleaseUsages(tx, m.RoomID, m.Item, p.gone)
}
