package models

import (
	"context"
	"fmt"
)

// KeptAnswer is the answer to a request that may come again, as it will be
// repeated.
type KeptAnswer struct {
	UserID string
	Key    string
	Status int    // of HTTP
	Answer string // JSON
}

var sqlKeepPlaced = hotOnMySQL(`UPDATE orders o JOIN idempotency_keys k ON k.user_id = ? AND k.idem_key = ?
	SET o.prepay_id = ?, o.updated_at = ?, k.state = 'done', k.status = ?, k.answer = ?
	WHERE o.no = ? AND o.status = 'pending' AND k.state = 'running'`)

// KeepPlaced keeps WeChat's prepay id of an order that is still pending together
// with the answer to the phone that asked for it: both or neither. False: the order
// has ended in the meantime, or the key is not running, and nothing is kept.
//
// In MySQL one statement changes both rows, in one round trip; SQLite has no such
// statement, and no trip to save. As with [DB.Write] an error leaves the outcome
// unknown.
func (db *DB) KeepPlaced(ctx context.Context, no, prepayID string, a KeptAnswer) (kept bool, err error) {
	if db.dialect.name == mysqlDialect.name {
		err = db.WriteOne(ctx, func(tx *Tx) error {
			n, err := tx.exec(sqlKeepPlaced, a.UserID, a.Key, prepayID, tx.Now, a.Status, a.Answer, no)
			if err == nil && n != 0 && n != 2 {
				err = fmt.Errorf("models: an order and its answer are %d rows", n)
			}
			kept = n == 2
			return err
		})
		return kept && err == nil, err
	}
	err = db.Write(ctx, func(tx *Tx) (err error) {
		if kept, err = tx.KeepPrepayID(no, prepayID); err != nil || !kept {
			return err
		}
		return tx.FinishIdempotent(a.UserID, a.Key, a.Status, a.Answer)
	})
	return kept && err == nil, err
}
