package papers

import (
	"strconv"
	"strings"

	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/money"
	"wuyepay/models/receipts"
)

// receiptList is the page 收据.
type receiptList struct {
	Status, On, Number string
	States             []ui.Option
	Rows               []receipts.ListedReceipt
	Pager              ui.Pager
}

// receiptStates are the states that the list can be narrowed to.
var receiptStates = ui.Options(words.Receipts, receipts.ReceiptIssued, receipts.ReceiptVoid)

// receiptFilter returns the filter that the query names. A number is typed as it stands on
// the receipt: 2026-00000012.
func receiptFilter(c *ui.Call) (f receipts.ReceiptFilter, err error) {
	f = receipts.ReceiptFilter{Scope: c.Scope(), Limit: ui.PageSize + 1}
	if f.Status, err = c.QueryOption("status", receiptStates); err != nil {
		return f, err
	}
	if text := strings.TrimSpace(c.R.URL.Query().Get("number")); text != "" {
		year, seq, _ := strings.Cut(text, "-")
		y, errYear := strconv.Atoi(year)
		n, errSeq := strconv.ParseInt(seq, 10, 64)
		if errYear != nil || errSeq != nil || n < 1 {
			return f, ui.ErrBadQuery
		}
		f.Year, f.Seq = y, n
	}
	f.On, err = c.QueryDay("on")
	return f, err
}

// Receipts shows a page of 收据.
func Receipts(c *ui.Call) error {
	f, err := receiptFilter(c)
	if err != nil {
		return err
	}
	f.After = c.R.URL.Query().Get("after")
	rows, err := receipts.ListedReceipts(c.View, f)
	if err != nil {
		return err
	}
	out := receiptList{Status: f.Status, On: f.On.String(), Number: strings.TrimSpace(c.R.URL.Query().Get("number")), States: receiptStates}
	out.Rows, out.Pager = ui.Cut(c, rows, func(r receipts.ListedReceipt) string { return r.ID })
	return c.Render("papers/receipt_list", "收据", out)
}

// ExportReceipts sends the list as a workbook.
func ExportReceipts(c *ui.Call) error {
	f, err := receiptFilter(c)
	if err != nil {
		return err
	}
	header := []string{"收据编号", "状态", "房号", "金额（元）", "已退（元）", "收款方式", "收款时间", "开具时间", "订单号", "交易单号", "作废时间", "作废原因", "作废人"}
	return c.Export("收据", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]receipts.ListedReceipt, error) {
			f.After, f.Limit = after, limit
			return receipts.ListedReceipts(c.View, f)
		}
		return ui.EachPage(read, func(r receipts.ListedReceipt) string { return r.ID }, func(r receipts.ListedReceipt) error {
			voider := ""
			if r.VoidBy.Kind != "" {
				voider = words.Actor(r.VoidBy.Kind, r.VoidBy.Name)
			}
			return b.Row(r.Number(), words.Of(words.Receipts, r.Status), r.Room.Code, sheet.Yuan(r.AmountFen), sheet.Yuan(r.RefundedFen),
				words.Of(money.ChannelNames, r.Channel), words.At(r.PaidAt), words.At(r.NumberedAt), r.OrderNo, r.TransactionID,
				words.At(r.VoidedAt), r.VoidReason, voider)
		})
	})
}
