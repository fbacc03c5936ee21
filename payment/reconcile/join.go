package reconcile

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/wechatpay"
)

// maxDifferences bounds what a run keeps in memory, for each of the lists on its own:
// rows of payments, rows of refunds, our refunds, and our payments that the bill does
// not have. So many differences mean a wrong database or a wrong merchant, not lost
// callbacks.
const maxDifferences = 100_000

// errTooManyDifferences ends a run before anything is booked or stored.
var errTooManyDifferences = fmt.Errorf("payment: more than %d differences: is this the right merchant and the right database?",
	maxDifferences)

// joined is all sides of a day after they were compared. Most rows agree and leave
// nothing behind but their part of the sums.
type joined struct {
	on                                   models.Date
	theirs                               Sums
	settledFen, returnedFen, feeMilliFen int64
	sha1                                 string
	proof, flowProof                     *proof.Evidence      // the replies that announced the hashes of the bills
	rows                                 []wechatpay.TradeRow // rows of the bill that are not simply ours: paid there
	twice                                map[string]bool      // orders whose row is there again
	missing                              []money.PaidOrder    // ours that the bill does not have
	refund                               refundJoin
	fee                                  feeCheck
	foreign                              foreignSums // the part of theirs that another business took
	flow                                 *flowBook   // never nil, also without a bill
}

// ownDay returns our payments by WeChat that were paid on a day in Asia/Shanghai. It is
// the day of WeChat's success time, not of our booking: a payment of 23:59:59 that
// is booked after midnight belongs to the day before.
func ownDay(ctx context.Context, s *payment.Service, m *payment.Merchant, on models.Date) (*ownBook, error) {
	ours := &ownBook{}
	err := money.EachPaidOrder(s.DB.View(ctx), m.Name, on, func(p money.PaidOrder) error {
		ours.add(p)
		return nil
	})
	ours.build()
	return ours, err
}

// join compares the bill with our payments and refunds of the day. Nothing of a bill
// counts before all of it has been read and proven. Without a bill WeChat had no trade,
// and all that we have is missing there.
//
// Our books are read before the bill and without a lock, so callbacks go on booking
// meanwhile. [classify] looks again at every row that does not fit.
func join(ctx context.Context, s *payment.Service, m *payment.Merchant, on models.Date, ours *ownBook,
	bill *wechatpay.BillFile) (*joined, error) {
	var err error
	view := s.DB.View(ctx)
	j := &joined{on: on, twice: map[string]bool{}, flow: &flowBook{merchant: m}}
	if err := j.refund.load(view, m.Name, on); err != nil {
		return nil, err
	}
	if bill != nil {
		// About 260 bytes a row: growing a list of a million rows would hold it twice.
		j.flow.wants = make([]flowWant, 0, bill.Size/260+1)
		if err := j.read(ctx, m, view, bill, ours); err != nil {
			return nil, err
		}
	}
	if j.missing, err = missing(view, m.Name, on, ours); err != nil {
		return nil, err
	}
	return j, nil
}

// read compares each row of the trade bill with our side. A row agrees if order,
// transaction, amount, state and day are all the same; every other row is kept. A
// second row of an order that agreed is kept as well, and the order noted in twice. A
// trade of another business is in the sums and in none of the differences.
func (j *joined) read(ctx context.Context, m *payment.Merchant, view *store.Tx, bill *wechatpay.BillFile, ours *ownBook) error {
	date := j.on.String()
	summary, err := bill.Rows(ctx, func(row *wechatpay.TradeRow) error {
		foreign, err := m.IsForeign(view, row.OutTradeNo, row.AppID)
		if err != nil {
			return err
		}
		j.fee.take(row, foreign)
		j.flow.expect(row, foreign)
		if foreign {
			j.takeForeign(row)
			return nil
		}
		if row.State == wechatpay.RowRefund {
			return j.refund.take(row, date)
		}
		j.theirs.add(models.Fen(row.TotalFen))
		v := ours.find(row.OutTradeNo)
		if v != nil && !v.seen && v.amount == models.Fen(row.TotalFen) && v.transaction == transactionHash(row.TransactionID) &&
			row.State == wechatpay.RowSuccess &&
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
	j.proof = payment.BillEvidence(proof.EvidenceTradeBill, bill.Reply, bill.Date, bill.SHA1)
	j.settledFen, j.returnedFen, j.feeMilliFen = summary.SettledFen, summary.ReturnedFen, summary.FeeMilliFen
	return nil
}

// keepRow adds a copy of a row to a list, because the row is reused. It returns
// errTooManyDifferences if the list is full.
func keepRow(list *[]wechatpay.TradeRow, row *wechatpay.TradeRow) error {
	if len(*list) >= maxDifferences {
		return errTooManyDifferences
	}
	*list = append(*list, *row)
	return nil
}

// missing returns our payments that the bill does not have. They are read once more from
// the database, because the table kept no numbers. A payment that was booked since the
// first reading is not in the table, and so it is not missing.
func missing(view *store.Tx, merchant string, on models.Date, ours *ownBook) ([]money.PaidOrder, error) {
	unseen := ours.unseen()
	if unseen == 0 {
		return nil, nil
	}
	if unseen > maxDifferences {
		return nil, errTooManyDifferences
	}
	var out []money.PaidOrder
	err := money.EachPaidOrder(view, merchant, on, func(p money.PaidOrder) error {
		if v := ours.find(p.OrderNo); v != nil && !v.seen {
			out = append(out, p)
		}
		return nil
	})
	return out, err
}

// treat decides about every difference: money that we had not learned of is booked, and
// the rest becomes a finding for staff. Each payment is booked in a transaction of its
// own. If the run ends in the middle, what was booked stays booked, and the next run
// has its findings.
func treat(ctx context.Context, s *payment.Service, m *payment.Merchant, on models.Date, j *joined) ([]proof.Finding, error) {
	var found []proof.Finding
	inBill := map[string]bool{} // orders of ours that the bill has, only otherwise
	for i := range j.rows {
		row := &j.rows[i]
		twice := j.twice[row.OutTradeNo] || inBill[row.OutTradeNo]
		inBill[row.OutTradeNo] = true
		f, err := treatRow(ctx, s, m, on, row, twice)
		if err != nil {
			return nil, err
		}
		if f != nil {
			found = append(found, *f)
		}
	}
	refunds, err := j.refund.findings(s.DB.View(ctx), m, on)
	if err != nil {
		return nil, err
	}
	found = append(append(found, refunds...), j.fee.findings(m, on)...)
	for _, p := range j.missing {
		if !inBill[p.OrderNo] { // else its row is a finding already
			found = append(found, proof.Finding{Merchant: m.Name, BillOn: on, Kind: proof.FindingOnlyOurs, OrderNo: p.OrderNo,
				TransactionID: p.TransactionID, OursFen: p.AmountFen, Resolution: proof.ResolutionOpen,
				Evidence: FindingSides{Ours: &FindingSide{State: "paid", Number: p.TransactionID, Amount: p.AmountFen.String()}}.text()})
		}
	}
	return found, nil
}

// treatRow deals with a payment of the bill that did not agree with ours. It returns nil
// for money of the bill's own day that is booked here and now: [healed] finds it among
// the payments, also after a crash in the middle of a run. It also returns nil for a
// payment that a callback has booked meanwhile.
func treatRow(ctx context.Context, s *payment.Service, m *payment.Merchant, on models.Date, row *wechatpay.TradeRow,
	twice bool) (*proof.Finding, error) {
	f := &proof.Finding{
		Merchant: m.Name, BillOn: on, Kind: proof.FindingState, OrderNo: payment.CleanToken(row.OutTradeNo),
		TransactionID: payment.CleanToken(row.TransactionID), TheirsFen: models.Fen(row.TotalFen), Resolution: proof.ResolutionOpen,
	}
	e := FindingSides{Trade: tradeSide(row)}
	found, err := classify(ctx, s, m, on, row, twice, f, &e)
	if err != nil || !found {
		return nil, err
	}
	f.Evidence = e.text()
	return f, nil
}

// classify books what can be booked and reports whether the row differs. How it differs
// is in the kind of f, which begins as [proof.FindingState], and our side is in e.
//
// A payment that is booked already is never changed, whatever the bill has. Of the
// others only a successful one is booked, through [payment.Service.Settle], which
// refuses money that does not fit its order. Any other error ends the run.
func classify(ctx context.Context, s *payment.Service, m *payment.Merchant, on models.Date, row *wechatpay.TradeRow, twice bool,
	f *proof.Finding, e *FindingSides) (bool, error) {
	booked, err := money.PaymentOfOrder(s.DB.View(ctx), row.OutTradeNo)
	if err == nil {
		f.OursFen, e.Ours = booked.AmountFen, paymentSide(&booked)
		if f.Kind = kindOfBooked(booked, m.Name, on, row); f.Kind == "" {
			f.Kind = proof.FindingDuplicate
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
	_, err = s.Settle(ctx, reconcileActor, proofOfRow(m, row, models.At(paidAt)))
	if err == nil { // booked under its own day, where no bill may ever have it
		if models.DateOf(paidAt) == on {
			return false, nil
		}
		if booked, err = money.PaymentOfOrder(s.DB.View(ctx), row.OutTradeNo); err == nil {
			f.Kind, f.OursFen, e.Ours = proof.FindingDay, booked.AmountFen, paymentSide(&booked)
		}
		return true, err
	}
	var mismatch *payment.ErrMismatch
	if !errors.As(err, &mismatch) {
		return false, err
	}
	switch mismatch.Reason {
	case proof.EventUnknownOrder:
		f.Kind = proof.FindingUnknown
	case proof.EventMismatch:
		f.Kind = proof.FindingAmount
	}
	if o, err := money.OrderByNo(s.DB.View(ctx), row.OutTradeNo); err == nil {
		f.OursFen = o.AmountFen
		e.Ours = &FindingSide{
			At: clockText(o.CreatedAt), State: o.Status, Number: o.TransactionID, Amount: o.AmountFen.String(), Note: mismatch.Detail,
		}
		if f.OursFen == f.TheirsFen {
			f.Kind = proof.FindingState // app, merchant or payer differs
		}
	}
	return true, nil
}

// healed returns a finding for every payment of the day that we learned of only from the
// bill. They are resolved from the start: as surplus if some of the money found no bill
// to settle and went to the prepayment, else as settled. They are read from the
// payments and not remembered, so a run after a crash has them all.
func healed(tx *store.Tx, merchant string, on models.Date) ([]proof.Finding, error) {
	payments, err := money.PaymentsLearnedBy(tx, money.LearnedByReconcile, merchant, on)
	if err != nil {
		return nil, err
	}
	out := make([]proof.Finding, 0, len(payments))
	for _, p := range payments {
		f := proof.Finding{
			Merchant: merchant, BillOn: on, Kind: proof.FindingOnlyTheirs, OrderNo: *p.OrderNo, TransactionID: *p.TransactionID,
			TheirsFen: p.AmountFen, Resolution: proof.ResolutionSettled, ResolvedBy: reconcileActor.Name,
			Evidence: FindingSides{Ours: paymentSide(&p)}.text(),
		}
		if p.SurplusFen > 0 {
			f.Resolution = proof.ResolutionSurplus
		}
		out = append(out, f)
	}
	return out, nil
}

// kindOfBooked returns what differs between a row and the payment of its order: the
// amount before the state, and the state before the day; empty if nothing differs. For
// example, a row of another amount is [proof.FindingAmount], also if its day differs.
func kindOfBooked(p money.Payment, merchant string, on models.Date, row *wechatpay.TradeRow) string {
	switch {
	case p.AmountFen != models.Fen(row.TotalFen):
		return proof.FindingAmount
	case p.TransactionID == nil || *p.TransactionID != row.TransactionID, p.Merchant != merchant, row.State != wechatpay.RowSuccess:
		return proof.FindingState
	case p.PaidOn != on || !strings.HasPrefix(row.Time, on.String()):
		return proof.FindingDay
	}
	return ""
}

// proofOfRow returns what a row of the bill proves about a payment. The bill as a whole
// is its evidence, see [keepBills].
func proofOfRow(m *payment.Merchant, row *wechatpay.TradeRow, paidAt models.Time) payment.PaymentProof {
	sub := row.SubMchID
	if sub == "0" { // what the bill of a direct merchant has for "none"
		sub = ""
	}
	return payment.PaymentProof{
		Merchant: m.Name, OrderNo: row.OutTradeNo, TransactionID: row.TransactionID, AppID: row.AppID, MchID: row.MchID, SubMchID: sub,
		OpenID: row.OpenID, Currency: row.Currency, TotalFen: models.Fen(row.TotalFen), PaidAt: paidAt, LearnedBy: money.LearnedByReconcile,
	}
}
