package payment

import (
	"context"
	"errors"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/payment/wechatpay"
)

// Refusals of the desk because of an order at WeChat Pay for one of the bills.
var (
	ErrDeskPaid      = models.Refusal(models.KindConflict, "DESK_PAID_BY_WECHAT", "业主刚刚已用微信支付缴了其中的账单，本次没有入账，请不要再收这笔钱；请刷新后核对")
	ErrDeskPaying    = models.Refusal(models.KindConflict, "DESK_BEING_PAID", "业主正在用微信支付这些账单，本次没有入账；请稍等一分钟，刷新后再试")
	ErrDeskUnknown   = models.Refusal(models.KindUnavailable, "DESK_WECHAT_UNKNOWN", "这些账单有微信支付订单，微信支付暂时没有答复，不能确定业主是否已付，本次没有入账；请稍后再试")
	ErrDeskException = models.Refusal(models.KindConflict, "DESK_ORDER_EXCEPTION", "这些账单有一笔异常的微信订单待财务核对，请先在订单页面处理后再收款")
)

// clearBills ends the orders that are open at WeChat Pay for the bills that the
// money will settle, so that nobody can pay them a second time.
func (s *Service) clearBills(ctx context.Context, by office.Staff, req *DeskRequest) error {
	view := s.DB.View(ctx)
	room, _, err := estate.ScopedRoom(view, by.Scope(), req.RoomID)
	if err != nil {
		return err
	}
	plan, err := billing.PreviewChosen(view, room, req.PaidOn, req.BillIDs, req.AmountFen)
	if err != nil {
		return err
	}
	orders, err := money.OrdersAtWechatOn(view, settledBills(plan))
	if err != nil {
		return err
	}
	for _, no := range orders {
		if err := s.endForDesk(ctx, by.Actor(), no); err != nil {
			return err
		}
	}
	return nil
}

// endForDesk closes an order at WeChat Pay and here. If the order cannot be
// closed, or turns out to be paid, it returns a refusal. While the payer is
// typing a password at WeChat, the order must not be closed ([ErrDeskPaying]).
func (s *Service) endForDesk(ctx context.Context, by models.Actor, no string) error {
	o, err := money.OrderByNo(s.DB.View(ctx), no)
	if err != nil {
		return err
	}
	if !needsQuery(o) {
		return endedForDesk(o)
	}
	m, err := s.Merchant(o.Merchant)
	if err != nil {
		return err
	}
	var said wechatpay.Reply
	t, err := m.Client.Query(wechatpay.Capture(ctx, &said), no)
	if err == nil && t.State == wechatpay.StateUserPaying {
		if err := s.postpone(ctx, o); err != nil {
			return err
		}
		return ErrDeskPaying
	}
	err = s.applyAnswer(ctx, m, o, t, &said, err)
	if err == nil {
		if o, err = s.orderAfter(ctx, no); err == nil && o.Status == money.OrderPending {
			if err = s.closeAtWechat(ctx, by, o); err == nil {
				o, err = s.orderAfter(ctx, no)
			}
		}
	}
	if errors.Is(err, ErrUnavailable) {
		return ErrDeskUnknown.Because(err)
	}
	if err != nil {
		return err
	}
	return endedForDesk(o)
}

// orderAfter reads an order after WeChat's answer was booked.
func (s *Service) orderAfter(ctx context.Context, no string) (money.Order, error) {
	ctx, cancel := BookingContext(ctx)
	defer cancel()
	return money.OrderByNo(s.DB.View(ctx), no)
}

// endedForDesk returns the refusal for the state in which an order has ended,
// or nil.
func endedForDesk(o money.Order) error {
	switch o.Status {
	case money.OrderClosed:
		return nil
	case money.OrderException:
		return ErrDeskException
	case money.OrderPending:
		return ErrDeskPaying
	}
	return ErrDeskPaid
}
