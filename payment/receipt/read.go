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

// Refusals of [Service.ReceiptOfOrder] and [Service.AskInvoice].
var (
	ErrNotPaid   = models.Refusal(models.KindConflict, "ORDER_NOT_PAID", "订单尚未支付，没有收据")
	ErrNoReceipt = models.Refusal(models.KindConflict, "RECEIPT_NONE", "该订单的款项已全部退回，没有收据")
)

// ReceiptOfOrder returns the latest receipt of a paid order, numbered. A receipt that
// has no number yet gets it now; a payment from before there were receipts gets its
// receipt now, in this year's series. After a full refund the latest one is void.
//
// Names are not masked: the caller must have checked that the reader may see the order.
//
// It returns [ErrNotPaid], [models.ErrNotFound] for an unknown order, and [ErrNoReceipt]
// for a payment from before there were receipts of which something has gone back.
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
		if err = whole(view, &o, &p); err == nil {
			list, err = s.issueLate(ctx, &p)
		}
	}
	if err != nil {
		return nil, err
	}
	return s.document(ctx, list[0])
}

// whole returns [ErrNoReceipt] if something of a payment has gone back. An order whose
// refund is only under way has all of its money still.
func whole(view *store.Tx, o *money.Order, p *money.Payment) error {
	if o.Status == money.OrderPaid {
		return nil
	}
	sum, err := money.RefundSumOf(view, *p)
	if err == nil && (o.Status != money.OrderRefunding || sum.RefundedFen > 0) {
		err = ErrNoReceipt
	}
	return err
}

// issueLate issues the receipt of a payment that has none, and returns the versions that
// the payment has then. If two readers ask at once, one receipt is issued: [Issue] keeps
// one that exists.
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

// document returns a receipt ready to be written. It numbers the whole series first if the
// receipt has no number: to number this one alone would leave older ones for later
// numbers. Owner and room are in full; see [Document.Mask].
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

// PublicReceipt returns a receipt to a reader who has scanned its code, with names masked.
// It returns [models.ErrNotFound] both for a wrong token and for an unknown receipt, so
// that nobody learns which receipts exist. Tokens are compared in constant time.
//
// A receipt whose seal is broken is returned to nobody: the page would call genuine what
// somebody has changed in the database.
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

// Mask hides names and the room from a reader who is neither the owner nor staff. It keeps
// the first character of the owner's name and the building, and drops the payer. Party
// still has owner and room in full; a page must show Owner and Room instead.
func (p *Document) Mask() {
	p.Owner, p.Room, p.Party.Payer = models.MaskName(p.Party.Owner), models.MaskRoom(p.Party.Room), ""
}

// FileName returns the value of the HTTP header Content-Disposition for the PDF. The
// Chinese name is encoded as RFC 6266 says, with a plain one for old clients.
func (p *Document) FileName() string {
	return `attachment; filename="receipt.pdf"; filename*=UTF-8''` + url.PathEscape("收据-"+p.Number()+".pdf")
}

// ReceiptByID returns any version of a receipt, void ones included, numbered and with names
// in full; or [models.ErrNotFound]. The caller checks what the reader may see.
func (s *Service) ReceiptByID(ctx context.Context, id string) (*Document, error) {
	r, err := receipts.ReceiptByID(s.DB.View(ctx), id)
	if err != nil {
		return nil, err
	}
	return s.document(ctx, r)
}
