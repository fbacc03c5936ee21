package papers

import (
	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/receipts"
)

// invoiceList is the page 发票申请.
type invoiceList struct {
	Status string
	States []ui.Option
	Rows   []receipts.ListedInvoice
	Pager  ui.Pager
}

// invoiceWords are the states of a request for an invoice.
var invoiceWords = map[string]string{receipts.InvoiceAsked: "待开具", receipts.InvoiceIssued: "已开具", receipts.InvoiceRefused: "未通过"}

// invoiceKinds are who an invoice can be made out to.
var invoiceKinds = map[string]string{receipts.InvoicePersonal: "个人", receipts.InvoiceCompany: "单位"}

// invoiceStates are the states that the list can be narrowed to.
var invoiceStates = ui.Options(invoiceWords, receipts.InvoiceAsked, receipts.InvoiceIssued, receipts.InvoiceRefused)

func invoiceFilter(c *ui.Call) (f receipts.InvoiceFilter, err error) {
	f = receipts.InvoiceFilter{Scope: c.Scope(), Limit: ui.PageSize + 1}
	f.Status, err = c.QueryOption("status", invoiceStates)
	return f, err
}

// Invoices shows a page of 发票申请.
func Invoices(c *ui.Call) error {
	f, err := invoiceFilter(c)
	if err != nil {
		return err
	}
	f.After = c.R.URL.Query().Get("after")
	rows, err := receipts.InvoiceRequests(c.View, f)
	if err != nil {
		return err
	}
	out := invoiceList{Status: f.Status, States: invoiceStates}
	out.Rows, out.Pager = ui.Cut(c, rows, func(r receipts.ListedInvoice) string { return r.ID })
	return c.Render("papers/invoice_list", "发票申请", out)
}

// ExportInvoices sends the list as a workbook.
func ExportInvoices(c *ui.Call) error {
	f, err := invoiceFilter(c)
	if err != nil {
		return err
	}
	header := []string{"状态", "抬头类型", "抬头", "纳税人识别号", "金额（元）", "房号", "订单号", "申请时间", "发票号码", "未通过原因", "经办人", "处理时间"}
	return c.Export("发票申请", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]receipts.ListedInvoice, error) {
			f.After, f.Limit = after, limit
			return receipts.InvoiceRequests(c.View, f)
		}
		return ui.EachPage(read, func(r receipts.ListedInvoice) string { return r.ID }, func(r receipts.ListedInvoice) error {
			return b.Row(words.Of(invoiceWords, r.Status), words.Of(invoiceKinds, r.Kind), r.Title, r.TaxNo, sheet.Yuan(r.AmountFen),
				r.Room.Code, r.OrderNo, words.At(r.CreatedAt), r.InvoiceNo, r.Reason, r.DecidedName, words.At(r.DecidedAt))
		})
	})
}
