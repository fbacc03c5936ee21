package handlers

import (
	"context"
	"net/http"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/payment"
	"wuyepay/wechat"
)

// ShareTokenIn is a share by its token.
type ShareTokenIn struct {
	Token string `path:"token" maxLength:"64"`
}

// SharedBills is a share as the person who has its token sees it: nothing of it tells who
// lives where.
type SharedBills struct {
	Status      string       `json:"status" enum:"open,paid" doc:"paid: nothing is left to be paid"`
	RoomMasked  string       `json:"room_masked" example:"云杉苑 1栋****"`
	OwnerMasked string       `json:"owner_masked" example:"王**"`
	TotalFen    models.Fen   `json:"total_fen" doc:"What is left to be paid today: expected_total_fen of the order"`
	ExpiresAt   *string      `json:"expires_at" format:"date-time"`
	Bills       []SharedBill `json:"bills" doc:"Earliest due first; paid ones too, which owe nothing"`
}

// SharedBill is a bill without what is nobody else's business.
type SharedBill struct {
	ID             string        `json:"id"`
	Item           string        `json:"item"`
	PeriodStart    string        `json:"period_start" format:"date"`
	PeriodEnd      string        `json:"period_end" format:"date"`
	DueOn          string        `json:"due_on" format:"date"`
	Status         string        `json:"status" enum:"unpaid,partial,paid,void"`
	PrincipalFen   models.Fen    `json:"principal_fen"`
	OutstandingFen models.Fen    `json:"outstanding_fen"`
	LateFee        SharedLateFee `json:"late_fee"`
	DueFen         models.Fen    `json:"due_fen" doc:"outstanding_fen + late_fee.due_fen"`
	OverdueDays    int           `json:"overdue_days"`
}

// SharedLateFee is how the late fee came about.
type SharedLateFee struct {
	Rate       string      `json:"rate" doc:"Per day"`
	GraceDays  int         `json:"grace_days"`
	Days       int         `json:"days"`
	Segments   []Segment   `json:"segments"`
	AccruedFen models.Fen  `json:"accrued_fen"`
	CapFen     *models.Fen `json:"cap_fen" doc:"null: no cap"`
	WaivedFen  models.Fen  `json:"waived_fen"`
	PaidFen    models.Fen  `json:"paid_fen"`
	DueFen     models.Fen  `json:"due_fen"`
}

func sharedBill(s *billing.BillState) SharedBill {
	b := billView(s)
	l := b.LateFee
	return SharedBill{ID: b.ID, Item: b.Item, PeriodStart: b.PeriodStart, PeriodEnd: b.PeriodEnd, DueOn: b.DueOn,
		Status: b.Status, PrincipalFen: b.PrincipalFen,
		OutstandingFen: b.OutstandingFen, DueFen: b.DueFen, OverdueDays: b.OverdueDays,
		LateFee: SharedLateFee{Rate: l.Rate, GraceDays: l.GraceDays, Days: l.Days,
			Segments: l.Segments, AccruedFen: l.AccruedFen, CapFen: l.CapFen, WaivedFen: l.WaivedFen, PaidFen: l.PaidFen, DueFen: l.DueFen}}
}

// SharedBillsOut is an opened share.
type SharedBillsOut struct{ Body SharedBills }

// OpenShare shows a share to the person who has its token.
func (a *API) OpenShare(ctx context.Context, in *ShareTokenIn) (*SharedBillsOut, error) {
	s, err := a.Pay.OpenShare(ctx, user(ctx).ID, in.Token)
	if err != nil {
		return nil, err
	}
	out := &SharedBillsOut{Body: SharedBills{
		Status: "open", RoomMasked: s.Community + " " + s.Room, OwnerMasked: s.Owner, TotalFen: s.TotalFen, ExpiresAt: instant(s.ExpiresAt),
		Bills: make([]SharedBill, len(s.Bills)),
	}}
	if s.Paid() {
		out.Body.Status = "paid"
	}
	for i := range s.Bills {
		out.Body.Bills[i] = sharedBill(&s.Bills[i])
	}
	return out, nil
}

// ShareOrderBody is what the phone showed.
type ShareOrderBody struct {
	ExpectedTotalFen models.Fen `json:"expected_total_fen" minimum:"1" maximum:"100000000000" doc:"total_fen of the share as shown, or of the bills chosen"`
	BillIDs          []string   `json:"bill_ids" maxItems:"200" required:"false" doc:"Some of the share's bills; absent: all that are left. Needed where MERCHANTS_MIXED says so"`
}

// ShareOrderIn asks for an order by a share.
type ShareOrderIn struct {
	ShareTokenIn
	IdempotencyKey string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"128" pattern:"^[!-~]+$" patternDescription:"可见 ASCII 字符" doc:"As of POST /orders"`
	Body           ShareOrderBody
}

// CreateShareOrder makes an order for what is left to be paid of a share, or for some
// of its bills.
func (a *API) CreateShareOrder(ctx context.Context, in *ShareOrderIn) (*CreateOrderOut, error) {
	u := user(ctx)
	same := []any{"share", in.Token, in.Body} // the same key for another share is another request
	body, err := idempotent(ctx, a, u.ID, in.IdempotencyKey, same, func(ctx context.Context, run *once[PaidOrder]) (*PaidOrder, error) {
		c, err := a.Pay.CheckoutShare(ctx, u, in.Token, in.Body.ExpectedTotalFen,
			func(c *payment.Checkout) (money.StoredResponse, error) { return run.answer(paidOrder(c)) }, in.Body.BillIDs...)
		if err != nil {
			return nil, err
		}
		run.kept = c.ResponseStored
		return paidOrder(c), nil
	})
	if err != nil {
		return nil, err
	}
	return &CreateOrderOut{Status: http.StatusCreated, Body: *body}, nil
}

// ImageOut is a picture.
type ImageOut struct {
	ContentType string `header:"Content-Type"`
	Body        []byte `contentType:"image/jpeg"`
}

// ShareCode returns the mini-program code of a share, to be shown on paper or another
// screen: scanned in WeChat it opens the share's page with the token as its scene.
func (a *API) ShareCode(ctx context.Context, in *ShareTokenIn) (*ImageOut, error) {
	if _, err := a.Pay.OpenShare(ctx, user(ctx).ID, in.Token); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, wechatBudget)
	defer cancel()
	image, err := a.Mini.QRCode(ctx, wechat.Code{Scene: in.Token, Page: payment.SharePage})
	if err != nil { // busy, or it does not know the page: the link still serves
		return nil, payment.ErrUnavailable.Because(err)
	}
	return &ImageOut{ContentType: http.DetectContentType(image), Body: image}, nil
}
