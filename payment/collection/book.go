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

// Result is what an answer of the bank has done.
type Result struct {
	Batch     desk.CollectionBatch
	Booked    int // lines booked now, collected or failed
	Unchanged int // lines that had the same answer before
}

// TakeAnswer takes in the bank's answer to a batch: what was collected is booked as a
// payment of its room, what failed leaves its bills owed and free for the next
// batch. on is the day of collection where the file does not tell.
//
// An answer with a mistake anywhere ([sheet.Mistakes], [*sheet.FileError]) changes
// nothing. The same answer again changes nothing either, and an answer that was cut
// off by a crash is finished by taking it in again; one that says otherwise than
// before is refused with its rows.
//
// A bill that was paid elsewhere meanwhile cannot take the bank's money: it goes to
// the room's prepayment.
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

// disagreeing are the rows that say otherwise than what is booked, and days that
// cannot be.
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

// agreementsOf returns the agreement numbers of a batch by the id of the agreement.
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

// answerOne books what the bank says of a line, in a transaction of its own; false
// if it was booked before.
func answerOne(ctx context.Context, s *payment.Service, by models.Actor, b *desk.CollectionBatch, askID string, a answered,
	on models.Date) (booked bool, err error) {
	if !a.on.IsZero() {
		on = a.on
	}
	var settled []string
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		booked, settled = false, nil
		ask, err := desk.LockCollectionAsk(tx, askID)
		if err != nil || ask.Status != desk.AskWaiting {
			return err
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
	if err == nil && len(settled) > 0 {
		s.Expedite(ctx, settled) // a phone may have an order open on them
	}
	return booked, err
}

// bookAsk books what the bank has collected for a line, and returns its bills. What it
// asked for on the day the batch was made is final.
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

// endCollection ends a batch all of whose lines are answered.
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

func fileHash(f File) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(f.Content, 0, f.Size)); err != nil {
		return "", &sheet.FileError{File: f.Name, Reason: "读取失败", Err: err}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
