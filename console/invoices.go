package console

import (
	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/payment"
)

// invoiceList is a page of 发票申请.
type invoiceList struct {
	Status string
	States []choice
	Rows   []models.ListedInvoice
	Pager  pager
}

var invoiceWords = map[string]string{models.InvoiceAsked: "待开具", models.InvoiceIssued: "已开具", models.InvoiceRefused: "未通过"}

var invoiceKinds = map[string]string{models.InvoicePersonal: "个人", models.InvoiceCompany: "单位"}

var invoiceStates = choices(invoiceWords, models.InvoiceAsked, models.InvoiceIssued, models.InvoiceRefused)

func init() {
	functions["invoicestate"] = func(s string) string { return word(invoiceWords, s) }
	functions["invoicekind"] = func(s string) string { return word(invoiceKinds, s) }
}

func (c *call) invoiceFilter() (f models.InvoiceFilter, err error) {
	f = models.InvoiceFilter{Scope: c.scope(), Limit: pageSize + 1}
	f.Status, err = c.oneOf("status", invoiceStates)
	return f, err
}

func (c *call) invoices() error {
	f, err := c.invoiceFilter()
	if err != nil {
		return err
	}
	f.After = c.r.URL.Query().Get("after")
	rows, err := c.view.InvoiceRequests(f)
	if err != nil {
		return err
	}
	out := invoiceList{Status: f.Status, States: invoiceStates}
	out.Rows, out.Pager = cut(c, rows, func(r models.ListedInvoice) string { return r.ID })
	return c.render("invoices", "发票申请", out)
}

func (c *call) exportInvoices() error {
	f, err := c.invoiceFilter()
	if err != nil {
		return err
	}
	header := []string{"状态", "抬头类型", "抬头", "纳税人识别号", "金额（元）", "房号", "订单号", "申请时间", "发票号码", "未通过原因", "经办人", "处理时间"}
	return c.export("发票申请", "", header, func(b *workbook) error {
		read := func(after string, limit int) ([]models.ListedInvoice, error) {
			f.After, f.Limit = after, limit
			return c.view.InvoiceRequests(f)
		}
		return eachPage(read, func(r models.ListedInvoice) string { return r.ID }, func(r models.ListedInvoice) error {
			return b.Row(word(invoiceWords, r.Status), word(invoiceKinds, r.Kind), r.Title, r.TaxNo, sheet.Yuan(r.AmountFen), r.Room.Code, r.OrderNo, at(r.CreatedAt),
				r.InvoiceNo, r.Reason, r.DecidedName, at(r.DecidedAt))
		})
	})
}

// invoicePage is one request, with what was paid and refunded beside it.
type invoicePage struct {
	models.ListedInvoice
	Receipts      []models.Receipt
	Number, Typed string // of a form that was refused
	Error         string
}

func (c *call) invoice() error { return c.showInvoice(200, invoicePage{}) }

func (c *call) showInvoice(status int, p invoicePage) (err error) {
	if p.ListedInvoice, err = c.view.ScopedInvoice(c.scope(), c.r.PathValue("id")); err != nil {
		return err
	}
	if p.Receipts, err = c.view.ReceiptsOfPayment(p.PaymentID); err != nil {
		return err
	}
	return c.renderAs(status, "invoice", "发票申请", p)
}

// decideInvoice notes the number of an invoice that was issued, or why it is not.
func (c *call) decideInvoice() error {
	if err := c.form(); err != nil {
		return err
	}
	d := payment.InvoiceDecision{ID: c.r.PathValue("id"), Scope: c.scope()}
	switch c.field("do") {
	case "issue":
		if d.InvoiceNo = c.field("invoice_no"); d.InvoiceNo == "" {
			return c.showInvoice(400, invoicePage{Error: payment.ErrInvoiceNo.Message})
		}
	case "refuse":
		d.Reason = c.field("reason")
	default:
		return errBadForm
	}
	err := c.Pay.DecideInvoice(c.r.Context(), c.staff.Actor(), d)
	if e, ok := models.AsError(err); ok && e.Kind != models.KindNotFound {
		return c.showInvoice(statusOf(e.Kind), invoicePage{Number: d.InvoiceNo, Typed: d.Reason, Error: e.Message})
	}
	if err != nil {
		return err
	}
	c.say("invoice_decided")
	return c.redirect("/staff/invoices/" + d.ID)
}
