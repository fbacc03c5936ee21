package billingtest

import (
	"context"
	"testing"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/store"
)

// Adjust makes an adjustment in a transaction of its own.
func Adjust(t *testing.T, db *store.DB, m billing.Approval, a billing.Adjustment) (billing.Effect, error) {
	t.Helper()
	var e billing.Effect
	err := db.Write(context.Background(), func(tx *store.Tx) (err error) {
		e, err = billing.Adjust(tx, m, a)
		return err
	})
	return e, err
}

// The two persons of every adjustment.
var (
	Requester = models.Actor{Kind: models.ActorStaff, ID: "asker", Name: "申请人"}
	approver  = models.Actor{Kind: models.ActorStaff, ID: "approver", Name: "审批人"}
	Approval  = billing.Approval{Asked: Requester, Approved: approver, Reason: "测试"} // by approver, of what Requester asked
)
