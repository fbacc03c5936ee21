package payment

import (
	"context"
	"strings"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Refusals of [Service.EndException].
var (
	ErrNoException = models.Refusal(models.KindConflict, "NO_EXCEPTION", "该订单不是异常订单")
	ErrNoReason    = models.Invalid("REASON_REQUIRED", "请填写处理说明")
)

// MaxReason is how many characters a reason may have.
const MaxReason = 200

// EndException closes an order whose payment at WeChat did not match it, after
// staff have checked it on WeChat's merchant platform. Its bills can then be
// paid again. The money itself stays a finding of that day's reconciliation
// until it is handled there. The reason is stored in the audit log.
func (s *Service) EndException(ctx context.Context, by models.Actor, no, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" || len([]rune(reason)) > MaxReason {
		return ErrNoReason
	}
	return s.DB.Write(ctx, func(tx *store.Tx) error {
		ended, err := money.EndException(tx, no)
		if err != nil {
			return err
		}
		if !ended {
			return ErrNoException
		}
		if err := money.ReleaseClaims(tx, no); err != nil {
			return err
		}
		return office.Audit(tx, by, "order.exception_ended", "order", no, map[string]string{"reason": reason})
	})
}
