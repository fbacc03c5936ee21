package money

import (
	"context"
	"fmt"

	"wuyepay/models/store"
)

// StoredResponse is the answer to a request that may come again, as it will be
// repeated: what an [IdempotencyKey] of the user and the key keeps.
type StoredResponse struct {
	UserID string
	Key    string
	Status int    // of HTTP
	Answer string // JSON
}

var sqlSavePrepayResult = store.HotOnMySQL(`UPDATE orders o JOIN idempotency_keys k ON k.user_id = ? AND k.idem_key = ?
	SET o.prepay_id = ?, o.placed_at = ?, o.updated_at = ?, k.state = 'done', k.status = ?, k.answer = ?
	WHERE o.no = ? AND o.status = 'pending' AND k.state = 'running'`)

// SavePrepayResult keeps WeChat's prepay id of an order that is still pending together
// with the answer to the phone that asked for it: both or neither. It returns false,
// and nothing is kept, if the order has ended in the meantime or the key is not
// running. As with [store.DB.Write] an error leaves the outcome unknown.
//
// In MySQL one statement changes both rows, in one round trip; SQLite has no such
// statement, and no trip to save.
func SavePrepayResult(ctx context.Context, db *store.DB, no, prepayID string, a StoredResponse) (kept bool, err error) {
	if db.OnMySQL() {
		err = db.WriteOne(ctx, func(tx *store.Tx) error {
			n, err := tx.Exec(sqlSavePrepayResult, a.UserID, a.Key, prepayID, tx.Now, tx.Now, a.Status, a.Answer, no)
			if err == nil && n != 0 && n != 2 {
				err = fmt.Errorf("money: an order and its answer are %d rows", n)
			}
			kept = n == 2
			return err
		})
		return kept && err == nil, err
	}
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		if kept, err = KeepPrepayID(tx, no, prepayID); err != nil || !kept {
			return err
		}
		return FinishIdempotent(tx, a.UserID, a.Key, a.Status, a.Answer)
	})
	return kept && err == nil, err
}
