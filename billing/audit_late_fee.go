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

// CheckLateRules returns the bills whose late-fee rule is not the one of the newest entry
// that changed it. It reads page by page.
func CheckLateRules(tx *store.Tx) ([]proof.Violation, error) {
	newest, after := map[string]string{}, ""
	for {
		list, err := fees.RuleEntries(tx, after, CheckPage)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			newest[e.BillID], after = e.RuleAfter, e.ID
		}
		if len(list) < CheckPage {
			break
		}
	}
	ids := make([]string, 0, len(newest))
	for id := range newest {
		ids = append(ids, id)
	}
	bills, err := fees.BillsByIDs(tx, ids)
	if err != nil {
		return nil, err
	}
	var out []proof.Violation
	for id, want := range newest {
		b := bills[id]
		if have := b.RuleText(); have != want {
			out = append(out, proof.Violation{Rule: "a bill has the late-fee rule of its newest entry", Subject: id,
				Figures: have + " and " + want})
		}
	}
	return out, nil
}
