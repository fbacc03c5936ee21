package payment

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"wuyepay/models"
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

// Report is a merchant's day against WeChat's bill, as it stands after the run.
// FeeFen and NetFen are rounded half up to the fen; FeeYuan is exact.
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

// Refusals of [Service.Reconcile].
var (
	// ErrBillNotYet: WeChat makes a day's bill on the day after.
	ErrBillNotYet = models.Invalid("BILL_NOT_YET", "只能对昨天及以前的日期对账")
	// ErrBillCreating: the bill is being made; try again in half an hour.
	ErrBillCreating = models.Refusal(models.KindUnavailable, "STATEMENT_CREATING", "微信账单正在生成，请半小时后再试")
)

var reconcileActor = models.SystemActor("reconcile")

// Reconcile holds a day against WeChat's bill, for every merchant: both sides'
// sums, and every difference as a stored finding. Money that WeChat took and we
// were never told of is booked. A second run changes nothing that was resolved.
//
// Today or later gives [ErrBillNotYet] without asking WeChat. A bill that is cut
// off, contradicts itself or its hash changes nothing and is an error.
func (s *Service) Reconcile(ctx context.Context, on models.Date) ([]Report, error) {
	if on >= s.db.Today() {
		return nil, ErrBillNotYet
	}
	var reports []Report
	var failed error
	for _, name := range s.MerchantNames() {
		r, err := s.reconcileOne(ctx, s.merchants[name], on)
		if err != nil { // one merchant's trouble does not keep the others waiting
			failed = errors.Join(failed, fmt.Errorf("reconcile %s of %s: %w", on, name, err))
			continue
		}
		reports = append(reports, *r)
	}
	return reports, failed
}

// MerchantNames lists the merchants, in order.
func (s *Service) MerchantNames() []string {
	names := make([]string, 0, len(s.merchants))
	for name := range s.merchants {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (s *Service) reconcileOne(ctx context.Context, m *Merchant, on models.Date) (*Report, error) {
	bill, err := m.Client.TradeBill(ctx, on.String())
	switch {
	case errors.Is(err, wechatpay.ErrNoStatement):
		bill = nil // a day without trade: an empty bill
	case errors.Is(err, wechatpay.ErrStatementCreating):
		return nil, ErrBillCreating
	case err != nil:
		return nil, err
	default:
		defer bill.Close()
	}
	j, err := s.join(ctx, m, on, bill)
	if err != nil {
		return nil, err
	}
	found, err := s.treat(ctx, m, on, j)
	if err != nil {
		return nil, err
	}
	return s.keepRun(ctx, m, on, j, found)
}

// keepRun stores the run with its findings and closes findings of earlier runs
// that are gone, in one transaction; what it gives back is what is stored.
func (s *Service) keepRun(ctx context.Context, m *Merchant, on models.Date, j *joined, found []models.Finding) (*Report, error) {
	r := &Report{Date: on, Merchant: m.Name, Theirs: j.theirs, Refunds: Refunds{Sums: j.refunds}}
	fee := decimal.New(j.feeMilliFen, -3)
	net := decimal.NewFromInt(j.settledFen - j.returnedFen).Sub(fee)
	r.FeeYuan = fee.Shift(-2).StringFixed(5)
	r.FeeFen, r.NetFen = models.Fen(fee.Round(0).IntPart()), models.Fen(net.Round(0).IntPart())
	err := s.db.Write(ctx, func(tx *models.Tx) error {
		ours, err := tx.PaidOrderSums(m.Name, on)
		if err != nil {
			return err
		}
		r.Ours = Sums{ours.Count, ours.SumFen}
		var booked []models.Finding
		if ours.Healed > 0 {
			if booked, err = healed(tx, m.Name, on); err != nil {
				return err
			}
		}
		found := slices.Concat(found, booked)
		seen := map[string]bool{}
		for i := range found {
			if err := tx.KeepFinding(&found[i]); err != nil {
				return err
			}
			seen[found[i].Key()] = true
		}
		if j.proof != nil {
			j.proof.Merchant = m.Name
			if err := tx.KeepEvidence(j.proof); err != nil {
				return err
			}
		}
		if r.Differences, err = closeGone(tx, m.Name, on, seen); err != nil {
			return err
		}
		return tx.KeepReconciliation(&models.Reconciliation{Merchant: m.Name, BillOn: on, OursCount: ours.Count, OursFen: ours.SumFen, TheirsCount: j.theirs.Count,
			TheirsFen: j.theirs.SumFen, TheirRefunds: j.refunds.Count, TheirRefundsFen: j.refunds.SumFen, FeeFen: fee.String(), NetFen: net.String(), BillSHA1: j.sha1})
	})
	return r, err
}

// closeGone ends the open findings that this run no longer saw, and lists all
// findings of the day.
func closeGone(tx *models.Tx, merchant string, on models.Date, seen map[string]bool) ([]Difference, error) {
	all, err := tx.Findings(merchant, on)
	if err != nil {
		return nil, err
	}
	out := make([]Difference, 0, len(all))
	for i := range all {
		f := &all[i]
		if f.Resolution == models.ResolutionOpen && !seen[f.Key()] {
			if _, err := tx.ResolveFinding(reconcileActor, f.ID, models.ResolutionGone); err != nil {
				return nil, err
			}
			f.Resolution = models.ResolutionGone
		}
		out = append(out, Difference{f.Kind, f.OrderNo, f.TransactionID, f.OursFen, f.TheirsFen, f.Resolution})
	}
	return out, nil
}
