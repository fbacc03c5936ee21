package payment

import (
	"context"
	"errors"
	"slices"
	"time"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
)

// refundMoments returns the refunds of an order.
func refundMoments(tx *store.Tx, o *money.Order, _ *money.Payment) ([]Moment, error) {
	list, err := money.RefundsOfOrder(tx, o.No)
	var out []Moment
	for i := range list {
		if r := &list[i]; r.Status == money.RefundSuccess {
			out = append(out, Moment{MomentRefund, r.DoneAt, "退款到账 " + r.AmountFen.String() + " 元", r.No})
		}
	}
	return out, err
}

// Kinds of a [Moment]. The values are part of the API.
const (
	MomentOrdered   = "ordered"        // the order was made
	MomentPlaced    = "placed"         // WeChat accepted it and returned a prepay id
	MomentCharged   = "charged"        // WeChat took the money: its success time
	MomentLearned   = "told"           // the payment became known here
	MomentBooked    = "booked"         // it is in the books
	MomentReceipt   = "receipt"        // its receipt has its number
	MomentVoided    = "receipt_voided" // a refund voided the receipt
	MomentRefund    = "refund"         // money went back
	MomentClosed    = "closed"         // cancelled, expired or replaced
	MomentException = "exception"      // WeChat took money that does not match the order
	MomentInvoice   = "invoice"        // a tax invoice was requested, issued or refused
)

// Moment is one thing that happened to an order, with a number that proves it.
type Moment struct {
	Kind string
	At   models.Time
	Text string // Chinese, for owners and staff
	// Evidence is a number by which it can be looked up, such as a prepay id, a
	// transaction id or the number of a receipt. It may be empty.
	Evidence string
}

// momentSources return what is known of an order, each a part of it. A new part
// of the product adds its own.
var momentSources = []func(tx *store.Tx, o *money.Order, p *money.Payment) ([]Moment, error){
	orderMoments, endMoments, paymentMoments, refundMoments, receiptMoments, invoiceMoments,
}

// Timeline returns what happened to an order, oldest first: ordered, placed at
// WeChat, charged, learned, booked, receipt.
func (s *Service) Timeline(ctx context.Context, no string) ([]Moment, error) {
	view := s.DB.View(ctx)
	o, err := money.OrderByNo(view, no)
	if err != nil {
		return nil, err
	}
	var payment *money.Payment
	p, err := money.PaymentOfOrder(view, no)
	switch {
	case err == nil:
		payment = &p
	case !errors.Is(err, models.ErrNotFound):
		return nil, err
	}
	var out []Moment
	for _, source := range momentSources {
		part, err := source(view, &o, payment)
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
	}
	// WeChat's times are whole seconds of its own clock. Within one second the order of the
	// sources is the right one, and nothing is charged before it was ordered.
	floor := o.CreatedAt
	if payment != nil && o.PlacedAt.After(floor.Time) && o.PlacedAt.Before(payment.BookedAt.Time) {
		floor = o.PlacedAt
	}
	when := func(m Moment) time.Time {
		if m.Kind == MomentCharged && m.At.Before(floor.Time) {
			return floor.Truncate(time.Second)
		}
		return m.At.Truncate(time.Second)
	}
	slices.SortStableFunc(out, func(a, b Moment) int { return when(a).Compare(when(b)) })
	return out, nil
}

// orderMoments returns how an order was made.
func orderMoments(_ *store.Tx, o *money.Order, _ *money.Payment) ([]Moment, error) {
	out := []Moment{{MomentOrdered, o.CreatedAt, "创建订单", o.No}}
	if !o.PlacedAt.IsZero() {
		out = append(out, Moment{MomentPlaced, o.PlacedAt, "微信支付受理下单", o.PrepayID})
	}
	return out, nil
}

// endMoments returns how an order ended, other than by being paid.
func endMoments(tx *store.Tx, o *money.Order, _ *money.Payment) ([]Moment, error) {
	entries, err := office.AuditEntries(tx, office.AuditFilter{Subject: "order", SubjectID: o.No, Limit: maxMoments})
	if err != nil {
		return nil, err
	}
	var out []Moment
	for _, e := range entries {
		switch e.Action {
		case "order.closed":
			out = append(out, Moment{MomentClosed, e.At, "订单关闭", ""})
		case "order.exception":
			out = append(out, Moment{MomentException, e.At, "微信收款与订单不符，等待物业核实", ""})
		}
	}
	return out, nil
}

// maxMoments limits what is read of an order's history.
const maxMoments = 100

// learnedTexts describe how a payment became known.
var learnedTexts = map[string]string{
	money.LearnedByCallback: "收到微信支付通知", money.LearnedByQuery: "向微信支付查询得知", money.LearnedByReconcile: "对账得知",
}

// paymentMoments returns how an order was paid and booked.
func paymentMoments(_ *store.Tx, o *money.Order, p *money.Payment) ([]Moment, error) {
	if p == nil {
		return nil, nil
	}
	learned, ok := learnedTexts[p.Source]
	if !ok {
		learned = "得知付款（" + p.Source + "）"
	}
	booked := "入账"
	if p.SurplusFen > 0 {
		booked += "，其中 " + p.SurplusFen.String() + " 元的账单已由他处缴清，转入房间预存"
	}
	return []Moment{
		{MomentCharged, p.PaidAt, "微信支付扣款成功", o.TransactionID},
		{MomentLearned, p.BookedAt, learned, o.TransactionID},
		{MomentBooked, p.BookedAt, booked, p.ID},
	}, nil
}

// receiptMoments returns the receipts of a payment.
func receiptMoments(tx *store.Tx, _ *money.Order, p *money.Payment) ([]Moment, error) {
	if p == nil {
		return nil, nil
	}
	list, err := receipts.ReceiptsOfPayment(tx, p.ID)
	if err != nil {
		return nil, err
	}
	var out []Moment
	for i := len(list) - 1; i >= 0; i-- {
		r := &list[i]
		if r.Seq != nil {
			text := "开具收据"
			if r.Version > 1 {
				text = "退款后重新开具收据，" + r.AmountFen.String() + " 元"
			}
			out = append(out, Moment{MomentReceipt, r.NumberedAt, text, r.Number()})
		}
		if r.Status == receipts.ReceiptVoid {
			out = append(out, Moment{MomentVoided, r.VoidedAt, "收据作废：" + r.VoidReason, r.Number()})
		}
	}
	return out, nil
}

// invoiceMoments returns the requests for tax invoices of a payment.
func invoiceMoments(tx *store.Tx, _ *money.Order, p *money.Payment) ([]Moment, error) {
	if p == nil {
		return nil, nil
	}
	list, err := receipts.InvoicesOfPayment(tx, p.ID)
	var out []Moment
	for i := len(list) - 1; i >= 0; i-- {
		r := &list[i]
		out = append(out, Moment{MomentInvoice, r.CreatedAt, "申请发票", ""})
		switch r.Status {
		case receipts.InvoiceIssued:
			out = append(out, Moment{MomentInvoice, r.DecidedAt, "发票已开具", r.InvoiceNo})
		case receipts.InvoiceRefused:
			out = append(out, Moment{MomentInvoice, r.DecidedAt, "发票申请未通过：" + r.Reason, ""})
		}
	}
	return out, err
}
