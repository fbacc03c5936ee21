package money

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// RefundLine is a share of a payment that a refund returns: of a bill, or of
// prepayment (BillID empty) for a fee item.
type RefundLine struct {
	RefundNo     string
	Number       int // from 1
	BillID       string
	Item         string
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
	PrepaidFen   models.Fen
}

var refundLineTable = store.NewTable[RefundLine]("refund_lines")

// TotalFen returns what the line returns to the payer.
func (l RefundLine) TotalFen() models.Fen { return l.PrincipalFen + l.LateFeeFen + l.PrepaidFen }

func insertRefundLines(tx *store.Tx, no string, lines []RefundLine) error {
	rows := make([]RefundLine, len(lines))
	for i, l := range lines {
		l.RefundNo, l.Number = no, i+1
		rows[i] = l
	}
	return refundLineTable.Insert(tx, rows...)
}

// ReplaceRefundLines puts other lines in the place of those of a refund that has
// not been sent.
func ReplaceRefundLines(tx *store.Tx, no string, lines []RefundLine) error {
	if _, err := store.G[RefundLine](tx).Where("refund_no = ?", no).Delete(tx.Context()); err != nil {
		return err
	}
	return insertRefundLines(tx, no, lines)
}

// RefundLines returns the lines of a refund, by number.
func RefundLines(tx *store.Tx, no string) ([]RefundLine, error) {
	return store.G[RefundLine](tx).Where("refund_no = ?", no).Order("number").Find(tx.Context())
}

// HeldLine is a line of a refund that is asked for or under way.
type HeldLine struct {
	RefundLine
	Status string // of the refund
}

// HeldLines returns the lines of all refunds of a payment that are asked for or under
// way, but for one: what they take cannot be given back a second time.
func HeldLines(tx *store.Tx, paymentID, but string) ([]HeldLine, error) {
	return store.Rows[HeldLine](tx, "SELECT "+refundLineTable.Of("l")+`, r.status FROM refund_lines l JOIN refunds r ON r.no = l.refund_no
		WHERE r.payment_id = ? AND r.no <> ? AND r.status IN ('asked','sending','processing','abnormal')
		ORDER BY l.refund_no, l.number`, paymentID, but)
}

// BillRefunding reports whether money for the bill is on its way back. Only with the
// bill locked does the answer last.
func BillRefunding(tx *store.Tx, billID string) (bool, error) {
	n, err := store.Row[int](tx, `SELECT COUNT(*) FROM refund_lines l JOIN refunds r ON r.no = l.refund_no
		WHERE l.bill_id = ? AND r.status IN ('sending','processing','abnormal')`, billID)
	return n > 0, err
}
