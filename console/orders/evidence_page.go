package orders

import (
	"wuyepay/console/ui"
	"wuyepay/models/proof"
	"wuyepay/payment"
)

// evidencePiece is the page of one piece: its content with the payer hidden, and whether the
// signature still holds.
type evidencePiece struct {
	evidenceRow
	payment.VerifiedEvidence
}

// EvidencePiece shows one piece of evidence.
func EvidencePiece(c *ui.Call) error {
	e, err := proof.EvidenceByID(c.View, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	return c.Render("orders/evidence_page", "微信凭证", evidencePiece{evidenceRow{e}, c.Pay.VerifyEvidence(c.R.Context(), e)})
}
