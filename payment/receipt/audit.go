package receipt

import (
	"fmt"

	"wuyepay/models"
	"wuyepay/models/proof"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
)

// receiptPage is how many receipts [Audit] holds in memory at a time.
const receiptPage = 500

// Audit proves what SQL cannot of every receipt: that its lines add up to its amount, that
// each late fee is within its own computation, and that nothing of it has changed since
// it was sealed. It returns a violation for each rule that a receipt breaks; an error means
// that the receipts could not be read, and proves nothing. Package proof checks the rest,
// such as numbers without gaps.
func Audit(tx *store.Tx) ([]proof.Violation, error) {
	var out []proof.Violation
	after := ""
	for {
		list, err := receipts.ReceiptsAfter(tx, after, receiptPage)
		if err != nil {
			return nil, err
		}
		for i := range list {
			out = append(out, checkReceipt(tx, &list[i])...)
		}
		if len(list) < receiptPage {
			return out, nil
		}
		after = list[len(list)-1].ID
	}
}

// checkReceipt returns the rules that a receipt breaks. A void receipt must keep them as
// well, because copies of it are in circulation. A late fee may be less than its
// computation, when the money did not reach for all of it, and never more.
func checkReceipt(tx *store.Tx, r *receipts.Receipt) (out []proof.Violation) {
	bad := func(rule string, have, want models.Fen) {
		out = append(out, proof.Violation{Rule: rule, Subject: r.ID, Figures: fmt.Sprintf("%d and %d", have, want)})
	}
	lines, err := r.Lines()
	if err != nil {
		bad("the lines of a receipt can be read", 0, 0)
		return out
	}
	if sum := receiptSum(lines); sum != r.AmountFen {
		bad("the lines of a receipt are its amount", sum, r.AmountFen)
	}
	for _, l := range lines {
		if l.Late != nil && l.LateFeeFen > l.Late.AccruedFen-l.Late.WaivedFen-l.Late.PaidFen {
			bad("a receipt's late fee comes out of its computation", l.LateFeeFen, l.Late.AccruedFen-l.Late.WaivedFen-l.Late.PaidFen)
		}
	}
	if !receipts.SealHolds(tx, r) {
		bad("a receipt is as it was sealed", 0, 0)
	}
	return out
}
