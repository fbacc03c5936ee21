package collection

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
)

// Refusals of bank collection. Those of kind conflict follow from the state of the batch
// or the books; the others are faults of the input.
var (
	ErrNothingToCollect  = models.Refusal(models.KindConflict, "NOTHING_TO_COLLECT", "没有可以托收的账单：有托收协议的房产在这一天之前没有到期未缴、且不在其他批次中的账单")
	ErrCollectionSent    = models.Refusal(models.KindConflict, "COLLECTION_SENT", "该批次的文件已导出给银行，不能撤销；请等银行回盘")
	ErrCollectionNotSent = models.Refusal(models.KindConflict, "COLLECTION_NOT_SENT", "该批次还没有导出，或已撤销，不能导入回盘")
	ErrCollectedOn       = models.Invalid("COLLECTED_ON", "扣款日期不能晚于今天，也不能早于批次生成的日期")
	ErrDueBy             = models.Invalid("COLLECTION_DUE_BY", "请填写应缴日，最多提前 92 天")
)

// collectAhead is how many days before their due date bills can be collected. For
// example, a batch of 10 March may take what is due by 15 March, and 10 June at the
// latest. A mistyped year is beyond it.
const collectAhead = 92

// Make makes a batch with a line for every room of the community whose agreement holds
// and whose owner owes something. A line asks for the room's bills due by a day, principal
// and late fee as of today, and its amount is frozen. The bills are in no other batch
// until the bank has answered or the batch is cancelled.
//
// Bills in dispute or being paid in parts are left out, as are those that name another
// owner than the agreement does. For example, after a transfer the new owner's agreement
// does not pay the former owner's arrears.
//
// A second batch after the answer takes what has failed and what is new.
//
// It returns [ErrDueBy], [ErrNothingToCollect], [models.ErrNotFound] for an unknown
// community, and [desk.ErrCollectionRace] if another batch of the community was made at
// the same moment.
func Make(ctx context.Context, s *payment.Service, by models.Actor, communityID string, dueBy models.Date) (desk.CollectionBatch, error) {
	var b desk.CollectionBatch
	if dueBy.IsZero() || dueBy > s.DB.Today()+collectAhead {
		return b, ErrDueBy
	}
	err := s.DB.Write(ctx, func(tx *store.Tx) error {
		if _, err := estate.CommunityByID(tx, communityID); err != nil {
			return err
		}
		if err := estate.LockCommunity(tx, communityID); err != nil { // one batch at a time
			return err
		}
		b = desk.CollectionBatch{
			ID: models.NewID(), CommunityID: communityID, DueBy: dueBy, Status: desk.CollectionMade, MadeName: by.Name, CreatedAt: tx.Now,
			UpdatedAt: tx.Now,
		}
		// Cancelled batches count as well, so that a number is never used again: its file
		// could be confused with the new one.
		prefix := "TS" + strings.ReplaceAll(tx.Today().String(), "-", "")
		n, err := desk.CollectionsNumbered(tx, communityID, prefix)
		if err != nil {
			return err
		}
		b.Number = fmt.Sprintf("%s-%d", prefix, n+1)
		asks, bills, err := collectable(tx, &b)
		if err != nil {
			return err
		}
		if len(asks) == 0 {
			return ErrNothingToCollect
		}
		if err := desk.InsertCollection(tx, &b, asks, bills); err != nil {
			return err
		}
		return office.Audit(tx, by, "collection.made", "collection_batch", b.ID, map[string]any{
			"number": b.Number, "lines": b.LineCount, "amount_fen": b.AmountFen, "due_by": dueBy,
		})
	})
	return b, err
}

// collectable returns the lines of a batch, in the order of the agreements, and what each
// collects of its bills. It adds their number and amount to b. A room that owes nothing
// gets no line, so that the numbers of the lines run from 1 without gaps.
//
// The bills of all rooms are read together; a query for each room would hold the lock of
// the community longer.
func collectable(tx *store.Tx, b *desk.CollectionBatch) (asks []desk.CollectionLine, lines []desk.CollectionBill, err error) {
	mandates, err := desk.ActiveMandates(tx, b.CommunityID)
	if err != nil {
		return nil, nil, err
	}
	rooms := make([]string, len(mandates))
	for i, m := range mandates {
		rooms[i] = m.RoomID
	}
	bills, err := desk.CollectableBills(tx, rooms, b.DueBy)
	if err != nil {
		return nil, nil, err
	}
	holdings, err := estate.OwnerTenuresOfRooms(tx, rooms)
	if err != nil {
		return nil, nil, err
	}
	states, err := billing.States(tx, bills, tx.Today())
	if err != nil {
		return nil, nil, err
	}
	byRoom := map[string][]billing.BillState{}
	for _, st := range states {
		if st.DueFen > 0 {
			byRoom[st.RoomID] = append(byRoom[st.RoomID], st)
		}
	}
	for i := range mandates {
		m := &mandates[i]
		holds := slices.ContainsFunc(holdings[m.RoomID],
			func(h estate.OwnerTenure) bool { return h.OwnerID == m.OwnerID && h.Holds(tx.Today()) })
		ask := desk.CollectionLine{
			ID: models.NewID(), BatchID: b.ID, Number: len(asks) + 1, RoomID: m.RoomID, MandateID: m.ID, Status: desk.AskWaiting,
			CreatedAt: tx.Now, UpdatedAt: tx.Now,
		}
		for _, st := range byRoom[m.RoomID] {
			// A bill that names nobody is owed by the person who owns the room today. The
			// agreement of a former owner does not pay it.
			if st.OwnerID != m.OwnerID && (st.OwnerID != "" || !holds) {
				continue
			}
			lines = append(lines, desk.CollectionBill{
				LineID: ask.ID, BillID: st.ID, PrincipalFen: st.OutstandingFen(), LateFeeFen: st.LateDueFen,
			})
			ask.AmountFen = ask.AmountFen.Plus(st.DueFen)
		}
		if ask.AmountFen > 0 {
			asks = append(asks, ask)
			b.LineCount++
			b.AmountFen = b.AmountFen.Plus(ask.AmountFen)
		}
	}
	return asks, lines, nil
}

// Cancel takes back a batch that was never exported, and releases its bills for another
// one. It returns [ErrCollectionCancelled] if it was taken back before, [ErrCollectionSent]
// if it was exported, and [models.ErrNotFound] if there is no such batch. The lock decides
// between Cancel and [Export] at the same moment: the later one is refused.
func Cancel(ctx context.Context, s *payment.Service, by models.Actor, id string) error {
	return s.DB.Write(ctx, func(tx *store.Tx) error {
		b, err := desk.LockCollection(tx, id)
		if err != nil {
			return err
		}
		if b.Status == desk.CollectionCancelled {
			return ErrCollectionCancelled
		}
		cancelled, err := desk.CancelCollection(tx, id)
		if err == nil && !cancelled {
			err = ErrCollectionSent
		}
		if err != nil {
			return err
		}
		return office.Audit(tx, by, "collection.cancelled", "collection_batch", id, map[string]string{"number": b.Number})
	})
}
