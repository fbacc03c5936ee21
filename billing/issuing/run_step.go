package issuing

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// runStep is one batch of a billing run, within its transaction.
type runStep struct {
	tx     *store.Tx
	size   int // rooms
	run    fees.BillingRun
	tally  tally
	result GenerateResult
	worked bool // a batch of rooms was handled
	idle   bool // nothing is left to do for now
}

// work does the next step of a run. The lock of the run makes several processes
// take turns: the second reads what the first has committed and does the next
// batch. A run that is in none of the working states leaves the step idle.
func (s *runStep) work(id string) (err error) {
	if s.run, err = fees.LockRun(s.tx, id); err != nil {
		return err
	}
	if s.tally, err = readTally(&s.run); err != nil {
		return fmt.Errorf("totals of billing run %s: %w", id, err)
	}
	switch {
	case s.run.Status == fees.RunDrafting:
		err = s.draft()
	case s.run.Status == fees.RunPublishing && s.run.AtOnce:
		err = s.issueNext()
	case s.run.Status == fees.RunPublishing:
		err = s.issueDrafted()
	default:
		s.idle = true
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.tally.write(&s.run); err != nil {
		return err
	}
	return fees.UpdateRun(s.tx, &s.run)
}

// batch returns an empty computation for the run.
func (s *runStep) batch() (*roomBatch, error) {
	period, err := calc.ParsePeriod(s.run.Period)
	return &roomBatch{tx: s.tx, period: period, catchUp: s.run.CatchUp, gapsBilled: s.run.Gaps, batchID: s.run.ID,
		community: s.run.CommunityID}, err
}

// draft computes the next rooms and stores their sums and digest. It does not
// lock the community: the digest shows what changes in the meantime.
func (s *runStep) draft() error {
	b, err := s.batch()
	if err != nil {
		return err
	}
	rooms, err := estate.RoomsPage(s.tx, s.run.CommunityID, s.run.AfterKey, s.size)
	if err != nil {
		return err
	}
	if err := b.compute(rooms); err != nil {
		return err
	}
	part := fees.BillingBatch{RunID: s.run.ID, Seq: s.run.Batches, AfterKey: s.run.AfterKey, Rooms: len(rooms), Bills: b.result.Bills,
		PrincipalFen: b.result.PrincipalFen, Digest: digest(b.bills)}
	last := len(rooms) < s.size
	if !last { // the last part has no end, so that rooms added after it change its digest
		part.LastKey = rooms[len(rooms)-1].CodeKey
	}
	if err := fees.InsertBatch(s.tx, part); err != nil {
		return err
	}
	s.run.AfterKey = part.LastKey
	s.run.Batches++
	s.addPreview(b)
	if err := s.storeOddities(b.odd); err != nil {
		return err
	}
	s.addProgress(b)
	if last {
		s.run.Status, s.run.DraftedAt, s.idle = fees.RunDraft, s.tx.Now, true
	}
	return nil
}

// issueNext computes and issues the next rooms of a run without a draft. A page
// that is not full is the last one. The bills and the key from which the run
// continues are one transaction, so after a crash no batch is lost or issued twice.
func (s *runStep) issueNext() error {
	b, err := s.batch()
	if err != nil {
		return err
	}
	// Imports and other runs of the community wait, so that what is billed already stays
	// true until the commit. The unique key of the bills has the last word.
	if err := estate.LockCommunity(s.tx, s.run.CommunityID); err != nil {
		return err
	}
	rooms, err := estate.RoomsPage(s.tx, s.run.CommunityID, s.run.AfterKey, s.size)
	if err != nil {
		return err
	}
	if err := b.compute(rooms); err != nil {
		return err
	}
	s.addPreview(b)
	if err := s.storeOddities(b.odd); err != nil {
		return err
	}
	if err := s.issue(b); err != nil {
		return err
	}
	if len(rooms) > 0 {
		s.run.AfterKey = rooms[len(rooms)-1].CodeKey
	}
	if len(rooms) < s.size {
		s.finish()
	}
	return nil
}

// issueDrafted issues the next part of a draft exactly as it was previewed. If
// it would come out differently it stops the run as changed, with a note of
// what differs. Parts that were issued before stay issued; staff decide about
// the rest: [RedraftRun] or [DiscardRun].
func (s *runStep) issueDrafted() error {
	part, err := fees.NextBatch(s.tx, s.run.ID)
	if errors.Is(err, models.ErrNotFound) {
		s.finish()
		return nil
	}
	if err != nil {
		return err
	}
	b, err := s.batch()
	if err != nil {
		return err
	}
	if err := estate.LockCommunity(s.tx, s.run.CommunityID); err != nil {
		return err
	}
	// One room more than the draft had: a room that was added in between must show.
	rooms, err := estate.RoomsBetween(s.tx, s.run.CommunityID, part.AfterKey, part.LastKey, part.Rooms+1)
	if err != nil {
		return err
	}
	if err := b.compute(rooms); err != nil {
		return err
	}
	if len(rooms) != part.Rooms || digest(b.bills) != part.Digest {
		s.run.Status, s.idle = fees.RunChanged, true
		s.run.Note = fmt.Sprintf("第 %d 批（%s 起）与核对时不同：核对时 %d 户 %d 笔 %s 元，现在 %d 户 %d 笔 %s 元",
			part.Seq+1, roomName(rooms), part.Rooms, part.Bills, part.PrincipalFen, len(rooms), b.result.Bills, b.result.PrincipalFen)
		return nil
	}
	if err := s.issue(b); err != nil {
		return err
	}
	s.run.BatchesIssued++
	return fees.MarkBatchIssued(s.tx, part)
}

// roomName returns the code of the first room, for messages.
func roomName(rooms []estate.Room) string {
	if len(rooms) == 0 {
		return "—"
	}
	return rooms[0].Code
}

// issue writes the bills of a batch and adds up what was issued. The bills are
// the act of the person who released the run, not of the process that works.
func (s *runStep) issue(b *roomBatch) error {
	if err := b.issue(s.run.IssuedBy); err != nil {
		return err
	}
	s.run.IssuedBills += b.result.Bills
	s.run.IssuedFen = s.run.IssuedFen.Plus(b.result.PrincipalFen)
	s.run.OffsetFen = s.run.OffsetFen.Plus(b.result.OffsetFen)
	for i := range b.bills {
		item := s.tally.items[b.bills[i].Item]
		item.IssuedBills++
		item.IssuedFen = item.IssuedFen.Plus(b.bills[i].PrincipalFen)
		s.tally.items[b.bills[i].Item] = item
	}
	s.tally.rooms.Issued.add(b.result.Summary)
	s.addProgress(b)
	return nil
}

// addPreview adds up what a batch would bill.
func (s *runStep) addPreview(b *roomBatch) {
	s.run.Bills += b.result.Bills
	s.run.PrincipalFen = s.run.PrincipalFen.Plus(b.result.PrincipalFen)
	s.run.Billed += b.result.Billed
	s.tally.rooms.Draft.add(b.result.Summary)
	for i := range b.bills {
		item := s.tally.items[b.bills[i].Item]
		item.Bills++
		item.PrincipalFen = item.PrincipalFen.Plus(b.bills[i].PrincipalFen)
		s.tally.items[b.bills[i].Item] = item
	}
}

// addProgress counts the rooms that are done. The total was counted when the
// run began; more rooms than that raise it.
func (s *runStep) addProgress(b *roomBatch) {
	s.result, s.worked = b.result, true
	s.run.RoomsDone += b.result.Rooms
	s.run.RoomsTotal = max(s.run.RoomsTotal, s.run.RoomsDone)
}

// finish ends the run as published.
func (s *runStep) finish() {
	s.run.Status, s.run.PublishedAt, s.idle = fees.RunPublished, s.tx.Now, true
}

// storeOddities counts oddities and stores the first ones of each kind.
func (s *runStep) storeOddities(list []fees.BillingOddity) error {
	var kept []fees.BillingOddity
	for _, o := range list {
		if s.tally.odd[o.Kind]++; s.tally.odd[o.Kind] <= maxOddities {
			kept = append(kept, o)
		}
	}
	return fees.InsertOddities(s.tx, kept)
}

// digest returns a hash of everything that an owner is asked for by the bills:
// who owes what, for which days, how much, why, and the late-fee rule. It
// leaves out the due date, which may depend on the day of issue, and ids and
// times, which differ at each computation. A zero byte keeps neighbouring texts
// apart.
func digest(bills []fees.Bill) string {
	h := sha256.New()
	for i := range bills {
		b := &bills[i]
		fmt.Fprintf(h, "%s\x00%s\x00%s\x00%d\x00%d\x00%d\x00%s\x00%s\x00%d\x00%s\x00%s\n", b.RoomID, b.OwnerID, b.Item, b.PeriodStart,
			b.PeriodEnd, b.PrincipalFen, b.Basis, b.LateRate, b.GraceDays, b.LateCap, b.TariffID)
	}
	return hex.EncodeToString(h.Sum(nil))
}
