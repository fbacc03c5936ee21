package issuing

import (
	"github.com/shopspring/decimal"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

// CheckSlips proves the slips: the amount of each line is its quantity at its price, the
// total is the sum of the lines, and a slip that was offered says what it said then. It
// changes nothing and reads page by page, as [metering.CheckMeters] does.
func CheckSlips(tx *store.Tx) ([]proof.Violation, error) {
	var out []proof.Violation
	after := ""
	for {
		list, err := fees.SlipsAfter(tx, after, billing.CheckPage)
		if err != nil {
			return nil, err
		}
		ids := make([]string, len(list))
		for i := range list {
			ids[i] = list[i].ID
		}
		lines, err := fees.SlipLines(tx, ids...)
		if err != nil {
			return nil, err
		}
		for i := range list {
			if rule, figures := checkSlip(&list[i], lines[list[i].ID]); rule != "" {
				out = append(out, proof.Violation{Rule: rule, Subject: list[i].ID, Figures: figures})
			}
		}
		if len(list) < billing.CheckPage {
			return out, nil
		}
		after = list[len(list)-1].ID
	}
}

// checkSlip returns the first rule that a slip breaks, with the two figures.
func checkSlip(s *fees.Slip, lines []fees.SlipLine) (rule, figures string) {
	total := models.Fen(0)
	for _, l := range lines {
		quantity, err1 := decimal.NewFromString(l.Quantity)
		price, err2 := decimal.NewFromString(l.Price)
		amount, err3 := models.RoundFen(quantity.Mul(price))
		if err1 != nil || err2 != nil || err3 != nil || amount != l.AmountFen {
			return "a line of a slip is its quantity at its price", l.AmountFen.String() + " and " + amount.String()
		}
		total = total.Plus(amount)
	}
	switch {
	case total != s.TotalFen:
		return "a slip is the sum of its lines", s.TotalFen.String() + " and " + total.String()
	case s.Digest != "" && s.Digest != fees.SlipDigest(s, lines):
		return "a slip that was offered says what it said then", s.Digest + " and " + fees.SlipDigest(s, lines)
	}
	return "", ""
}
