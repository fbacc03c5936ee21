package papers

import (
	"bytes"

	"wuyepay/console/ui"
	"wuyepay/models/estate"
	"wuyepay/models/money"
	"wuyepay/models/receipts"
	"wuyepay/payment/receipt"
)

// ReceiptPDF sends a version of a receipt as a PDF.
func ReceiptPDF(c *ui.Call) error {
	r, err := receipts.ReceiptByID(c.View, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	if _, _, err := estate.ScopedRoom(c.View, c.Scope(), r.RoomID); err != nil {
		return err
	}
	p, err := c.Pay.Receipts.ReceiptByID(c.R.Context(), r.ID)
	return sendReceipt(c, p, err)
}

// OrderReceipt sends the latest receipt of an order as a PDF. For a payment from before there
// were receipts it is issued now.
func OrderReceipt(c *ui.Call) error {
	o, err := money.ScopedOrder(c.View, c.Scope(), c.R.PathValue("no"))
	if err != nil {
		return err
	}
	p, err := c.Pay.Receipts.ReceiptOfOrder(c.R.Context(), o.No)
	return sendReceipt(c, p, err)
}

func sendReceipt(c *ui.Call, p *receipt.Document, err error) error {
	if err != nil {
		return err
	}
	p.Owner = c.OwnerName(p.Party.Owner)
	var b bytes.Buffer
	if err := p.WritePDF(&b); err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", p.FileName())
	c.W.Write(b.Bytes())
	return nil
}
