package papers

import (
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/receipts"
	"wuyepay/payment/receipt"
)

// invoicePage is the page of one request, with what was paid and refunded beside it.
type invoicePage struct {
	receipts.ListedInvoice
	Receipts      []receipts.Receipt
	Number, Typed string // of a form that was refused
	Error         string
}

// Invoice shows one request for an invoice.
func Invoice(c *ui.Call) error { return showInvoice(c, 200, invoicePage{}) }

func showInvoice(c *ui.Call, status int, p invoicePage) (err error) {
	if p.ListedInvoice, err = receipts.ScopedInvoice(c.View, c.Scope(), c.R.PathValue("id")); err != nil {
		return err
	}
	if p.Receipts, err = receipts.ReceiptsOfPayment(c.View, p.PaymentID); err != nil {
		return err
	}
	return c.RenderAs(status, "papers/invoice_page", "发票申请", p)
}

// DecideInvoice records the number of an invoice that was issued, or why none is.
func DecideInvoice(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	d := receipt.InvoiceDecision{ID: c.R.PathValue("id"), Scope: c.Scope()}
	switch c.Field("do") {
	case "issue":
		if d.InvoiceNo = c.Field("invoice_no"); d.InvoiceNo == "" {
			return showInvoice(c, 400, invoicePage{Error: receipt.ErrInvoiceNo.Message})
		}
	case "refuse":
		d.Reason = c.Field("reason")
	default:
		return ui.ErrBadForm
	}
	err := c.Pay.Receipts.DecideInvoice(c.R.Context(), c.Staff.Actor(), d)
	if e, ok := models.AsError(err); ok && e.Kind != models.KindNotFound {
		return showInvoice(c, ui.StatusOf(e.Kind), invoicePage{Number: d.InvoiceNo, Typed: d.Reason, Error: e.Message})
	}
	if err != nil {
		return err
	}
	c.Say("invoice_decided")
	return c.Redirect("/staff/invoices/" + d.ID)
}
