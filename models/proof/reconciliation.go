package proof

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// What became of a day's fund-flow bill.
const (
	FlowCompared = "bill"    // held against the trade bill, row by row
	FlowNone     = "none"    // WeChat has none: nothing moved
	FlowPartner  = "partner" // a sub-merchant's money does not pass through the provider's account
	FlowRefused  = "refused" // WeChat does not let this merchant have it
)

// Reconciliation is a merchant's day against WeChat's bills. FeeFen, NetFen and
// FeeExpectedFen are decimal strings: WeChat counts its fee in parts of a fen.
// SettledFen is what the merchant gets of TheirsFen, ReturnedFen what it gives back
// of TheirRefundsFen: they differ by WeChat's coupons. The Flow fields are what the
// fund-flow bill moved; other moves are withdrawals and the like.
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
	FlowState       string // empty: a run of before the fund-flow bill was looked at
	FlowPayments    int
	FlowPaidFen     models.Fen
	FlowRefunds     int
	FlowReturnedFen models.Fen
	FlowFeeFen      models.Fen
	FlowNetFen      models.Fen
	FlowOtherInFen  models.Fen
	FlowOtherOutFen models.Fen
	FlowSHA1        string `gorm:"column:flow_sha1"`
	SignedID        string // who signed the day off; empty: nobody, or it was reopened
	SignedName      string
	SignedAt        models.Time
	ReopenedName    string // whose signature a later run undid
	ReopenedAt      models.Time
}

// Signed tells whether the day is signed off.
func (r *Reconciliation) Signed() bool { return !r.SignedAt.IsZero() }

// Kinds of [Finding].
const (
	FindingOnlyTheirs = "paid_there_not_here"
	FindingOnlyOurs   = "paid_here_not_there"
	FindingAmount     = "amount"
	FindingUnknown    = "unknown_order"
	FindingRefund     = "refund" // given back there, not here
	FindingDuplicate  = "duplicate"
	FindingState      = "state"

	FindingRefundOurs   = "refund_here_not_there"
	FindingRefundAmount = "refund_amount"
	FindingRefundState  = "refund_state"
	FindingFee          = "fee"          // not the rate of the amount
	FindingDay          = "other_day"    // in the bill of a day that is not its own
	FindingFlowMissing  = "flow_missing" // in the trade bill, not in the fund-flow bill
	FindingFlowExtra    = "flow_extra"   // the other way round
	FindingFlowAmount   = "flow_amount"
)

// Resolutions of a finding.
const (
	ResolutionOpen    = "open"
	ResolutionSettled = "settled" // the lost callback was booked
	ResolutionSurplus = "surplus" // booked, and no bill could take it: prepayment
	ResolutionGone    = "gone"    // a later run no longer saw the difference

	ResolutionRoom     = "surplus_room" // staff: booked as surplus into a room's prepayment
	ResolutionSuspense = "suspense"     // staff: booked as money whose owner is not known yet
	ResolutionAccepted = "accepted"     // staff: looked into, left as it is, for a reason
)

// KeepReconciliation writes the sums of a run over those of the run before. Who
// signed the day off stays.
func KeepReconciliation(tx *store.Tx, r *Reconciliation) error {
	r.Runs, r.RanAt = 1, tx.Now
	known, err := rewriteReconciliation(tx, r)
	if known || err != nil {
		return err
	}
	err = tx.Create(r)
	if err != nil && tx.IsDuplicate(err) { // another run was quicker by a moment
		_, err = rewriteReconciliation(tx, r)
	}
	return err
}

func rewriteReconciliation(tx *store.Tx, r *Reconciliation) (bool, error) {
	return tx.ExecGuarded(`UPDATE reconciliations SET ours_count = ?, ours_fen = ?, theirs_count = ?, theirs_fen = ?, our_refunds = ?, our_refunds_fen = ?,
		their_refunds = ?, their_refunds_fen = ?, fee_fen = ?, net_fen = ?, bill_sha1 = ?, settled_fen = ?, returned_fen = ?, fee_expected_fen = ?,
		flow_state = ?, flow_payments = ?, flow_paid_fen = ?, flow_refunds = ?, flow_returned_fen = ?, flow_fee_fen = ?, flow_net_fen = ?,
		flow_other_in_fen = ?, flow_other_out_fen = ?, flow_sha1 = ?, runs = runs + 1, ran_at = ? WHERE merchant = ? AND bill_on = ?`,
		r.OursCount, r.OursFen, r.TheirsCount, r.TheirsFen, r.OurRefunds, r.OurRefundsFen, r.TheirRefunds, r.TheirRefundsFen, r.FeeFen, r.NetFen,
		r.BillSHA1, r.SettledFen, r.ReturnedFen, r.FeeExpectedFen, r.FlowState, r.FlowPayments, r.FlowPaidFen, r.FlowRefunds, r.FlowReturnedFen, r.FlowFeeFen,
		r.FlowNetFen, r.FlowOtherInFen, r.FlowOtherOutFen, r.FlowSHA1, r.RanAt, r.Merchant, r.BillOn)
}

// Reconciliations gives the days between two dates, both included.
func Reconciliations(tx *store.Tx, from, to models.Date) ([]Reconciliation, error) {
	var out []Reconciliation
	err := tx.Gorm().Where("bill_on BETWEEN ? AND ?", from, to).Order("bill_on, merchant").Find(&out).Error
	return out, err
}
