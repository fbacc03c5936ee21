package receipt

import (
	"errors"
	"unicode/utf8"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
)

// Void makes the receipt of a payment void after money of it went back, in the transaction
// that books the refund, and issues another for what is left; none if nothing is. refunded
// is all that was refunded of the payment so far, in fen. The books must hold the refund
// already, because the new lines are computed from them. The lock of the receipt comes
// after those of order, bills, room and refund.
//
// The same refund reported twice changes nothing: the latest receipt stands for as much.
// Two refunds of a payment at once replace one receipt after the other, by that lock. A
// payment from before there were receipts gets one for what is left.
func Void(tx *store.Tx, by models.Actor, paymentID, reason string, refunded models.Fen) error {
	p, err := money.PaymentByID(tx, paymentID)
	if err != nil {
		return err
	}
	old, err := receipts.LockReceipt(tx, paymentID)
	if errors.Is(err, models.ErrNotFound) {
		return replaceReceipt(tx, &p, receipts.Receipt{}, refunded) // booked before there were receipts
	}
	if err != nil || old.RefundedFen == refunded && old.Status == receipts.ReceiptIssued || old.Status == receipts.ReceiptVoid {
		return err // a void one that is the latest stands for nothing left
	}
	if utf8.RuneCountInString(reason) > maxVoidReason {
		reason = string([]rune(reason)[:maxVoidReason])
	}
	if ok, err := receipts.VoidReceipt(tx, by, &old, reason); err != nil || !ok {
		return err
	}
	if err := replaceReceipt(tx, &p, old, refunded); err != nil {
		return err
	}
	return office.Audit(tx, by, "receipt.voided", "receipt", old.ID, map[string]any{
		"payment": paymentID, "refunded_fen": refunded, "was_fen": old.AmountFen,
	})
}

// maxVoidReason limits the reason on a void receipt, in characters; the rest is cut off.
const maxVoidReason = 200

// replaceReceipt issues the version after old for what is left of a payment; old is zero
// if there is none. Where the books do not show which lines the refund reduced, a line of
// its own has the difference: the lines of a receipt always add up to its amount. For
// example, where 100.00 yuan are left and the books add up to 120.00, it is -20.00.
func replaceReceipt(tx *store.Tx, p *money.Payment, old receipts.Receipt, refunded models.Fen) error {
	left := p.AmountFen - refunded
	if left <= 0 {
		return nil
	}
	r, lines, err := fromBooks(tx, p)
	if err != nil {
		return err
	}
	r.Version, r.ReplacesID, r.AmountFen, r.RefundedFen = old.Version+1, old.ID, left, refunded
	if r.OwnerID == "" {
		r.OwnerID = old.OwnerID
	}
	if rest := left - receiptSum(lines); rest != 0 {
		lines = append(lines, receipts.ReceiptLine{Kind: receipts.ReceiptRefund, PrincipalFen: rest})
	}
	return receipts.InsertReceipt(tx, &r, lines)
}

// receiptSum returns what the lines add up to, in fen.
func receiptSum(lines []receipts.ReceiptLine) (sum models.Fen) {
	for _, l := range lines {
		sum = sum.Plus(l.TotalFen())
	}
	return sum
}
