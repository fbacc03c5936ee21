package receipt

import (
	"fmt"

	"wuyepay/models"
	"wuyepay/models/proof"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
)

const receiptPage = 500

// Audit proves what the database alone cannot of every receipt: that its
// lines add up to its amount, that each late fee comes out of its own computation,
// and that nothing of it has changed since it was sealed. It reads page by page.
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
