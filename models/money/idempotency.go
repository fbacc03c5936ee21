package money

import (
	"errors"
	"time"

	"wuyepay/models"
	"wuyepay/models/store"
)

// States of an [IdempotencyKey].
const (
	KeyRunning = "running" // somebody carries the request out
	KeyDone    = "done"    // the answer is there, to be repeated
)

// IdempotencyKey keeps the answer to a request that may come again. A phone that has
// lost the answer to an order asks for it once more with the same key, and has the same
// order instead of a second one. CreatedAt is real time.
type IdempotencyKey struct {
	UserID    string
	IdemKey   string // unique for the user
	BodyHash  string // of the request's body
	State     string
	Status    int    // of HTTP; 0 while it runs
	Answer    string // JSON; empty while it runs
	CreatedAt models.Time
}

// IdempotencyKept is how long a key is remembered.
const IdempotencyKept = 24 * time.Hour

// ErrKeyReused says that the key came with another body before.
var ErrKeyReused = models.Refusal(models.KindConflict, "IDEMPOTENCY_KEY_REUSED", "该幂等键已用于另一请求")

// staleRun is after how long a request that never finished (the process died) may
// be tried anew: longer than any request lives.
const staleRun = time.Minute

var idempotencyTable = store.NewTable[IdempotencyKey]("idempotency_keys").Hot(1)

// ClaimIdempotent claims a key that nobody has used, with a single statement. It returns
// false if somebody has: then [BeginIdempotent] decides.
func ClaimIdempotent(tx *store.Tx, userID, key, bodyHash string) (bool, error) {
	err := idempotencyTable.Insert(tx, IdempotencyKey{
		UserID: userID, IdemKey: key, BodyHash: bodyHash, State: KeyRunning, CreatedAt: models.RealNow(),
	})
	if err != nil && tx.IsDuplicate(err) {
		return false, nil
	}
	return err == nil, err
}

var sqlRestartIdempotent = idempotencyTable.Update("body_hash, state, status, answer, created_at", "user_id = ? AND idem_key = ?")

// BeginIdempotent claims a key: nil means that the request is the caller's to carry out.
// Otherwise it returns what is known of it: running elsewhere, or done with its answer.
// A key that is older than [IdempotencyKept], or whose run is stale, is claimed anew. It
// fails with [ErrKeyReused] if the key came with another body.
func BeginIdempotent(tx *store.Tx, userID, key, bodyHash string) (*IdempotencyKey, error) {
	now := models.RealNow()
	claimed, err := ClaimIdempotent(tx, userID, key, bodyHash)
	if err != nil || claimed {
		return nil, err
	}
	have, err := store.Row[IdempotencyKey](tx, `SELECT body_hash, state, status, COALESCE(answer, '') AS answer, created_at
		FROM idempotency_keys WHERE user_id = ? AND idem_key = ?`+store.ForUpdate, userID, key)
	if errors.Is(err, models.ErrNotFound) { // forgotten between the two statements
		return &IdempotencyKey{State: KeyRunning}, nil
	}
	if err != nil {
		return nil, err
	}
	age := now.Sub(have.CreatedAt.Time)
	if age > IdempotencyKept || (have.State == KeyRunning && age > staleRun && have.BodyHash == bodyHash) {
		return nil, sqlRestartIdempotent.One(tx, &IdempotencyKey{BodyHash: bodyHash, State: KeyRunning, CreatedAt: now}, userID, key)
	}
	if have.BodyHash != bodyHash {
		return nil, ErrKeyReused
	}
	return &have, nil
}

var sqlFinishIdempotent = store.Hot(`UPDATE idempotency_keys SET state = 'done', status = ?, answer = ?
	WHERE user_id = ? AND idem_key = ? AND state = 'running'`)

// FinishIdempotent keeps the answer, with a single statement.
func FinishIdempotent(tx *store.Tx, userID, key string, status int, answer string) error {
	return tx.ExecOne(sqlFinishIdempotent, status, answer, userID, key)
}

// ForgetIdempotent frees a key whose request ended in a fault, so that it can be tried
// again. A key that is done stays, unless its answer is tried: an answer of this very
// request, kept by a statement whose outcome nobody learned. It is a single statement.
func ForgetIdempotent(tx *store.Tx, userID, key, tried string) error {
	_, err := tx.Exec(`DELETE FROM idempotency_keys WHERE user_id = ? AND idem_key = ?
		AND (state = 'running' OR (answer = ? AND answer <> ''))`, userID, key, tried)
	return err
}

// PurgeIdempotent removes the keys that are older than [IdempotencyKept], and returns
// their number.
func PurgeIdempotent(tx *store.Tx) (int64, error) {
	n, err := store.G[IdempotencyKey](tx).Where("created_at < ?", models.At(models.RealNow().Add(-IdempotencyKept))).Delete(tx.Context())
	return int64(n), err
}
