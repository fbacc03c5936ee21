package billing

import (
	"fmt"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

// CheckPage is how many rows an audit of the books reads at a time.
const CheckPage = 500

// CheckLateFees recomputes the late fee of every bill that money has settled.
// It returns the bills of which more late fee was paid or waived than has
// accrued, and paid bills that still owe something. It reads page by page, so
// that the books may be large.
func CheckLateFees(tx *store.Tx) ([]proof.Violation, error) {
	var out []proof.Violation
	after := ""
	for {
		bills, err := fees.SettledBills(tx, after, CheckPage)
		if err != nil {
			return nil, err
		}
		states, err := States(tx, bills, tx.Today())
		if err != nil {
			return nil, err
		}
		for i := range states {
			out = append(out, checkLateFee(&states[i])...)
		}
		if len(bills) < CheckPage {
			return out, nil
		}
		after = bills[len(bills)-1].ID
	}
}

// checkLateFee returns the rules that a bill breaks.
func checkLateFee(s *BillState) (out []proof.Violation) {
	bad := func(rule string, have, want models.Fen) {
		out = append(out, proof.Violation{Rule: rule, Subject: s.ID, Figures: fmt.Sprintf("%d and %d", have, want)})
	}
	if taken := s.PaidLateFeeFen + s.WaivedLateFeeFen; taken > s.Late.Accrued {
		bad("no more late fee is taken or waived than has accrued", taken, s.Late.Accrued)
	}
	if s.Status == fees.BillPaid && s.DueFen != 0 {
		bad("nothing is owed of a paid bill", s.DueFen, 0)
	}
	return out
}
