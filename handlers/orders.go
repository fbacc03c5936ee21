package handlers

import (
	"context"
	"errors"
	"net/http"
	"time"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/payment"
)

// OrderBody is what the owner wants to pay.
type OrderBody struct {
	RoomID           string     `json:"room_id" minLength:"1" maxLength:"64"`
	BillIDs          []string   `json:"bill_ids" maxItems:"200" doc:"Whole bills of the room; may be empty or absent when prepaying" required:"false"`
	PrepayFen        models.Fen `json:"prepay_fen" minimum:"0" maximum:"10000000" doc:"Paid in advance, on top of the bills" required:"false"`
	PrepayItem       string     `json:"prepay_item" maxLength:"40" doc:"The fee item that prepay_fen is for, one of GET /rooms/{room_id}/prepayment; empty or absent: any" required:"false"`
	PlanPartID       string     `json:"plan_part_id" maxLength:"64" doc:"A part of an instalment plan, instead of bills and prepayment: see GET /rooms/{room_id}/plans" required:"false"`
	ExpectedTotalFen models.Fen `json:"expected_total_fen" minimum:"1" maximum:"100000000000" doc:"The sum the phone showed, prepay_fen included"`
}

// CreateOrderIn asks for an order.
type CreateOrderIn struct {
	IdempotencyKey string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"128" pattern:"^[!-~]+$" patternDescription:"可见 ASCII 字符" doc:"Per user, kept 24 h: the same key with the same body gives the same answer"`
	Body           OrderBody
}

// PaidOrder is an order with what wx.requestPayment takes.
type PaidOrder struct {
	Order     Order             `json:"order"`
	PayParams payment.PayParams `json:"pay_params" doc:"Exactly what wx.requestPayment takes"`
}

// CreateOrderOut is an order ready to be paid.
type CreateOrderOut struct {
	Status int
	Body   PaidOrder
}

// CreateOrder makes an order and asks WeChat Pay for its payment.
func (a *API) CreateOrder(ctx context.Context, in *CreateOrderIn) (*CreateOrderOut, error) {
	u := user(ctx)
	body, err := idempotent(ctx, a, u.ID, in.IdempotencyKey, in.Body, func(ctx context.Context, run *once[PaidOrder]) (*PaidOrder, error) {
		c, err := a.Pay.Checkout(ctx, payment.CheckoutRequest{
			User: u, RoomID: in.Body.RoomID, BillIDs: in.Body.BillIDs, PrepayFen: in.Body.PrepayFen, PrepayItem: in.Body.PrepayItem,
			PlanPartID: in.Body.PlanPartID, ExpectedTotal: in.Body.ExpectedTotalFen,
			Response: func(c *payment.Checkout) (money.StoredResponse, error) { return run.answer(paidOrder(c)) },
		})
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

func paidOrder(c *payment.Checkout) *PaidOrder {
	return &PaidOrder{Order: orderView(c.Order, c.Lines, nil), PayParams: c.PayParams}
}

// OrderIn names an order.
type OrderIn struct {
	No string `path:"no"`
}

// OrderOut is one order.
type OrderOut struct{ Body Order }

// visible returns an order that the user made, or that pays for a room of theirs.
func (a *API) visible(ctx context.Context, no string) (money.Order, error) {
	view := a.DB.View(ctx)
	o, err := money.OrderByNo(view, no)
	if err != nil || o.UserID == user(ctx).ID {
		return o, err
	}
	seen, err := money.OrderInSight(view, user(ctx).ID, no)
	if err == nil && !seen {
		err = models.ErrNotFound
	}
	return o, err
}

// callbackLate is the age from which the callback of a pending order may be late,
// so that WeChat is worth asking: the phone asks right after wx.requestPayment.
const callbackLate = time.Second

// Order shows an order. While it is pending WeChat is asked, because the callback
// may be late; when WeChat does not answer, the order is shown as it stands here.
func (a *API) Order(ctx context.Context, in *OrderIn) (*OrderOut, error) {
	o, err := a.visible(ctx, in.No)
	if err != nil {
		return nil, err
	}
	if o.Status == money.OrderPending && a.DB.Now().Sub(o.CreatedAt.Time) >= callbackLate {
		asking, cancel := context.WithTimeout(ctx, wechatBudget)
		defer cancel()
		asked, err := a.Pay.QueryOrder(asking, o.No)
		if err != nil && !errors.Is(err, payment.ErrUnavailable) {
			return nil, err
		}
		if err == nil {
			o = asked
		}
	}
	return a.orderOut(ctx, o)
}

func (a *API) orderOut(ctx context.Context, o money.Order) (*OrderOut, error) {
	view := a.DB.View(ctx)
	lines, err := money.OrderLines(view, o.No)
	if err != nil {
		return nil, err
	}
	var refunds []money.Refund
	if o.WasPaid() {
		refunds, err = money.RefundsOfOrder(view, o.No)
	}
	return &OrderOut{Body: orderView(o, lines, refunds)}, err
}

// CloseOrder ends an order that is not paid.
func (a *API) CloseOrder(ctx context.Context, in *OrderIn) (*OrderOut, error) {
	o, err := a.Pay.Close(ctx, user(ctx).ID, in.No)
	if err != nil {
		return nil, err
	}
	return a.orderOut(ctx, o)
}

// OrdersIn chooses orders.
type OrdersIn struct {
	PageIn
	Cursor string `query:"cursor" pattern:"^[0-9A-Z]{26}$" patternDescription:"上一页的 next_cursor" doc:"next_cursor of the page before"`
}

// OrdersOut is a page of orders, newest first.
type OrdersOut struct {
	Body struct {
		Orders     []Order `json:"orders"`
		NextCursor string  `json:"next_cursor,omitempty"`
	}
}

// Orders lists the user's orders and those for their rooms, newest first.
func (a *API) Orders(ctx context.Context, in *OrdersIn) (*OrdersOut, error) {
	view := a.DB.View(ctx)
	orders, err := money.OrdersOfUser(view, user(ctx).ID, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &OrdersOut{}
	if len(orders) > in.Limit {
		orders = orders[:in.Limit]
		out.Body.NextCursor = orders[in.Limit-1].No
	}
	lines, err := money.LinesOfOrders(view, orders)
	if err != nil {
		return nil, err
	}
	refunds, err := money.RefundsOfOrders(view, numbersOf(orders))
	out.Body.Orders = make([]Order, len(orders))
	for i, o := range orders {
		out.Body.Orders[i] = orderView(o, lines[o.No], refunds[o.No])
	}
	return out, err
}
