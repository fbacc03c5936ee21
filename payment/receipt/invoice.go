package receipt

import (
	"context"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
)

// Refusals of requests for a tax invoice, and of decisions about them. Lengths are counted
// in characters.
var (
	ErrInvoiceTitle   = models.Invalid("INVOICE_TITLE", "发票抬头须为 2 至 100 个字")
	ErrTaxNo          = models.Invalid("TAX_NO_INVALID", "纳税人识别号不正确：应为 18 位统一社会信用代码")
	ErrTaxNoPersonal  = models.Invalid("TAX_NO_PERSONAL", "个人抬头不填纳税人识别号")
	ErrInvoiceDecided = models.Refusal(models.KindConflict, "INVOICE_DECIDED", "该发票申请已处理")
	ErrInvoiceNo      = models.Invalid("INVOICE_NO_INVALID", "请填写发票号码（8 至 20 位数字）")
	ErrInvoiceReason  = models.Invalid("INVOICE_REASON", "请填写不予开具的原因（不超过 200 字）")
)

// InvoiceTitle is the buyer 抬头 to whom a tax invoice is made out.
type InvoiceTitle struct {
	Kind  string // receipts.InvoicePersonal or receipts.InvoiceCompany
	Title string
	TaxNo string // of a company, see [ValidTaxNo]; empty for a person
}

// check brings a title into the form in which it is kept, and returns an error for what
// cannot be right: [ErrInvoiceTitle], [ErrTaxNoPersonal] or [ErrTaxNo]. A tax number typed
// with full-width or small letters is accepted. A person's title with a tax number is
// refused rather than stripped of it: the user may have meant the company.
func (t *InvoiceTitle) check() error {
	t.Title = strings.TrimSpace(t.Title)
	t.TaxNo = strings.ToUpper(models.HalfWidth(strings.TrimSpace(t.TaxNo)))
	n := utf8.RuneCountInString(t.Title)
	switch {
	case n < 2 || n > 100 || strings.ContainsFunc(t.Title, unicode.IsControl):
		return ErrInvoiceTitle
	case t.Kind == receipts.InvoicePersonal && t.TaxNo != "":
		return ErrTaxNoPersonal
	case t.Kind == receipts.InvoiceCompany && !ValidTaxNo(t.TaxNo):
		return ErrTaxNo
	case t.Kind != receipts.InvoicePersonal && t.Kind != receipts.InvoiceCompany:
		return ErrInvoiceTitle
	}
	return nil
}

// AskInvoice adds a request for a tax invoice for what is left of an order's payment after
// refunds: the amount of its receipt that stands. The caller must have checked that the
// user may see the order. A refund afterwards does not change the request.
//
// It returns [ErrNotPaid], [ErrNoReceipt] if all was refunded, [receipts.ErrInvoiceAsked]
// if the payment has an invoice or a request for one, [models.ErrNotFound] for an unknown
// order, and [ErrInvoiceTitle], [ErrTaxNo] or [ErrTaxNoPersonal] for the title.
func (s *Service) AskInvoice(ctx context.Context, by estate.User, no string, title InvoiceTitle) (r receipts.InvoiceRequest, err error) {
	if err := title.check(); err != nil {
		return r, err
	}
	if _, err := s.ReceiptOfOrder(ctx, no); err != nil { // issues what is not issued yet
		return r, err
	}
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		receipt, err := standing(tx, no)
		if err != nil {
			return err
		}
		r = receipts.InvoiceRequest{
			CommunityID: receipt.CommunityID, RoomID: receipt.RoomID, PaymentID: receipt.PaymentID, OrderNo: no, UserID: by.ID,
			Kind: title.Kind, Title: title.Title, TaxNo: title.TaxNo, AmountFen: receipt.AmountFen,
		}
		if err := receipts.InsertInvoiceRequest(tx, &r); err != nil {
			return err
		}
		return office.Audit(tx, models.UserActor(by.ID), "invoice.asked", "order", no, map[string]string{"request": r.ID, "kind": r.Kind})
	})
	return r, err
}

// standing returns the receipt of an order that stands, and locks the order: a refund that
// succeeds meanwhile comes before or after, and never between the amount and its use. It
// returns [ErrNoReceipt] if all was refunded.
func standing(tx *store.Tx, no string) (r receipts.Receipt, err error) {
	if _, err := money.LockOrder(tx, no); err != nil {
		return r, err
	}
	p, err := money.PaymentOfOrder(tx, no)
	if err != nil {
		return r, err
	}
	list, err := receipts.ReceiptsOfPayment(tx, p.ID)
	if err != nil {
		return r, err
	}
	if len(list) == 0 || list[0].Status == receipts.ReceiptVoid {
		return r, ErrNoReceipt
	}
	return list[0], nil
}

// InvoiceDecision is what finance did about a request: issued the invoice under a number
// in the tax authority's system, or refused it for a reason. Exactly one of InvoiceNo and
// Reason is set.
type InvoiceDecision struct {
	ID        string
	Scope     office.Scope
	InvoiceNo string // issued
	Reason    string // refused
}

// DecideInvoice notes that an invoice was issued, or why it is not. After a refusal the
// user may ask again. Of two decisions at the same moment the first one counts, by the
// guarded update of the request.
//
// It returns [models.ErrNotFound] for a request that does not exist or is out of scope,
// [ErrInvoiceDecided], [ErrInvoiceNo], and [ErrInvoiceReason] if the reason is missing, too
// long, or there besides a number.
func (s *Service) DecideInvoice(ctx context.Context, by models.Actor, d InvoiceDecision) error {
	status := receipts.InvoiceIssued
	d.InvoiceNo, d.Reason = models.HalfWidth(strings.TrimSpace(d.InvoiceNo)), strings.TrimSpace(d.Reason)
	switch {
	case d.InvoiceNo != "" && d.Reason != "":
		return ErrInvoiceReason
	case d.InvoiceNo != "" && !invoiceNumber(d.InvoiceNo):
		return ErrInvoiceNo
	case d.InvoiceNo == "":
		if n := utf8.RuneCountInString(d.Reason); n == 0 || n > 200 {
			return ErrInvoiceReason
		}
		status = receipts.InvoiceRefused
	}
	return s.DB.Write(ctx, func(tx *store.Tx) error {
		r, err := receipts.ScopedInvoice(tx, d.Scope, d.ID)
		if err != nil {
			return err
		}
		ok, err := receipts.DecideInvoice(tx, &r.InvoiceRequest, by, status, d.InvoiceNo, d.Reason)
		if err != nil || !ok {
			return errors.Join(err, invoiceDecided(ok))
		}
		return office.Audit(tx, by, "invoice."+status, "order", r.OrderNo, map[string]string{"request": r.ID, "invoice_no": d.InvoiceNo})
	})
}

// invoiceDecided returns [ErrInvoiceDecided] unless the update found the request undecided.
func invoiceDecided(ok bool) error {
	if ok {
		return nil
	}
	return ErrInvoiceDecided
}

// invoiceNumber reports whether a text can be the number of a tax invoice: 8 digits on
// paper, 20 for a fully digital one. Lengths in between allow for a paper number with the
// code of the invoice in front.
func invoiceNumber(s string) bool {
	return len(s) >= 8 && len(s) <= 20 && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}
