package collection

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

	"wuyepay/billing"
	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/estate"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
)

// Result counts what taking in an answer of the bank did. Booked and Unchanged add up to
// the lines of the batch, unless an error ended it early.
type Result struct {
	Batch     desk.CollectionBatch
	Booked    int // lines booked now, collected or failed
	Unchanged int // lines that had the same answer before
}

// TakeAnswer takes in the bank's answer to a batch. What was collected is booked as a
// payment of its room; what failed leaves its bills owed and free for the next batch. on
// is the day of collection, in Asia/Shanghai, of the rows that have none of their own.
//
// An answer with a mistake anywhere ([sheet.Mistakes], [*sheet.FileError]) changes
// nothing. All is compared before the first line is booked, so that a mistake in the last
// row does not leave a batch half booked. The same answer again changes nothing either.
// One that differs from what is booked is refused, with the rows that differ.
//
// Each line is booked in a transaction of its own: one for thousands of lines would hold
// their bills and rooms against the payments of that time. After a crash or an error in
// between, the lines booked so far stand and the batch remains sent; taking in the same
// file again books the others.
//
// A bill that was paid elsewhere meanwhile cannot take the bank's money: it goes to
// the room's prepayment. For example, the owner pays by phone on the day of collection.
//
// It returns [ErrCollectionNotSent] for a batch that was never exported or was cancelled,
// and [models.ErrNotFound] for an unknown one.
func TakeAnswer(ctx context.Context, s *payment.Service, by models.Actor, id string, on models.Date, f File) (Result, error) {
	r := Result{}
	view := s.DB.View(ctx)
	b, err := desk.CollectionByID(view, id)
	if err != nil {
		return r, err
	}
	if b.Status != desk.CollectionSent && b.Status != desk.CollectionAnswered {
		return r, ErrCollectionNotSent
	}
	asks, err := desk.CollectionAsks(view, id)
	if err != nil {
		return r, err
	}
	agreements, err := agreementsOf(view, b.ID)
	if err != nil {
		return r, err
	}
	answers, mistakes, err := readAnswer(&b, asks, agreements, f)
	if err != nil {
		return r, err
	}
	mistakes = append(mistakes, disagreeing(s, &b, asks, answers, on)...)
	if len(mistakes) > 0 {
		return r, mistakes
	}
	sum, err := fileHash(f)
	if err != nil {
		return r, err
	}
	for i := range asks {
		booked, err := answerOne(ctx, s, by, &b, asks[i].ID, answers[asks[i].Number], on)
		if err != nil {
			return r, err
		}
		if booked {
			r.Booked++
		} else {
			r.Unchanged++
		}
	}
	r.Batch, err = endCollection(ctx, s, by, id, on, sum)
	return r, err
}

// disagreeing returns a mistake for each row that differs from what is booked, and for
// each day of collection that is after today or before the batch was made. The day is
// checked only where money is still to be booked: it means nothing for a failure, and
// a line that is booked keeps its day.
func disagreeing(s *payment.Service, b *desk.CollectionBatch, asks []desk.CollectionLine, answers map[int]answered,
	on models.Date) sheet.Mistakes {
	var out sheet.Mistakes
	today, made := s.DB.Today(), b.CreatedAt.Date()
	for i := range asks {
		a, there := answers[asks[i].Number]
		if !there || a.row == nil {
			continue
		}
		day := a.on
		if day.IsZero() {
			day = on
		}
		switch status := asks[i].Status; {
		case status == desk.AskWaiting && a.paid && (day > today || day < made):
			out = append(out, a.row.Mistake("paid_on", ErrCollectedOn.Message))
		case status != desk.AskWaiting && (status == desk.AskPaid) != a.paid:
			out = append(out, a.row.Mistake("result", "与已入账的回盘结果不同"))
		}
	}
	return out
}

// agreementsOf returns the agreement numbers of a batch by the id of the agreement. An
// agreement that has ended since is among them: the bank answers by its number.
func agreementsOf(view *store.Tx, batchID string) (map[string]string, error) {
	out := map[string]string{}
	for after := 0; ; {
		page, err := desk.CollectionList(view, batchID, "", after, 500)
		if err != nil {
			return nil, err
		}
		for _, l := range page {
			out[l.MandateID], after = l.AgreementNo, l.Number
		}
		if len(page) < 500 {
			return out, nil
		}
	}
}

// answerOne books the bank's result for a line, in a transaction of its own. It returns
// false if the line was booked before, also by a colleague who takes in an answer at this
// moment: the lock of the line lets one of them book it. The other one counts the line as
// unchanged, or returns its row as a mistake if the two answers differ there. Both book the
// lines in the same order, so that one of two that differ stops at their first difference,
// and the other one is taken in whole.
//
// Locks are taken in this order: the line, its bills, the room, and last the row of the
// batch, which every line of the batch updates.
func answerOne(ctx context.Context, s *payment.Service, by models.Actor, b *desk.CollectionBatch, askID string, a answered,
	on models.Date) (booked bool, err error) {
	if !a.on.IsZero() {
		on = a.on
	}
	var settled []string
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		// The function may run again after a deadlock; nothing of the first run may remain.
		booked, settled = false, nil
		ask, err := desk.LockCollectionAsk(tx, askID)
		if err != nil {
			return err
		}
		if ask.Status != desk.AskWaiting {
			if (ask.Status == desk.AskPaid) != a.paid {
				return sheet.Mistakes{a.row.Mistake("result", "与已入账的回盘结果不同")}
			}
			return nil
		}
		if ask.Status, ask.Reason = desk.AskFailed, a.reason; a.paid {
			ask.Status = desk.AskPaid
			if settled, err = bookAsk(s, tx, b, &ask, on); err != nil {
				return err
			}
		}
		if booked, err = desk.EndCollectionAsk(tx, &ask); err != nil {
			return err
		}
		if err := desk.CountCollectionAsk(tx, &ask); err != nil {
			return err
		}
		return office.Audit(tx, by, "collection."+ask.Status, "room", ask.RoomID, map[string]any{
			"batch": b.Number, "number": ask.Number, "amount_fen": ask.AmountFen, "payment": ask.PaymentID,
		})
	})
	// After the commit, because Expedite has a transaction of its own. If the process ends
	// here, the open orders are queried at their usual time.
	if err == nil && len(settled) > 0 {
		s.Expedite(ctx, settled) // a phone may have an order open on them
	}
	return booked, err
}

// bookAsk books what the bank has collected for a line as a payment, and returns the ids
// of its bills. It sets the payment of ask; the caller writes it.
//
// The money counts from the day on which the batch was made, not from the day of
// collection: the bank was asked for a frozen amount, so that late fee of the days
// between would be left owed. PaidOn is the day of collection, by which takings count.
// The file has no time of day; PaidAt is the beginning of that day in Asia/Shanghai.
//
// The prepayment is written before the payment, as in package payment: the payment's
// foreign key takes a shared lock on the room, and two transactions that wrote the room
// afterwards would wait for each other.
func bookAsk(s *payment.Service, tx *store.Tx, b *desk.CollectionBatch, ask *desk.CollectionLine, on models.Date) ([]string, error) {
	bills, err := desk.CollectionBills(tx, ask.ID)
	if err != nil {
		return nil, err
	}
	settlement, err := estate.Settlement(tx, b.CommunityID)
	if err != nil {
		return nil, err
	}
	p := money.Payment{
		ID: models.NewID(), Channel: money.ChannelCollection, CommunityID: b.CommunityID, RoomID: ask.RoomID, AmountFen: ask.AmountFen,
		Source: money.LearnedByBank, PaidAt: models.At(on.Start()), PaidOn: on, BookedAt: tx.Now,
	}
	ids, portions := make([]string, len(bills)), make([]billing.Portion, len(bills))
	for i, c := range bills {
		ids[i], portions[i] = c.BillID, billing.Portion{BillID: c.BillID, Amount: c.PrincipalFen + c.LateFeeFen}
	}
	p.SurplusFen, err = billing.Apply(tx, billing.Money{
		PaymentID: p.ID, RoomID: p.RoomID, CommunityID: p.CommunityID, Debit: money.MoneyAccounts[p.Channel], Settlement: settlement,
		EffectiveOn: b.CreatedAt.Date(),
	}, portions)
	if err != nil {
		return nil, err
	}
	if err := payment.CreditPrepaid(tx, &p, "", money.PrepaidSurplus, p.SurplusFen); err != nil {
		return nil, err
	}
	if err := money.InsertPayment(tx, &p); err != nil {
		return nil, err
	}
	ask.PaymentID = p.ID
	return ids, s.AfterBooking(tx, nil, &p)
}

// endCollection moves a batch all of whose lines are answered to its end, and returns it.
// A batch that has ended already is returned as it is, with the hash and the name of the
// first answer. sum is the SHA-256 of the bank's file in hex, kept as evidence.
//
// It returns an error if a line still waits, which cannot happen after [TakeAnswer] has
// booked them all.
func endCollection(ctx context.Context, s *payment.Service, by models.Actor, id string, on models.Date,
	sum string) (b desk.CollectionBatch, err error) {
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		if b, err = desk.LockCollection(tx, id); err != nil || b.Status == desk.CollectionAnswered {
			return err
		}
		b.CollectedOn, b.AnswerSHA256, b.AnsweredName = on, sum, by.Name
		ended, err := desk.AnswerCollection(tx, &b)
		if err == nil && !ended {
			err = errors.New("payment: a batch is answered whose lines are not")
		}
		if err != nil {
			return err
		}
		if b, err = desk.CollectionByID(tx, id); err != nil {
			return err
		}
		return office.Audit(tx, by, "collection.answered", "collection_batch", id, map[string]any{
			"number": b.Number, "paid_fen": b.PaidFen, "failed_fen": b.FailedFen, "sha256": sum,
		})
	})
	return b, err
}

// fileHash returns the SHA-256 of a file in lower-case hex. It reads the file from its
// beginning, wherever other readers of it stand.
func fileHash(f File) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(f.Content, 0, f.Size)); err != nil {
		return "", &sheet.FileError{File: f.Name, Reason: "读取失败", Err: err}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
