package payment

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"wuyepay/models"
	"wuyepay/payment/wechatpay"
)

// maxDifferences bounds what a run keeps in memory. So many differences mean a
// wrong database or a wrong merchant, not lost callbacks.
const maxDifferences = 100_000

var errTooManyDifferences = fmt.Errorf("payment: more than %d differences: is this the right merchant and the right database?", maxDifferences)

// joined is all sides of a day laid over each other.
type joined struct {
	on                                   models.Date
	theirs                               Sums
	settledFen, returnedFen, feeMilliFen int64
	sha1                                 string
	proof, flowProof                     *models.Evidence     // the replies that announced the hashes of the bills
	rows                                 []wechatpay.TradeRow // rows of the bill that are not simply ours: paid there
	twice                                map[string]bool      // orders whose row is there again
	missing                              []models.PaidOrder   // ours that the bill does not have
	refund                               refundJoin
	fee                                  feeCheck
	flow                                 *flowBook // nil: this merchant's fund-flow bill is not looked at
}

// ownDay streams our payments of a day into a table.
func (s *Service) ownDay(ctx context.Context, m *Merchant, on models.Date) (*ownBook, error) {
	ours := &ownBook{}
	err := s.db.View(ctx).EachPaidOrder(m.Name, on, func(p models.PaidOrder) error {
		ours.add(p)
		return nil
	})
	ours.build()
	return ours, err
}

// join lays the bill over our payments of the day. Nothing of a bill counts before
// all of it has been read and proven.
func (s *Service) join(ctx context.Context, m *Merchant, on models.Date, ours *ownBook, bill *wechatpay.BillFile) (*joined, error) {
	var err error
	view := s.db.View(ctx)
	j := &joined{on: on, twice: map[string]bool{}, flow: &flowBook{}}
	if err := j.refund.load(s.Refunds, view, m.Name, on); err != nil {
		return nil, err
	}
	if bill != nil {
		// About 260 bytes a row: growing a list of a million rows would hold it twice.
		j.flow.wants = make([]flowWant, 0, bill.Size/260+1)
		if err := j.read(ctx, bill, ours); err != nil {
			return nil, err
		}
	}
	if j.missing, err = missing(view, m.Name, on, ours); err != nil {
		return nil, err
	}
	return j, nil
}

func (j *joined) read(ctx context.Context, bill *wechatpay.BillFile, ours *ownBook) error {
	date := j.on.String()
	summary, err := bill.Rows(ctx, func(row *wechatpay.TradeRow) error {
		j.fee.take(row)
		j.flow.expect(row)
		if row.State == wechatpay.RowRefund {
			return j.refund.take(row, date)
		}
		j.theirs.add(models.Fen(row.TotalFen))
		v := ours.find(row.OutTradeNo)
		if v != nil && !v.seen && v.amount == models.Fen(row.TotalFen) && v.transaction == transactionHash(row.TransactionID) && row.State == wechatpay.RowSuccess &&
			strings.HasPrefix(row.Time, date) {
			v.seen = true
			return nil
		}
		if v != nil && v.seen {
			j.twice[row.OutTradeNo] = true
		}
		return keepRow(&j.rows, row)
	})
	if err != nil {
		return err
	}
	j.sha1 = bill.SHA1
	j.proof = billEvidence(models.EvidenceTradeBill, bill.Reply, bill.Date, bill.SHA1)
	j.settledFen, j.returnedFen, j.feeMilliFen = summary.SettledFen, summary.ReturnedFen, summary.FeeMilliFen
	return nil
}

func keepRow(list *[]wechatpay.TradeRow, row *wechatpay.TradeRow) error {
	if len(*list) >= maxDifferences {
		return errTooManyDifferences
	}
	*list = append(*list, *row)
	return nil
}

// missing gives our payments that the bill does not have. They are asked for once
// more: the table kept no numbers.
func missing(view *models.Tx, merchant string, on models.Date, ours *ownBook) ([]models.PaidOrder, error) {
	unseen := ours.unseen()
	if unseen == 0 {
		return nil, nil
	}
	if unseen > maxDifferences {
		return nil, errTooManyDifferences
	}
	var out []models.PaidOrder
	err := view.EachPaidOrder(merchant, on, func(p models.PaidOrder) error {
		if v := ours.find(p.OrderNo); v != nil && !v.seen {
			out = append(out, p)
		}
		return nil
	})
	return out, err
}

// treat decides about every difference: money we were not told of is booked,
// the rest is a finding for staff.
func (s *Service) treat(ctx context.Context, m *Merchant, on models.Date, j *joined) ([]models.Finding, error) {
	var found []models.Finding
	inBill := map[string]bool{} // orders of ours that the bill has, only otherwise
	for i := range j.rows {
		row := &j.rows[i]
		twice := j.twice[row.OutTradeNo] || inBill[row.OutTradeNo]
		inBill[row.OutTradeNo] = true
		f, err := s.treatRow(ctx, m, on, row, twice)
		if err != nil {
			return nil, err
		}
		if f != nil {
			found = append(found, *f)
		}
	}
	refunds, err := j.refund.findings(s.Refunds, s.db.View(ctx), m, on)
	if err != nil {
		return nil, err
	}
	found = append(append(found, refunds...), j.fee.findings(m, on)...)
	for _, p := range j.missing {
		if !inBill[p.OrderNo] { // else its row is a finding already
			found = append(found, models.Finding{Merchant: m.Name, BillOn: on, Kind: models.FindingOnlyOurs, OrderNo: p.OrderNo,
				TransactionID: p.TransactionID, OursFen: p.AmountFen, Resolution: models.ResolutionOpen,
				Evidence: Evidence{Ours: &Side{State: "paid", Number: p.TransactionID, Amount: p.AmountFen.String()}}.text()})
		}
	}
	return found, nil
}

// treatRow deals with a payment of the bill that was not simply ours. Money that
// is booked here and now gives no finding: [healed] finds it among the payments,
// also after a crash in the middle of a run.
func (s *Service) treatRow(ctx context.Context, m *Merchant, on models.Date, row *wechatpay.TradeRow, twice bool) (*models.Finding, error) {
	f := &models.Finding{Merchant: m.Name, BillOn: on, Kind: models.FindingState, OrderNo: token(row.OutTradeNo), TransactionID: token(row.TransactionID),
		TheirsFen: models.Fen(row.TotalFen), Resolution: models.ResolutionOpen}
	e := Evidence{Trade: tradeSide(row)}
	found, err := s.classify(ctx, m, on, row, twice, f, &e)
	if err != nil || !found {
		return nil, err
	}
	f.Evidence = e.text()
	return f, nil
}

// classify books what can be booked and says whether, and how, the row differs.
func (s *Service) classify(ctx context.Context, m *Merchant, on models.Date, row *wechatpay.TradeRow, twice bool, f *models.Finding, e *Evidence) (bool, error) {
	booked, err := s.db.View(ctx).PaymentOfOrder(row.OutTradeNo)
	if err == nil {
		f.OursFen, e.Ours = booked.AmountFen, paymentSide(&booked)
		if f.Kind = kindOfBooked(booked, m.Name, on, row); f.Kind == "" {
			f.Kind = models.FindingDuplicate
			return twice, nil // else the callback came while the bill was being read
		}
		return true, nil
	}
	if !errors.Is(err, models.ErrNotFound) {
		return false, err
	}
	if row.State != wechatpay.RowSuccess {
		return true, nil
	}
	paidAt, err := row.At()
	if err != nil {
		return false, err
	}
	_, err = s.settle(ctx, reconcileActor, proofOfRow(m, row, models.At(paidAt)))
	if err == nil { // booked under its own day, where no bill may ever have it
		if models.DateOf(paidAt) == on {
			return false, nil
		}
		if booked, err = s.db.View(ctx).PaymentOfOrder(row.OutTradeNo); err == nil {
			f.Kind, f.OursFen, e.Ours = models.FindingDay, booked.AmountFen, paymentSide(&booked)
		}
		return true, err
	}
	var mismatch *errMismatch
	if !errors.As(err, &mismatch) {
		return false, err
	}
	switch mismatch.reason {
	case models.EventUnknownOrder:
		f.Kind = models.FindingUnknown
	case models.EventMismatch:
		f.Kind = models.FindingAmount
	}
	if o, err := s.db.View(ctx).OrderByNo(row.OutTradeNo); err == nil {
		f.OursFen = o.AmountFen
		e.Ours = &Side{At: clockText(o.CreatedAt), State: o.Status, Number: o.TransactionID, Amount: o.AmountFen.String(), Note: mismatch.detail}
		if f.OursFen == f.TheirsFen {
			f.Kind = models.FindingState // app, merchant or payer differs
		}
	}
	return true, nil
}

// healed gives a finding for every payment of the day that only the bill told us
// of.
func healed(tx *models.Tx, merchant string, on models.Date) ([]models.Finding, error) {
	payments, err := tx.PaymentsLearnedBy(models.LearnedByReconcile, merchant, on)
	if err != nil {
		return nil, err
	}
	out := make([]models.Finding, 0, len(payments))
	for _, p := range payments {
		f := models.Finding{Merchant: merchant, BillOn: on, Kind: models.FindingOnlyTheirs, OrderNo: *p.OrderNo, TransactionID: *p.TransactionID,
			TheirsFen: p.AmountFen, Resolution: models.ResolutionSettled, ResolvedBy: reconcileActor.Name, Evidence: Evidence{Ours: paymentSide(&p)}.text()}
		if p.SurplusFen > 0 {
			f.Resolution = models.ResolutionSurplus
		}
		out = append(out, f)
	}
	return out, nil
}

// kindOfBooked says what is odd about a row whose order we have booked; empty if
// nothing is.
func kindOfBooked(p models.Payment, merchant string, on models.Date, row *wechatpay.TradeRow) string {
	switch {
	case p.AmountFen != models.Fen(row.TotalFen):
		return models.FindingAmount
	case p.TransactionID == nil || *p.TransactionID != row.TransactionID, p.Merchant != merchant, row.State != wechatpay.RowSuccess:
		return models.FindingState
	case p.PaidOn != on || !strings.HasPrefix(row.Time, on.String()):
		return models.FindingDay
	}
	return ""
}

func proofOfRow(m *Merchant, row *wechatpay.TradeRow, paidAt models.Time) proof {
	sub := row.SubMchID
	if sub == "0" { // how the bill of a direct merchant says "none"
		sub = ""
	}
	return proof{Merchant: m.Name, OrderNo: row.OutTradeNo, TransactionID: row.TransactionID, AppID: row.AppID, MchID: row.MchID, SubMchID: sub,
		OpenID: row.OpenID, Currency: row.Currency, TotalFen: models.Fen(row.TotalFen), PaidAt: paidAt, LearnedBy: models.LearnedByReconcile}
}
