package money

import (
	"errors"
	"time"

	"wuyepay/models"
	"wuyepay/models/store"
)

// IdempotencyKey keeps the answer to a request that may come again. Its times are
// real time.
type IdempotencyKey struct {
	UserID    string
	IdemKey   string
	BodyHash  string
	State     string // running or done
	Status    int
	Answer    string
	CreatedAt models.Time
}

// IdempotencyKept is how long a key is remembered.
const IdempotencyKept = 24 * time.Hour

// ErrKeyReused says that the key came with another body before.
var ErrKeyReused = models.Refusal(models.KindConflict, "IDEMPOTENCY_KEY_REUSED", "该幂等键已用于另一请求")

// staleRun is after how long a request that never finished (the process died) may
// be tried anew: longer than any request lives.
const staleRun = time.Minute

var sqlClaimIdempotent = store.Hot("INSERT INTO idempotency_keys (user_id, idem_key, body_hash, state, status, answer, created_at) VALUES (?,?,?,'running',0,'',?)")

// ClaimIdempotent claims a key that nobody has used, with a single statement;
// false: somebody has, and [BeginIdempotent] decides.
func ClaimIdempotent(tx *store.Tx, userID, key, bodyHash string) (bool, error) {
	_, err := tx.Exec(sqlClaimIdempotent, userID, key, bodyHash, models.RealNow())
	if err != nil && tx.IsDuplicate(err) {
		return false, nil
	}
	return err == nil, err
}

// BeginIdempotent claims a key: nil means it is ours to carry out. Otherwise it
// gives what is known of it: running elsewhere, or done with its answer.
func BeginIdempotent(tx *store.Tx, userID, key, bodyHash string) (*IdempotencyKey, error) {
	now := models.RealNow()
	claimed, err := ClaimIdempotent(tx, userID, key, bodyHash)
	if err != nil || claimed {
		return nil, err
	}
	var have IdempotencyKey
	err = tx.QueryRow([]any{&have.BodyHash, &have.State, &have.Status, &have.Answer, &have.CreatedAt},
		"SELECT body_hash, state, status, COALESCE(answer, ''), created_at FROM idempotency_keys WHERE user_id = ? AND idem_key = ?"+store.ForUpdate, userID, key)
	if errors.Is(err, models.ErrNotFound) { // forgotten between the two statements
		return &IdempotencyKey{State: "running"}, nil
	}
	if err != nil {
		return nil, err
	}
	age := now.Sub(have.CreatedAt.Time)
	if age > IdempotencyKept || (have.State == "running" && age > staleRun && have.BodyHash == bodyHash) {
		return nil, tx.ExecOne("UPDATE idempotency_keys SET body_hash = ?, state = 'running', status = 0, answer = '', created_at = ? WHERE user_id = ? AND idem_key = ?",
			bodyHash, now, userID, key)
	}
	if have.BodyHash != bodyHash {
		return nil, ErrKeyReused
	}
	return &have, nil
}

var sqlFinishIdempotent = store.Hot("UPDATE idempotency_keys SET state = 'done', status = ?, answer = ? WHERE user_id = ? AND idem_key = ? AND state = 'running'")

// FinishIdempotent keeps the answer, with a single statement.
func FinishIdempotent(tx *store.Tx, userID, key string, status int, answer string) error {
	return tx.ExecOne(sqlFinishIdempotent, status, answer, userID, key)
}

// ForgetIdempotent frees a key whose request ended in a fault of ours, so that it
// can be tried again: also when tried, an answer of this very request, was kept by
// a statement whose outcome nobody learned. It is a single statement.
func ForgetIdempotent(tx *store.Tx, userID, key, tried string) error {
	_, err := tx.Exec("DELETE FROM idempotency_keys WHERE user_id = ? AND idem_key = ? AND (state = 'running' OR (answer = ? AND answer <> ''))", userID, key, tried)
	return err
}

// PurgeIdempotent removes keys that are past remembering.
func PurgeIdempotent(tx *store.Tx) (int64, error) {
	return tx.Exec("DELETE FROM idempotency_keys WHERE created_at < ?", models.At(models.RealNow().Add(-IdempotencyKept)))
}
