package receipt

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/url"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
)

// Refusals of [Service.ReceiptOfOrder].
var (
	ErrNotPaid   = models.Refusal(models.KindConflict, "ORDER_NOT_PAID", "订单尚未支付，没有收据")
	ErrNoReceipt = models.Refusal(models.KindConflict, "RECEIPT_NONE", "该订单的款项已全部退回，没有收据")
)

// ReceiptOfOrder returns the latest receipt of a paid order, numbered. A receipt that
// has no number yet gets it now; a payment from before there were receipts gets its
// receipt now, in this year's series.
//
// It refuses with [ErrNotPaid] and [ErrNoReceipt].
func (s *Service) ReceiptOfOrder(ctx context.Context, no string) (*Document, error) {
	view := s.DB.View(ctx)
	o, err := money.OrderByNo(view, no)
	if err != nil {
		return nil, err
	}
	p, err := money.PaymentOfOrder(view, no)
	if errors.Is(err, models.ErrNotFound) {
		return nil, ErrNotPaid
	}
	if err != nil {
		return nil, err
	}
	list, err := receipts.ReceiptsOfPayment(view, p.ID)
	if err == nil && len(list) == 0 {
		if o.Status != money.OrderPaid {
			return nil, ErrNoReceipt
		}
		list, err = s.issueLate(ctx, &p)
	}
	if err != nil {
		return nil, err
	}
	return s.document(ctx, list[0])
}

// issueLate issues the receipt of a payment that has none.
func (s *Service) issueLate(ctx context.Context, p *money.Payment) ([]receipts.Receipt, error) {
	err := s.DB.Write(ctx, func(tx *store.Tx) error {
		if err := Issue(tx, p); err != nil {
			return err
		}
		return office.Audit(tx, models.SystemActor("receipts"), "receipt.issued_late", "payment", p.ID, nil)
	})
	if err != nil {
		return nil, err
	}
	return receipts.ReceiptsOfPayment(s.DB.View(ctx), p.ID)
}

// document makes a receipt ready to be written, and numbers it first.
func (s *Service) document(ctx context.Context, r receipts.Receipt) (*Document, error) {
	if r.Seq == nil {
		if _, err := s.numberSeries(ctx, receipts.ReceiptSeries{CommunityID: r.CommunityID, Year: r.SeriesYear}); err != nil {
			return nil, err
		}
		var err error
		if r, err = receipts.ReceiptByID(s.DB.View(ctx), r.ID); err != nil {
			return nil, err
		}
	}
	out := &Document{Receipt: r, URL: s.PublicURL + "/r/" + r.ID + "/" + r.Token}
	var err error
	if out.Party, err = r.Party(); err != nil {
		return nil, err
	}
	if out.Lines, err = r.Lines(); err != nil {
		return nil, err
	}
	out.Owner, out.Room = out.Party.Owner, out.Party.Room
	if r.Status == receipts.ReceiptVoid {
		all, err := receipts.ReceiptsOfPayment(s.DB.View(ctx), r.PaymentID)
		if err != nil {
			return nil, err
		}
		for i := range all {
			if all[i].ReplacesID == r.ID {
				out.Replaced = all[i].Number()
			}
		}
	}
	return out, nil
}

// PublicReceipt returns a receipt to the person who has its code, names masked. A wrong token
// and an unknown receipt answer alike: [models.ErrNotFound].
func (s *Service) PublicReceipt(ctx context.Context, id, token string) (*Document, error) {
	r, err := receipts.ReceiptByID(s.DB.View(ctx), id)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(r.Token), []byte(token)) != 1 {
		return nil, models.ErrNotFound
	}
	p, err := s.document(ctx, r)
	if err != nil {
		return nil, err
	}
	if !receipts.SealHolds(s.DB.View(ctx), &p.Receipt) {
		return nil, errors.New("payment: receipt " + r.ID + " is not as it was sealed")
	}
	p.Mask()
	return p, nil
}

// Mask hides who and where from somebody who is neither the owner nor staff.
func (p *Document) Mask() {
	p.Owner, p.Room, p.Party.Payer = models.MaskName(p.Party.Owner), models.MaskRoom(p.Party.Room), ""
}

// FileName is what the document is called, as a header of HTTP names it.
func (p *Document) FileName() string {
	return `attachment; filename="receipt.pdf"; filename*=UTF-8''` + url.PathEscape("收据-"+p.Number()+".pdf")
}

// ReceiptByID returns any version of a receipt, numbered.
func (s *Service) ReceiptByID(ctx context.Context, id string) (*Document, error) {
	r, err := receipts.ReceiptByID(s.DB.View(ctx), id)
	if err != nil {
		return nil, err
	}
	return s.document(ctx, r)
}
