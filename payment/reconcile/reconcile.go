package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/wechatpay"
)

// Sums is a number of transactions and their total.
type Sums struct {
	Count  int        `json:"count"`
	SumFen models.Fen `json:"sum_fen"`
}

func (s *Sums) add(amount models.Fen) {
	s.Count++
	s.SumFen = s.SumFen.Plus(amount)
}

// Refunds are the refunds of a day on both sides; Count and SumFen are WeChat's.
type Refunds struct {
	Sums
	Ours Sums `json:"ours"`
}

// FundFlow is what the fund-flow bill moved on the merchant's account; State is one
// of the Flow states of package models. NetFen is in less refunds less fees;
// withdrawals and the like are the other moves.
type FundFlow struct {
	State       string     `json:"state"`
	Paid        Sums       `json:"paid"`
	Refunded    Sums       `json:"refunded"`
	FeeFen      models.Fen `json:"fee_fen"`
	NetFen      models.Fen `json:"net_fen"`
	OtherInFen  models.Fen `json:"other_in_fen"`
	OtherOutFen models.Fen `json:"other_out_fen"`
}

// Report is a merchant's day against WeChat's bills, as it stands after the run.
// FeeFen and NetFen are rounded half up to the fen; FeeYuan is exact, and
// FeeExpectedYuan what the bill's own rates come to. SettledFen is the part of the
// gross sum that the merchant gets: WeChat's coupons are not in it.
type Report struct {
	Date        models.Date  `json:"date"`
	Merchant    string       `json:"merchant"`
	Ours        Sums         `json:"ours"`
	Theirs      Sums         `json:"theirs"`
	Refunds     Refunds      `json:"refunds"`
	FeeFen      models.Fen   `json:"fee_fen"`
	FeeYuan     string       `json:"fee_yuan"`
	NetFen      models.Fen   `json:"net_fen"`
	Differences []Difference `json:"differences"`

	SettledFen      models.Fen `json:"settled_fen"`
	FeeExpectedYuan string     `json:"fee_expected_yuan"`
	FundFlow        FundFlow   `json:"fund_flow"`
	SignedOff       bool       `json:"signed_off"`
}

// Difference is a finding as the report shows it.
type Difference struct {
	Kind          string     `json:"kind"`
	OrderNo       string     `json:"order_no"`
	TransactionID string     `json:"transaction_id"`
	OursFen       models.Fen `json:"ours_fen"`
	TheirsFen     models.Fen `json:"theirs_fen"`
	Resolution    string     `json:"resolution"`
}

// Refusals of [Run].
var (
	// ErrBillNotYet: WeChat makes a day's bill on the day after.
	ErrBillNotYet = models.Invalid("BILL_NOT_YET", "只能对昨天及以前的日期对账")
)

var reconcileActor = models.SystemActor("reconcile")

// Run holds a day against WeChat's trade bill and fund-flow bill, for every
// merchant: all sides' sums, and every difference as a stored finding. Money that WeChat took and we
// were never told of is booked. A second run changes nothing that was resolved.
//
// Today or later returns [ErrBillNotYet] without asking WeChat. A bill that is cut
// off, contradicts itself or its hash changes nothing and is an error.
func Run(ctx context.Context, s *payment.Service, on models.Date) ([]Report, error) {
	if on >= s.DB.Today() {
		return nil, ErrBillNotYet
	}
	var reports []Report
	var failed error
	for _, name := range s.MerchantNames() {
		r, err := runOne(ctx, s, s.Merchants[name], on)
		if err != nil { // one merchant's trouble does not keep the others waiting
			failed = errors.Join(failed, fmt.Errorf("reconcile %s of %s: %w", on, name, err))
			continue
		}
		reports = append(reports, *r)
	}
	return reports, failed
}

func runOne(ctx context.Context, s *payment.Service, m *payment.Merchant, on models.Date) (*Report, error) {
	r, err := runDay(ctx, s, m, on)
	if err != nil {
		s.NoteTrouble(ctx, m.Name, payment.TroubleBill, err)
		return nil, err
	}
	s.NoteBill(ctx, m.Name, on)
	return r, nil
}

func runDay(ctx context.Context, s *payment.Service, m *payment.Merchant, on models.Date) (*Report, error) {
	trade := fetch(ctx, func(ctx context.Context) (*wechatpay.BillFile, string, error) { return tradeBill(ctx, m, on) })
	defer trade.drop()
	flow := fetch(ctx, func(ctx context.Context) (*wechatpay.FlowFile, string, error) { return flowBill(ctx, m, on) })
	defer flow.drop()
	ours, err := ownDay(ctx, s, m, on)
	if err != nil {
		return nil, err
	}
	bill, _, err := trade.wait()
	if err != nil {
		return nil, err
	}
	j, err := join(ctx, s, m, on, ours, bill)
	if err != nil {
		return nil, err
	}
	found, err := j.flowFound(ctx, m, bill, flow)
	if err != nil {
		return nil, err
	}
	// Nothing was booked so far: all that WeChat sent has been read and proven now.
	rows, err := treat(ctx, s, m, on, j)
	if err != nil {
		return nil, err
	}
	return keepRun(ctx, s, m, on, j, append(rows, found...))
}

// flowFound reads the fund-flow bill against the trade bill.
func (j *joined) flowFound(ctx context.Context, m *payment.Merchant, bill *wechatpay.BillFile,
	flow *fetching[*wechatpay.FlowFile]) ([]proof.Finding, error) {
	file, state, err := flow.wait()
	if err != nil {
		return nil, err
	}
	j.flow.sums.state = state
	if file != nil {
		j.flowProof = payment.BillEvidence(proof.EvidenceFlowBill, file.Reply, file.Date, file.SHA1)
		if err := j.flow.read(ctx, file); err != nil {
			return nil, err
		}
	}
	return j.flow.findings(ctx, m, j.on, bill)
}

// keepRun stores the run with its findings and closes findings of earlier runs
// that are gone, in one transaction; what it gives back is what is stored. A day
// that was signed off is open again if the run found something new.
func keepRun(ctx context.Context, s *payment.Service, m *payment.Merchant, on models.Date, j *joined,
	found []proof.Finding) (*Report, error) {
	row := j.row(m, on)
	r := report(&row, j.feeMilliFen)
	err := s.DB.Write(ctx, func(tx *store.Tx) error {
		was, err := proof.LockReconciliation(tx, m.Name, on)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
		ours, err := money.SumPaidOrders(tx, m.Name, on)
		if err != nil {
			return err
		}
		r.Ours = Sums{ours.Count, ours.SumFen}
		row.OursCount, row.OursFen = ours.Count, ours.SumFen
		var booked []proof.Finding
		if ours.Healed > 0 {
			if booked, err = healed(tx, m.Name, on); err != nil {
				return err
			}
		}
		found := slices.Concat(found, booked)
		seen, news := map[string]bool{}, 0
		for i := range found {
			fresh, err := proof.KeepFinding(tx, &found[i])
			if err != nil {
				return err
			}
			if fresh {
				news++
			}
			seen[found[i].Key()] = true
		}
		if err := keepBills(tx, m, j); err != nil {
			return err
		}
		if r.Differences, err = closeGone(tx, m.Name, on, seen); err != nil {
			return err
		}
		if err := proof.KeepReconciliation(tx, &row); err != nil {
			return err
		}
		if r.SignedOff = was.Signed(); r.SignedOff && (news > 0 || !sameFigures(was, row)) {
			_, err = proof.ReopenDay(tx, reconcileActor, m.Name, on)
			r.SignedOff = false
		}
		return err
	})
	return r, err
}

// row is the run as it is kept, but for our sums.
func (j *joined) row(m *payment.Merchant, on models.Date) proof.Reconciliation {
	fee := decimal.New(j.feeMilliFen, -3)
	net := decimal.NewFromInt(j.settledFen - j.returnedFen).Sub(fee)
	f := &j.flow.sums
	return proof.Reconciliation{
		Merchant: m.Name, BillOn: on, TheirsCount: j.theirs.Count, TheirsFen: j.theirs.SumFen, OurRefunds: j.refund.ours.Count,
		OurRefundsFen: j.refund.ours.SumFen, TheirRefunds: j.refund.theirs.Count, TheirRefundsFen: j.refund.theirs.SumFen,
		FeeFen: fee.String(), NetFen: net.String(), BillSHA1: j.sha1, SettledFen: models.Fen(j.settledFen),
		ReturnedFen: models.Fen(j.returnedFen), FeeExpectedFen: decimal.New(j.fee.expectedMilli, -3).String(), FlowState: f.state,
		FlowPayments: f.payments, FlowPaidFen: f.paid, FlowRefunds: f.refunds, FlowReturnedFen: f.returned, FlowFeeFen: f.fee,
		FlowNetFen: f.net(), FlowOtherInFen: f.otherIn, FlowOtherOutFen: f.otherOut, FlowSHA1: f.sha1,
	}
}

// report is the run as it is told; the rest comes from the books.
func report(r *proof.Reconciliation, feeMilli int64) *Report {
	net := decimal.NewFromInt(int64(r.SettledFen - r.ReturnedFen)).Sub(decimal.New(feeMilli, -3))
	expected, _ := decimal.NewFromString(r.FeeExpectedFen) // written by [joined.row]
	return &Report{Date: r.BillOn, Merchant: r.Merchant, Theirs: Sums{r.TheirsCount, r.TheirsFen},
		Refunds: Refunds{Sums: Sums{r.TheirRefunds, r.TheirRefundsFen}, Ours: Sums{r.OurRefunds, r.OurRefundsFen}},
		FeeFen:  models.Fen(decimal.New(feeMilli, -3).Round(0).IntPart()), FeeYuan: milliYuan(feeMilli),
		NetFen:     models.Fen(net.Round(0).IntPart()),
		SettledFen: r.SettledFen, FeeExpectedYuan: expected.Shift(-2).StringFixed(5),
		FundFlow: FundFlow{
			State: r.FlowState, Paid: Sums{r.FlowPayments, r.FlowPaidFen}, Refunded: Sums{r.FlowRefunds, r.FlowReturnedFen},
			FeeFen: r.FlowFeeFen, NetFen: r.FlowNetFen, OtherInFen: r.FlowOtherInFen, OtherOutFen: r.FlowOtherOutFen,
		}}
}

// sameFigures reports whether two runs of a day came to the same.
func sameFigures(a, b proof.Reconciliation) bool {
	for _, r := range []*proof.Reconciliation{&a, &b} {
		r.Runs, r.RanAt, r.SignedID, r.SignedName, r.SignedAt, r.ReopenedName, r.ReopenedAt = 0, models.Time{}, "", "",
			models.Time{}, "", models.Time{}
	}
	return a == b
}

// closeGone ends the open findings that this run no longer saw, and lists all
// findings of the day.
func closeGone(tx *store.Tx, merchant string, on models.Date, seen map[string]bool) ([]Difference, error) {
	all, err := proof.Findings(tx, merchant, on)
	if err != nil {
		return nil, err
	}
	out := make([]Difference, 0, len(all))
	for i := range all {
		f := &all[i]
		if f.Resolution == proof.ResolutionOpen && !seen[f.Key()] {
			if _, err := proof.ResolveFinding(tx, reconcileActor, f.ID, proof.ResolutionGone); err != nil {
				return nil, err
			}
			f.Resolution = proof.ResolutionGone
		}
		out = append(out, Difference{
			Kind: f.Kind, OrderNo: f.OrderNo, TransactionID: f.TransactionID, OursFen: f.OursFen, TheirsFen: f.TheirsFen,
			Resolution: f.Resolution,
		})
	}
	return out, nil
}
