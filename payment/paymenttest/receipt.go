package paymenttest

import "wuyepay/payment/receipt"

// Receipt is the receipt of an order, as paper.
func (w *World) Receipt(no string) *receipt.Document {
	w.T.Helper()
	p, err := w.Pay.Receipts.ReceiptOfOrder(Bg, no)
	if err != nil {
		w.T.Fatalf("receipt of %s: %v", no, err)
	}
	return p
}
