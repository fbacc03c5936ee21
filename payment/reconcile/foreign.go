package reconcile

import (
	"github.com/shopspring/decimal"

	"wuyepay/models"
	"wuyepay/models/proof"
	"wuyepay/payment"
	"wuyepay/payment/wechatpay"
)

// Foreign is what another business took by the same merchant number. It is a part of
// Theirs, Refunds, the fees and FundFlow of the [Report], and without a finding of its
// own: ours and foreign together are theirs. FeeYuan is exact, with five decimals; NetFen
// is what that business settled less what its refunds returned less its exact fee.
type Foreign struct {
	Sums
	Refunds  Sums            `json:"refunds"`
	FeeFen   models.Fen      `json:"fee_fen"`
	FeeYuan  string          `json:"fee_yuan"`
	NetFen   models.Fen      `json:"net_fen"`
	FundFlow ForeignFundFlow `json:"fund_flow"`
}

// ForeignFundFlow is the foreign part of the fund-flow bill, 0 without that bill.
type ForeignFundFlow struct {
	Paid     Sums       `json:"paid"`
	Refunded Sums       `json:"refunded"`
	FeeFen   models.Fen `json:"fee_fen"`
	NetFen   models.Fen `json:"net_fen"`
}

// foreignSums are the foreign rows of a trade bill. The fee is 1/1000 fen.
type foreignSums struct {
	paid, refunds                        Sums
	settledFen, returnedFen, feeMilliFen int64
}

// takeForeign adds a row of another business to the sums.
func (j *joined) takeForeign(row *wechatpay.TradeRow) {
	f := &j.foreign
	f.settledFen += row.SettledFen
	f.returnedFen += row.ReturnedFen
	if row.State == wechatpay.RowRefund {
		j.refund.theirs.add(models.Fen(row.RefundFen))
		f.refunds.add(models.Fen(row.RefundFen))
		f.feeMilliFen += feeOf(row)
		return
	}
	j.theirs.add(models.Fen(row.TotalFen))
	f.paid.add(models.Fen(row.TotalFen))
	f.feeMilliFen += row.FeeMilliFen
}

// foreignDay returns what was foreign on the day as it is stored; nil for a merchant
// without a rule, or if nothing was.
func (j *joined) foreignDay(m *payment.Merchant, on models.Date) *proof.ForeignDay {
	f, w := &j.foreign, &j.flow.foreign
	if !m.Foreign.Set() || f.paid.Count+f.refunds.Count == 0 && *w == (flowSums{}) {
		return nil
	}
	return &proof.ForeignDay{
		Merchant: m.Name, BillOn: on, Payments: f.paid.Count, PaidFen: f.paid.SumFen, Refunds: f.refunds.Count,
		RefundsFen: f.refunds.SumFen, SettledFen: models.Fen(f.settledFen), ReturnedFen: models.Fen(f.returnedFen),
		FeeFen: decimal.New(f.feeMilliFen, -3).String(), FlowPayments: w.payments, FlowPaidFen: w.paid, FlowRefunds: w.refunds,
		FlowReturnedFen: w.returned, FlowFeeFen: w.fee,
	}
}

// foreignReport returns the foreign part of a report; nil for a merchant without a rule.
func (j *joined) foreignReport(m *payment.Merchant) *Foreign {
	if !m.Foreign.Set() {
		return nil
	}
	f, w := &j.foreign, &j.flow.foreign
	fee := decimal.New(f.feeMilliFen, -3)
	return &Foreign{
		Sums: f.paid, Refunds: f.refunds, FeeFen: models.Fen(fee.Round(0).IntPart()), FeeYuan: milliYuan(f.feeMilliFen),
		NetFen: models.Fen(decimal.NewFromInt(f.settledFen - f.returnedFen).Sub(fee).Round(0).IntPart()),
		FundFlow: ForeignFundFlow{
			Paid: Sums{w.payments, w.paid}, Refunded: Sums{w.refunds, w.returned}, FeeFen: w.fee, NetFen: w.net(),
		},
	}
}
