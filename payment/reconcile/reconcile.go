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

// add counts a transaction. It panics if the sum overflows, as [models.Fen.Plus] does.
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
// of the Flow states of package proof. NetFen is payments less refunds less fees;
// withdrawals and the like are the other moves. All are 0 if there was no bill.
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
// FeeFen and NetFen are rounded to the fen, half away from zero; FeeYuan is exact, and
// FeeExpectedYuan is what the bill's own rates come to. Both have five decimals.
// SettledFen is the part of the gross sum that the merchant gets: WeChat's coupons are
// not in it. NetFen is SettledFen less what refunds return less the exact fee.
//
// Ours is counted after the run has booked what was missing. Differences are all
// findings of the day, also those that were resolved or are gone.
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
	// Foreign is the part that another business took; nil for a merchant without a rule.
	Foreign *Foreign `json:"foreign,omitempty"`
}

// Difference is a finding as the report shows it. Kind and Resolution are constants of
// package proof.
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
	// ErrBillNotYet refuses today and later: WeChat makes a bill on the day after.
	ErrBillNotYet = models.Invalid("BILL_NOT_YET", "只能对昨天及以前的日期对账")
)

// reconcileActor is who books, resolves and reopens in the audit log when a run does.
var reconcileActor = models.SystemActor("reconcile")

// Run compares a day with WeChat's trade bill and fund-flow bill, for every merchant. It
// stores the sums of all sides, and every difference as a finding. Money that WeChat
// took and that we had not learned of is booked. A second run changes nothing that was
// resolved, and runs at the same time, also of other processes, come to the same.
//
// For today or later it returns [ErrBillNotYet] without asking WeChat. A bill that is
// cut off, or contradicts itself or its hash, changes nothing and is an error. The error
// joins those of all merchants; the reports are those of the merchants without one.
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

// runOne reconciles a merchant's day and notes for staff that its bills were downloaded,
// or what went wrong.
func runOne(ctx context.Context, s *payment.Service, m *payment.Merchant, on models.Date) (*Report, error) {
	r, err := runDay(ctx, s, m, on)
	if err != nil {
		s.NoteTrouble(ctx, m.Name, payment.TroubleBill, err)
		return nil, err
	}
	s.NoteBill(ctx, m.Name, on)
	return r, nil
}

// runDay reconciles a merchant's day, in an order that changes nothing before both bills
// are proven: read, compare, then book, then store. Both downloads start first and run
// while our own books are read.
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

// flowFound waits for the fund-flow bill and returns how it differs from the trade bill.
// bill is nil for a day without trade.
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
// that are gone, in one transaction; the report it returns is what is stored. A day
// that was signed off is open again if the run has a new finding or other figures.
//
// The day's row is locked first, as [SignOff] locks it. So a signature either precedes
// the run, which may undo it, or sees the run's findings.
func keepRun(ctx context.Context, s *payment.Service, m *payment.Merchant, on models.Date, j *joined,
	found []proof.Finding) (*Report, error) {
	row := j.row(m, on)
	r := report(&row, j.feeMilliFen)
	r.Foreign = j.foreignReport(m)
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
		moved, err := proof.KeepForeignDay(tx, m.Name, on, j.foreignDay(m, on))
		if err != nil {
			return err
		}
		if r.SignedOff = was.Signed(); r.SignedOff && (news > 0 || moved || !sameFigures(was, row)) {
			_, err = proof.ReopenDay(tx, reconcileActor, m.Name, on)
			r.SignedOff = false
		}
		return err
	})
	return r, err
}

// row returns the run as it is stored, without our sums: those are read in the
// transaction that stores it. Fees and net are fen with three decimals at most.
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

// report returns the run as callers see it. [keepRun] adds our sums, the differences and
// the signature.
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

// sameFigures reports whether two runs of a day have the same figures, the hashes of the
// bills included. When they ran and the signature are left out.
func sameFigures(a, b proof.Reconciliation) bool {
	for _, r := range []*proof.Reconciliation{&a, &b} {
		r.Runs, r.RanAt, r.SignedID, r.SignedName, r.SignedAt, r.ReopenedName, r.ReopenedAt = 0, models.Time{}, "", "",
			models.Time{}, "", models.Time{}
	}
	return a == b
}

// closeGone marks the open findings that this run no longer saw as gone, and returns all
// findings of the day. One that waits for a second person's approval is open, and can
// be gone too.
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
