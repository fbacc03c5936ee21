package handlers

import (
	"context"
	"net/http"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/money"
	"wuyepay/models/receipts"
	"wuyepay/payment/receipt"
)

// InvoiceIn asks for a tax invoice.
type InvoiceIn struct {
	OrderIn
	Body struct {
		Kind  string `json:"kind" enum:"personal,company"`
		Title string `json:"title" minLength:"2" maxLength:"100" example:"福州某某科技有限公司"`
		TaxNo string `json:"tax_no" maxLength:"40" required:"false" example:"91350100M000100Y43" doc:"Of a company: unified social credit code, 18 characters; a personal title has none"`
	}
}

// Invoice is a request for a tax invoice, and its answer.
type Invoice struct {
	Status    string     `json:"status" enum:"asked,issued,refused"`
	Kind      string     `json:"kind" enum:"personal,company"`
	Title     string     `json:"title"`
	TaxNo     string     `json:"tax_no"`
	AmountFen models.Fen `json:"amount_fen"`
	InvoiceNo string     `json:"invoice_no" doc:"Empty until issued"`
	Reason    string     `json:"reason" doc:"Why it was refused; else empty"`
	CreatedAt *string    `json:"created_at" format:"date-time"`
	DecidedAt *string    `json:"decided_at" format:"date-time" doc:"null while asked"`
}

// InvoiceOut is a request.
type InvoiceOut struct {
	Status int
	Body   Invoice
}

func invoiceOut(status int, r *receipts.InvoiceRequest) *InvoiceOut {
	return &InvoiceOut{status, Invoice{
		Status: r.Status, Kind: r.Kind, Title: r.Title, TaxNo: r.TaxNo, AmountFen: r.AmountFen, InvoiceNo: r.InvoiceNo, Reason: r.Reason,
		CreatedAt: instant(r.CreatedAt), DecidedAt: instant(r.DecidedAt),
	}}
}

// AskInvoice asks for a tax invoice for a paid order.
func (a *API) AskInvoice(ctx context.Context, in *InvoiceIn) (*InvoiceOut, error) {
	o, err := a.visible(ctx, in.No)
	if err != nil {
		return nil, err
	}
	r, err := a.Pay.Receipts.AskInvoice(ctx, user(ctx), o.No, receipt.InvoiceTitle{
		Kind: in.Body.Kind, Title: in.Body.Title, TaxNo: in.Body.TaxNo,
	})
	if err != nil {
		return nil, err
	}
	return invoiceOut(http.StatusCreated, &r), nil
}

// Invoice returns the latest request about an order: to the person who asked, and to those
// who are bound to the room. Who paid by a share does not see what the owner asked.
func (a *API) Invoice(ctx context.Context, in *OrderIn) (*InvoiceOut, error) {
	o, err := a.visible(ctx, in.No)
	if err != nil {
		return nil, err
	}
	view := a.DB.View(ctx)
	p, err := money.PaymentOfOrder(view, o.No)
	if err != nil {
		return nil, err
	}
	list, err := receipts.InvoicesOfPayment(view, p.ID)
	if err != nil {
		return nil, err
	}
	bound, err := estate.IsBound(view, user(ctx).ID, o.RoomID)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if bound || list[i].UserID == user(ctx).ID {
			return invoiceOut(http.StatusOK, &list[i]), nil
		}
	}
	return nil, models.ErrNotFound
}
