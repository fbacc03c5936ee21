package payment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
	"wuyepay/payment/wechatpay"
)

const (
	// checkoutBudget limits all calls to WeChat of one checkout. The phone has
	// its answer within ten seconds, and the books need some time at the end.
	checkoutBudget = 7 * time.Second
	// firstTry limits the first call, so that there is time to repeat it.
	firstTry = 4 * time.Second
	// maxBills limits the bills of one order: ten years of monthly bills.
	maxBills = 200
	// MaxPrepay is the most that can be paid in advance at once: 100,000 yuan.
	MaxPrepay models.Fen = 10_000_000
)

// timeouts is how long WeChat is waited for. Tests end the waiting at a moment
// of their choice.
type timeouts struct {
	checkout, firstTry func(context.Context) (context.Context, context.CancelFunc)
}

// within returns a function that limits a context to a duration.
func within(d time.Duration) func(context.Context) (context.Context, context.CancelFunc) {
	return func(ctx context.Context) (context.Context, context.CancelFunc) { return context.WithTimeout(ctx, d) }
}

// Refusals of [Service.Checkout].
var (
	ErrNothingToPay = models.Invalid("NOTHING_TO_PAY", "请选择要缴纳的账单或填写预存金额")
	// ErrPrepayNotOwner: prepayment belongs to the owner of today.
	ErrPrepayNotOwner = models.Refusal(models.KindConflict, "PREPAY_NOT_OWNER", "预存属于房屋现业主，当前身份不能预存")
	// ErrPartAlone: a part of a plan is paid in an order of its own.
	ErrPartAlone = models.Invalid("PLAN_PART_ALONE", "分期款须单独缴纳，不能与账单或预存一起支付")
	// ErrOrderReplaced: another phone orders the same bills at the same time.
	ErrOrderReplaced = models.Refusal(models.KindConflict, "ORDER_REPLACED", "账单已在另一笔订单中支付，请刷新后再试")
)

// CheckoutRequest is what a phone wants to pay. ExpectedTotal is the sum that
// it showed, prepayment included.
type CheckoutRequest struct {
	User          estate.User
	RoomID        string
	BillIDs       []string
	PrepayFen     models.Fen
	PrepayItem    string // the fee item that prepayment is for; empty: any
	PlanPartID    string // a part of an instalment plan, instead of bills and prepayment
	ExpectedTotal models.Fen

	// Response, if not nil, makes the response that is stored for repeats of
	// the request.
	Response ResponseFunc
	shareID  string // the share by which the user pays; empty: none
}

// ResponseFunc returns the response to a checkout, which is repeated if the
// phone sends the same request again. It is stored together with WeChat's
// prepay id: both or neither.
type ResponseFunc func(*Checkout) (money.StoredResponse, error)

// Checkout is an order that is ready to be paid.
type Checkout struct {
	Order          money.Order
	Lines          []money.OrderLine
	PayParams      wechatpay.PayParams
	ResponseStored bool // the response of CheckoutRequest.Response is stored

	sent wechatpay.Order // what Order.Request contains and WeChat is sent
}

// BillDue is what a bill costs today, in the details of
// [billing.ErrAmountChanged].
type BillDue struct {
	BillID string     `json:"bill_id"`
	DueFen models.Fen `json:"due_fen"`
}

// AmountChange is the detail of [billing.ErrAmountChanged]: what the phone
// should have shown.
type AmountChange struct {
	TotalFen models.Fen `json:"total_fen"`
	Bills    []BillDue  `json:"bills"`
}

// Checkout makes an order for whole bills of a room, and prepayment on top, at
// today's amounts. An earlier open order for one of the bills is queried and
// closed at WeChat first.
//
// It returns [models.ErrNotFound] for a room that is not the user's or a bill
// that is not the room's, [billing.ErrBillPaid], [billing.ErrAmountChanged],
// [ErrNothingToPay] or [ErrUnavailable]. Then no order is left open.
func (s *Service) Checkout(ctx context.Context, req CheckoutRequest) (*Checkout, error) {
	if err := req.check(); err != nil {
		return nil, err
	}
	// A phone that disconnects must not leave a half-made order.
	ctx, cancel := s.timeouts.checkout(context.WithoutCancel(ctx))
	defer cancel()
	c, err := s.checkout(ctx, req)
	return c, inTime(ctx, err)
}

// checkout repeats the draft while open orders for the bills have to be closed first.
func (s *Service) checkout(ctx context.Context, req CheckoutRequest) (*Checkout, error) {
	// Another phone may place an order in the meantime, so try more than once.
	for range 3 {
		draft, inTheWay, err := s.draft(ctx, req)
		if err != nil {
			return nil, err
		}
		if draft != nil {
			return s.place(ctx, req, draft)
		}
		for _, no := range inTheWay {
			if err := s.replace(ctx, no); err != nil {
				return nil, err
			}
		}
	}
	return nil, ErrOrderReplaced
}

// check refuses a request that cannot be right whatever the bills cost.
func (r *CheckoutRequest) check() error {
	r.BillIDs = slices.Compact(slices.Sorted(slices.Values(r.BillIDs)))
	switch {
	case r.PlanPartID != "" && (len(r.BillIDs) > 0 || r.PrepayFen != 0):
		return ErrPartAlone
	case r.PlanPartID != "":
		return nil
	case len(r.BillIDs) == 0 && r.PrepayFen == 0:
		return ErrNothingToPay
	case len(r.BillIDs) > maxBills:
		return models.Invalid("TOO_MANY_BILLS", fmt.Sprintf("一次最多缴纳 %d 笔账单", maxBills))
	case r.PrepayFen < 0 || r.PrepayFen > MaxPrepay:
		return models.Invalid("PREPAY_OUT_OF_RANGE", "预存金额须在 0 至 "+MaxPrepay.String()+" 元之间")
	}
	return nil
}

// draft is transaction 1. It locks the bills, compares today's total with the
// one that was shown, and stores the order with what will be sent to WeChat. If
// other orders are open for the bills, it returns their numbers instead.
func (s *Service) draft(ctx context.Context, req CheckoutRequest) (draft *Checkout, inTheWay []string, err error) {
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		draft, inTheWay = nil, nil
		room, err := req.payerRoom(tx)
		if err != nil {
			return err
		}
		if req.PrepayFen > 0 {
			if err := billing.CheckPrepayItem(tx, room.Room, req.PrepayItem); err != nil {
				return err
			}
		}
		states, lines, total, err := lockPayables(tx, &req, room)
		if err != nil {
			return err
		}
		if err := checkVisible(room, states, req.PrepayFen, tx.Today()); err != nil {
			return err
		}
		m, err := s.merchantOf(tx, &req, room, states, lines)
		if err != nil {
			return err
		}
		if total != req.ExpectedTotal {
			return billing.ErrAmountChanged.With(amountChange(states, lines, total))
		}
		order, sent, err := s.newOrder(tx, req, room, m, total)
		if err != nil {
			return err
		}
		if err := money.InsertOrder(tx, &order, lines); err != nil {
			return err
		}
		if req.shareID != "" {
			if err := receipts.InsertShareOrder(tx, receipts.ShareOrder{
				OrderNo: order.No, ShareID: req.shareID, UserID: req.User.ID,
			}); err != nil {
				return err
			}
		}
		// No audit entry: the order's row holds who ordered what and when, and no money
		// has moved yet.
		draft = &Checkout{Order: order, Lines: lines, sent: sent}
		return nil
	})
	// The bills were not looked up before: mostly none is in another open order, and the
	// unique key reports it if one is.
	if err != nil {
		draft = nil
	}
	if errors.Is(err, money.ErrBillClaimed) {
		inTheWay, err = money.ClaimsOn(s.DB.View(ctx), req.BillIDs)
	}
	return draft, inTheWay, err
}

// lockPayables locks what is to be paid and fixes what it costs today: whole
// bills, or a part of a plan, whose bills are then set in the request.
func lockPayables(tx *store.Tx, req *CheckoutRequest,
	room estate.BoundRoom) (states []billing.BillState, lines []money.OrderLine, total models.Fen, err error) {
	if req.PlanPartID == "" {
		if states, err = billing.LockPayable(tx, room.ID, req.BillIDs); err == nil {
			lines, total = quote(states, req.PrepayFen)
		}
		return states, lines, total, err
	}
	splits, err := billing.LockPart(tx, room.ID, req.PlanPartID, room.Settlement)
	req.BillIDs = nil
	for _, s := range splits {
		states = append(states, s.Bill)
		lines = append(lines, money.OrderLine{BillID: s.Bill.ID, PrincipalFen: s.PrincipalFen, LateFeeFen: s.LateFeeFen})
		total = total.Plus(s.AmountFen())
		req.BillIDs = append(req.BillIDs, s.Bill.ID)
	}
	return states, lines, total, err
}

// checkVisible refuses bills of the room that the user must not see: those of
// the owner before or after, and items that a tenant has not agreed to pay.
// Only an owner of today can prepay.
func checkVisible(room estate.BoundRoom, states []billing.BillState, prepay models.Fen, today models.Date) error {
	for i := range states {
		if !fees.CanSee(room.BillVisibility, &states[i].Bill, today) {
			return models.ErrNotFound
		}
	}
	if prepay > 0 && !room.Owns(today) {
		return ErrPrepayNotOwner
	}
	return nil
}

// quote fixes what each bill costs today. A bill that costs nothing any more
// has no line.
func quote(states []billing.BillState, prepay models.Fen) (lines []money.OrderLine, total models.Fen) {
	total = prepay
	for i := range states {
		st := &states[i]
		if st.DueFen == 0 {
			continue
		}
		lines = append(lines, money.OrderLine{BillID: st.ID, PrincipalFen: st.OutstandingFen(), LateFeeFen: st.LateDueFen})
		total = total.Plus(st.DueFen)
	}
	return lines, total
}

// amountChange returns what each bill costs today or, of a part of a plan,
// takes of it.
func amountChange(states []billing.BillState, lines []money.OrderLine, total models.Fen) AmountChange {
	c := AmountChange{TotalFen: total, Bills: make([]BillDue, len(states))}
	for i := range states {
		c.Bills[i] = BillDue{BillID: states[i].ID}
		for _, l := range lines {
			if l.BillID == states[i].ID {
				c.Bills[i].DueFen = l.TotalFen()
			}
		}
	}
	return c
}

// newOrder returns the order and what is sent to WeChat for it.
func (s *Service) newOrder(tx *store.Tx, req CheckoutRequest, room estate.BoundRoom, m *Merchant,
	total models.Fen) (o money.Order, sent wechatpay.Order, err error) {
	if total <= 0 {
		return o, sent, ErrNothingToPay
	}
	if total > models.MaxFen {
		return o, sent, models.Invalid("AMOUNT_TOO_LARGE", "金额超出允许范围")
	}
	no := models.NewID()
	// WeChat accepts whole seconds only.
	expires := models.At(tx.Now.Add(s.validFor()).Truncate(time.Second))
	sent = wechatpay.Order{OutTradeNo: no, Description: describe(room, len(req.BillIDs), req.shareID != ""), OpenID: req.User.OpenID,
		NotifyURL: s.publicURL + "/wechat/pay/" + m.Name + "/notify", TotalFen: int64(total), ExpiresAt: expires.Time}
	text, err := json.Marshal(sent)
	if err != nil {
		return o, sent, err
	}
	return money.Order{
		No: no, UserID: req.User.ID, RoomID: room.ID, CommunityID: room.CommunityID, Merchant: m.Name, MchID: m.Config.MchID,
		SubMchID: m.Config.SubMchID, AppID: m.Config.ProviderApp(), SubAppID: m.Config.SubAppID, OpenID: req.User.OpenID,
		AmountFen: total, PrepayFen: req.PrepayFen, PrepayItem: req.PrepayItem, Status: money.OrderPending, QuotedOn: tx.Today(),
		Request: string(text), CreatedAt: tx.Now,
		ExpiresAt: expires, NextCheckAt: models.At(models.RealNow().Add(2 * checkoutBudget)), UpdatedAt: tx.Now,
	}, sent, nil
}

// describe returns the text that the payer reads at WeChat; wechatpay cuts it
// to length. A payer who uses a share does not learn the full room number there
// either.
func describe(room estate.BoundRoom, bills int, byShare bool) string {
	if bills == 0 {
		return "预存物业费 " + room.CommunityName + room.Name()
	}
	if byShare {
		return "物业费 " + room.CommunityName + models.MaskRoom(room.Name())
	}
	return "物业费 " + room.CommunityName + room.Name()
}

// replace ends an open order that prevents a new one. If it turns out to be
// paid, its bills are paid, and replace returns [billing.ErrBillPaid].
func (s *Service) replace(ctx context.Context, no string) error {
	o, err := s.endOrder(ctx, models.SystemActor("checkout"), no)
	switch {
	case err != nil:
		return err
	case o.WasPaid():
		return billing.ErrBillPaid
	case o.Status != money.OrderClosed:
		return ErrOrderReplaced // an exception, which staff have to resolve
	}
	return nil
}

// Close cancels an order at the payer's request: at WeChat, then here. An order
// that turns out to be paid is returned as paid, and one that has ended as it
// is.
func (s *Service) Close(ctx context.Context, userID, no string) (money.Order, error) {
	o, err := money.OrderByNo(s.DB.View(ctx), no)
	if err != nil {
		return o, err
	}
	if o.UserID != userID {
		return o, models.ErrNotFound
	}
	ctx, cancel := s.timeouts.checkout(context.WithoutCancel(ctx))
	defer cancel()
	o, err = s.endOrder(ctx, models.UserActor(userID), no)
	return o, inTime(ctx, err)
}

// endOrder queries a pending order, settles it if it is paid and closes it
// otherwise.
func (s *Service) endOrder(ctx context.Context, by models.Actor, no string) (money.Order, error) {
	o, err := s.QueryOrder(ctx, no)
	if err != nil || o.Status != money.OrderPending {
		return o, err
	}
	if err := s.closeAtWechat(ctx, by, o); err != nil {
		return o, err
	}
	ctx, cancel := BookingContext(ctx)
	defer cancel()
	return money.OrderByNo(s.DB.View(ctx), no)
}
