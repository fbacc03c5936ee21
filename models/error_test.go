package models_test

import (
	"errors"
	"testing"

	"wuyepay/models"
)

func TestError(t *testing.T) {
	t.Parallel()
	bare := models.Refusal(models.KindConflict, "ORDER_PAID", "订单已支付")
	cause := errors.New("row 7")
	full := bare.With("no1", 2).Because(cause)
	if !errors.Is(full, bare) || !errors.Is(full, cause) || !errors.Is(bare, full) {
		t.Error("a refusal is found by its code, with details and cause and without")
	}
	if errors.Is(full, models.ErrNotFound) || errors.Is(full, models.Invalid("OTHER", "")) {
		t.Error("a refusal is found by another code")
	}
	if len(bare.Details) != 0 || bare.Unwrap() != nil || bare.Error() != "ORDER_PAID: 订单已支付" {
		t.Errorf("the bare form became %+v", bare)
	}
	if full.Error() != "ORDER_PAID: 订单已支付: row 7" || len(full.Details) != 2 || full.Kind != models.KindConflict {
		t.Errorf("the full form is %+v", full)
	}
	if e, ok := models.AsError(errors.Join(cause, full)); !ok || e != full {
		t.Errorf("in a chain it is %v", e)
	}
	if e, ok := models.AsError(cause); ok || e != nil {
		t.Errorf("a fault of ours is the refusal %v", e)
	}
	if e := models.Invalid("X", "x"); e.Kind != models.KindInvalid {
		t.Errorf("invalid input is of the kind %d", e.Kind)
	}
}
