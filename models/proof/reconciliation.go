package proof

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// States of a day's fund-flow bill. Only FlowCompared proves the money itself; with each
// of the others the day rests on the trade bill alone.
const (
	FlowCompared = "bill"    // held against the trade bill, row by row
	FlowNone     = "none"    // WeChat has none: nothing moved
	FlowPartner  = "partner" // a sub-merchant's money does not pass through the provider's account
	FlowRefused  = "refused" // WeChat does not let this merchant have it
)

// Reconciliation is a merchant's day against WeChat's bills: the trade bill 交易账单
// and the fund-flow bill 资金账单 of BillOn, a date in Asia/Shanghai. There is one row
// for a merchant and a day; each further run writes over its figures.
//
// FeeFen, NetFen and FeeExpectedFen are decimal strings of fen, for example "66.012":
// WeChat counts its fee in parts of a fen. SettledFen is what the merchant gets of
// TheirsFen, ReturnedFen what it pays back of TheirRefundsFen: they differ by WeChat's
// coupons. The Flow fields are what the fund-flow bill moved; other moves are withdrawals
// and the like.
type Reconciliation struct {
	Merchant        string
	BillOn          models.Date
	OursCount       int
	OursFen         models.Fen
	TheirsCount     int
	TheirsFen       models.Fen
	OurRefunds      int
	OurRefundsFen   models.Fen
	TheirRefunds    int
	TheirRefundsFen models.Fen
	FeeFen          string
	NetFen          string
	BillSHA1        string `gorm:"column:bill_sha1"`
	Runs            int
	RanAt           models.Time
	SettledFen      models.Fen
	ReturnedFen     models.Fen
	FeeExpectedFen  string // what the bill's own rates come to
	FlowState       string // empty: run by a version that did not compare the fund-flow bill
	FlowPayments    int
	FlowPaidFen     models.Fen
	FlowRefunds     int
	FlowReturnedFen models.Fen
	FlowFeeFen      models.Fen
	FlowNetFen      models.Fen
	FlowOtherInFen  models.Fen
	FlowOtherOutFen models.Fen
	FlowSHA1        string `gorm:"column:flow_sha1"`
	SignedID        string // of staff; empty: the day is not signed, or was reopened
	SignedName      string
	SignedAt        models.Time
	ReopenedName    string // whose signature a later run has undone
	ReopenedAt      models.Time
}

// Signed reports whether the day is signed off.
func (r *Reconciliation) Signed() bool { return !r.SignedAt.IsZero() }

// Kinds of [Finding]: payments first, then refunds, then fee, day and fund-flow bill.
// "There" is WeChat, "here" are these books.
const (
	// FindingOnlyTheirs is a payment whose callback was lost. The run has booked it.
	FindingOnlyTheirs = "paid_there_not_here"
	// FindingOnlyOurs is a payment in these books that the day's bill does not have.
	FindingOnlyOurs = "paid_here_not_there"
	// FindingAmount is an order whose row in the bill has another amount.
	FindingAmount = "amount"
	// FindingUnknown is money for an order number that these books do not have.
	FindingUnknown = "unknown_order"
	FindingRefund  = "refund" // refunded there, not here
	// FindingDuplicate is a further row of the bill for an order that is paid.
	FindingDuplicate = "duplicate"
	// FindingState is a row that differs in transaction, merchant, app, payer or state.
	FindingState = "state"

	FindingRefundOurs   = "refund_here_not_there"
	FindingRefundAmount = "refund_amount"
	FindingRefundState  = "refund_state"
	FindingFee          = "fee"          // not the rate of the amount
	FindingDay          = "other_day"    // in the bill of a day that is not its own
	FindingFlowMissing  = "flow_missing" // in the trade bill, not in the fund-flow bill
	FindingFlowExtra    = "flow_extra"   // the other way round
	FindingFlowAmount   = "flow_amount"
)

// Resolutions of a [Finding]. The last three are set by staff only. Each end but
// ResolutionGone is final: a later run leaves the finding as it is.
const (
	ResolutionOpen    = "open"
	ResolutionSettled = "settled" // the lost callback was booked
	ResolutionSurplus = "surplus" // booked, and no bill could take it: prepayment
	ResolutionGone    = "gone"    // a later run no longer saw the difference

	ResolutionRoom     = "surplus_room" // staff: booked as surplus into a room's prepayment
	ResolutionSuspense = "suspense"     // staff: booked as money whose owner is not known yet
	ResolutionAccepted = "accepted"     // staff: looked into, left as it is, for a reason
)

var (
	reconciliationTable   = store.NewTable[Reconciliation]("reconciliations")
	rewriteReconciliation = reconciliationTable.Update(`ours_count, ours_fen, theirs_count, theirs_fen, our_refunds, our_refunds_fen,
		their_refunds, their_refunds_fen, fee_fen, net_fen, bill_sha1, settled_fen, returned_fen, fee_expected_fen,
		flow_state, flow_payments, flow_paid_fen, flow_refunds, flow_returned_fen, flow_fee_fen, flow_net_fen,
		flow_other_in_fen, flow_other_out_fen, flow_sha1, ran_at`, "merchant = ? AND bill_on = ?").Also("runs = runs + 1")
)

// KeepReconciliation writes the figures of a run over those of the previous run, and
// counts it in Runs. The signature under the day stays: see [ReopenDay]. The second update
// is for two first runs of a day at the same time, of which one finds no row and cannot
// insert its own either.
func KeepReconciliation(tx *store.Tx, r *Reconciliation) error {
	r.Runs, r.RanAt = 1, tx.Now
	known, err := rewriteReconciliation.Guarded(tx, r, r.Merchant, r.BillOn)
	if known || err != nil {
		return err
	}
	err = store.G[Reconciliation](tx).Create(tx.Context(), r)
	if err != nil && tx.IsDuplicate(err) { // another run was quicker by a moment
		_, err = rewriteReconciliation.Guarded(tx, r, r.Merchant, r.BillOn)
	}
	return err
}

// Reconciliations returns the runs of the days between two dates, both included, of all
// merchants, by day and merchant. Days that were not run are missing.
func Reconciliations(tx *store.Tx, from, to models.Date) ([]Reconciliation, error) {
	return store.G[Reconciliation](tx).Where("bill_on BETWEEN ? AND ?", from, to).Order("bill_on, merchant").Find(tx.Context())
}
