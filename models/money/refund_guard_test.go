package money_test

import (
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// A refund that has moved since it was read is not put off: what is final stays so.
func TestPostponedOnlyAsItWasRead(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	for _, tt := range []struct {
		was, now, fault string
		next            bool // it is to be asked about
		postponed       bool
	}{
		{money.RefundSending, money.RefundSending, "", true, true},
		{money.RefundSending, money.RefundProcessing, "", true, false},
		{money.RefundProcessing, money.RefundSuccess, "", false, false},
		{money.RefundProcessing, money.RefundClosed, money.RefundFaultClosed, false, false},
		{money.RefundClosed, money.RefundClosed, "REFUSED", true, true},   // in doubt
		{money.RefundClosed, money.RefundClosed, "REFUSED", false, false}, // confirmed meanwhile
	} {
		r := newRefund(t, db, newPayment(t, db, modelstest.Room(t, db)))
		next := 0
		if tt.next {
			next = 1
		}
		var got money.Refund
		modelstest.Unchecked(t, db, func(tx *store.Tx) error {
			_, err := tx.Exec("UPDATE refunds SET status = ?, fault = ?, next_check_at = ? WHERE no = ?", tt.now, tt.fault, next, r.No)
			if err == nil {
				err = money.PostponeRefund(tx, r.No, tt.was, "SLOW", models.At(tx.Now.Add(time.Hour)))
			}
			if err == nil {
				got, err = money.RefundByNo(tx, r.No)
			}
			return err
		})
		if (got.Fault == "SLOW") != tt.postponed || got.Status != tt.now {
			t.Errorf("read as %s, now %s (%s): %s, asked %d times", tt.was, tt.now, tt.fault, got.Fault, got.Checks)
		}
	}
}

// A refund that is not to be sent takes no slot from the others of its order.
func TestSlotOnlyForWhatIsSent(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	p := newPayment(t, db, modelstest.Room(t, db))
	r := newRefund(t, db, p) // asked for, and not approved
	var mine bool
	modelstest.Write(t, db, func(tx *store.Tx) (err error) {
		mine, err = money.ClaimRefundSlot(tx, &r)
		return err
	})
	sum, err := money.RefundSumOf(view(db), p)
	if err != nil || mine || !sum.LastSentAt.IsZero() {
		t.Errorf("mine %t, last sent %v (%v)", mine, sum.LastSentAt, err)
	}
}
