package payment

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"wuyepay/models"
	"wuyepay/payment/wechatpay"
)

// Refusals of [Service.Notify]. Whatever is refused, WeChat repeats.
var (
	// ErrSignature: not proven to come from WeChat Pay.
	ErrSignature = models.Refusal(models.KindUnauthorized, "SIGN_ERROR", "签名验证失败")
	// ErrNotBooked: signed by WeChat Pay, but it does not fit our books; staff see it.
	ErrNotBooked = errors.New("payment: the notification settled nothing")
)

var callbackActor = models.SystemActor("wechat-callback")

// Notify takes a notification of WeChat Pay: nil once the money is durably booked
// or known to be booked already, and only then. The signature is checked before
// anything else.
//
// A notification with a good signature that does not fit an order settles
// nothing and gives [ErrNotBooked]; it is kept once for staff to see.
func (s *Service) Notify(ctx context.Context, merchant string, header http.Header, body []byte) error {
	m := s.merchants[merchant]
	if m == nil {
		return models.ErrNotFound
	}
	n, err := m.Client.ParseNotification(ctx, header, body)
	switch {
	case errors.Is(err, wechatpay.ErrMalformed):
		s.count(merchant, "malformed")
		return fmt.Errorf("%w: %w", ErrNotBooked, err)
	case err != nil:
		s.count(merchant, "bad_signature")
		return ErrSignature.Because(err)
	}
	if n.Transaction == nil || n.Transaction.State != wechatpay.StateSuccess {
		s.count(merchant, models.EventNotSuccess)
		return s.keep(ctx, models.CallbackEvent{Merchant: merchant, NotificationID: n.ID, Reason: models.EventNotSuccess, Detail: n.EventType})
	}
	done, err := s.settle(ctx, callbackActor, proofOf(m, *n.Transaction, models.LearnedByCallback))
	var mismatch *errMismatch
	if errors.As(err, &mismatch) {
		s.count(merchant, mismatch.reason)
		t := n.Transaction
		return s.keep(ctx, models.CallbackEvent{Merchant: merchant, NotificationID: n.ID, OrderNo: t.OutTradeNo, TransactionID: t.TransactionID,
			AmountFen: models.Fen(t.TotalFen), Reason: mismatch.reason, Detail: mismatch.detail})
	}
	if err != nil {
		s.count(merchant, "failed")
		return err
	}
	s.count(merchant, [...]string{outcomeBooked: "booked", outcomeRepeat: "repeat", outcomeSurplus: "surplus"}[done])
	return nil
}

// keep stores a notification that settled nothing, and says so.
func (s *Service) keep(ctx context.Context, e models.CallbackEvent) error {
	var isNew bool
	err := s.db.Write(ctx, func(tx *models.Tx) (err error) {
		isNew, err = tx.KeepEvent(&e)
		return err
	})
	if err != nil {
		return err
	}
	if isNew { // once, not at each of WeChat's repeats
		s.log.WarnContext(ctx, "notification settled nothing", "merchant", e.Merchant, "order", e.OrderNo, "reason", e.Reason, "detail", e.Detail)
	}
	return fmt.Errorf("%w: %s: %s", ErrNotBooked, e.Reason, e.Detail)
}

func proofOf(m *Merchant, t wechatpay.Transaction, learnedBy string) proof {
	return proof{Merchant: m.Name, OrderNo: t.OutTradeNo, TransactionID: t.TransactionID, AppID: t.AppID, MchID: t.MchID, SubMchID: t.SubMchID,
		OpenID: t.OpenID, Currency: t.Currency, TotalFen: models.Fen(t.TotalFen), PaidAt: models.At(t.SuccessTime), LearnedBy: learnedBy}
}
