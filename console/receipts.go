package console

import (
	"bytes"
	"strconv"
	"strings"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/payment"
)

// receiptList is a page of 收据.
type receiptList struct {
	Status, On, Number string
	States             []choice
	Rows               []models.ListedReceipt
	Pager              pager
}

var receiptWords = map[string]string{models.ReceiptIssued: "有效", models.ReceiptVoid: "已作废"}

var receiptStates = choices(receiptWords, models.ReceiptIssued, models.ReceiptVoid)

func init() {
	functions["receiptstate"] = func(s string) string { return word(receiptWords, s) }
}

// receiptFilter reads what the list is narrowed to. A number is written as it stands
// on the receipt: 2026-00000012.
func (c *call) receiptFilter() (f models.ReceiptFilter, err error) {
	f = models.ReceiptFilter{Scope: c.scope(), Limit: pageSize + 1}
	if f.Status, err = c.oneOf("status", receiptStates); err != nil {
		return f, err
	}
	if text := strings.TrimSpace(c.r.URL.Query().Get("number")); text != "" {
		year, seq, _ := strings.Cut(text, "-")
		y, errYear := strconv.Atoi(year)
		n, errSeq := strconv.ParseInt(seq, 10, 64)
		if errYear != nil || errSeq != nil || n < 1 {
			return f, errBadQuery
		}
		f.Year, f.Seq = y, n
	}
	f.On, err = c.dayOf("on")
	return f, err
}

func (c *call) receipts() error {
	f, err := c.receiptFilter()
	if err != nil {
		return err
	}
	f.After = c.r.URL.Query().Get("after")
	rows, err := c.view.ListedReceipts(f)
	if err != nil {
		return err
	}
	out := receiptList{Status: f.Status, On: f.On.String(), Number: strings.TrimSpace(c.r.URL.Query().Get("number")), States: receiptStates}
	out.Rows, out.Pager = cut(c, rows, func(r models.ListedReceipt) string { return r.ID })
	return c.render("receipts", "收据", out)
}

func (c *call) exportReceipts() error {
	f, err := c.receiptFilter()
	if err != nil {
		return err
	}
	header := []string{"收据编号", "状态", "房号", "金额（元）", "已退（元）", "收款方式", "收款时间", "开具时间", "订单号", "交易单号", "作废时间", "作废原因", "作废人"}
	return c.export("收据", "", header, func(b *workbook) error {
		read := func(after string, limit int) ([]models.ListedReceipt, error) {
			f.After, f.Limit = after, limit
			return c.view.ListedReceipts(f)
		}
		return eachPage(read, func(r models.ListedReceipt) string { return r.ID }, func(r models.ListedReceipt) error {
			voider := ""
			if r.VoidKind != "" {
				voider = actorWord(r.VoidKind, r.VoidName)
			}
			return b.Row(r.Number(), word(receiptWords, r.Status), r.Room.Code, sheet.Yuan(r.AmountFen), sheet.Yuan(r.RefundedFen), word(models.ChannelNames, r.Channel), at(r.PaidAt),
				at(r.NumberedAt), r.OrderNo, r.TransactionID, at(r.VoidedAt), r.VoidReason, voider)
		})
	})
}

// receiptPDF gives any version of a receipt.
func (c *call) receiptPDF() error {
	r, err := c.view.ReceiptByID(c.r.PathValue("id"))
	if err != nil {
		return err
	}
	if _, _, err := c.view.ScopedRoom(c.scope(), r.RoomID); err != nil {
		return err
	}
	p, err := c.Pay.ReceiptByID(c.r.Context(), r.ID)
	return c.sendReceipt(p, err)
}

// orderReceipt gives the latest receipt of an order; of a payment from before there
// were receipts it is issued now.
func (c *call) orderReceipt() error {
	o, err := c.view.ScopedOrder(c.scope(), c.r.PathValue("no"))
	if err != nil {
		return err
	}
	p, err := c.Pay.ReceiptOfOrder(c.r.Context(), o.No)
	return c.sendReceipt(p, err)
}

func (c *call) sendReceipt(p *payment.Paper, err error) error {
	if err != nil {
		return err
	}
	p.Owner = c.ownerName(p.Party.Owner)
	var b bytes.Buffer
	if err := p.WritePDF(&b); err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", p.FileName())
	c.w.Write(b.Bytes())
	return nil
}
