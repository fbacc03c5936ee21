package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"time"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// ErrStillRunning says that the same request is being carried out at this moment
// and takes longer than the phone should wait.
var ErrStillRunning = models.Refusal(models.KindUnavailable, "REQUEST_IN_PROGRESS", "请求正在处理，请稍后再试")

const (
	pollEvery = 50 * time.Millisecond
	pollFor   = 9 * time.Second
)

// answer is how an outcome is kept: a body, or a refusal.
type answer[T any] struct {
	Body    *T       `json:"body,omitempty"`
	Failure *Failure `json:"failure,omitempty"`
}

// once is the carrying out of a request that has claimed its key.
type once[T any] struct {
	userID, key string
	tried       string // an answer that fn may have kept by itself
	kept        bool   // fn has kept it
}

// answer is what fn is to keep together with its own last change, so that one
// statement does for both.
func (o *once[T]) answer(body *T) (money.StoredResponse, error) {
	text, err := json.Marshal(answer[T]{Body: body})
	o.tried = string(text)
	return money.StoredResponse{UserID: o.userID, Key: o.key, Status: http.StatusOK, Answer: o.tried}, err
}

// idempotent carries a request out once a key: the same key with the same body
// gives the same answer, with another body ErrKeyReused. Two at once: the second
// waits for the first. A fault of ours or of WeChat's (5xx) is not remembered.
func idempotent[T any](ctx context.Context, a *API, userID, key string, body any,
	fn func(context.Context, *once[T]) (*T, error)) (*T, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(raw)
	known, err := begin(ctx, a, userID, key, hex.EncodeToString(sum[:]))
	if err != nil {
		return nil, err
	}
	if known != nil {
		return replay[T](ctx, known)
	}
	// The outcome is kept even if the phone has hung up: it will come again.
	ctx = context.WithoutCancel(ctx)
	run := &once[T]{userID: userID, key: key}
	done := answer[T]{}
	done.Body, err = fn(ctx, run)
	if err == nil && run.kept {
		return done.Body, nil
	}
	status := http.StatusOK
	if err != nil {
		done.Body, done.Failure = nil, Fail(ctx, a.Log, err)
		status = done.Failure.status
	}
	if err := finish(ctx, a, run, status, done); err != nil {
		return nil, err
	}
	if done.Failure != nil {
		return nil, done.Failure
	}
	return done.Body, nil
}

// finish keeps the outcome of a request, or frees its key.
func finish[T any](ctx context.Context, a *API, run *once[T], status int, done answer[T]) error {
	return a.DB.WriteOne(ctx, func(tx *store.Tx) error {
		if status >= http.StatusInternalServerError {
			return money.ForgetIdempotent(tx, run.userID, run.key, run.tried)
		}
		text, err := json.Marshal(done)
		if err != nil {
			return err
		}
		return money.FinishIdempotent(tx, run.userID, run.key, status, string(text))
	})
}

// begin claims the key, or waits for the person who holds it: nil means it is ours.
func begin(ctx context.Context, a *API, userID, key, hash string) (*money.IdempotencyKey, error) {
	ctx, cancel := context.WithTimeout(ctx, pollFor)
	defer cancel()
	fresh := false // nearly always it is
	err := a.DB.WriteOne(ctx, func(tx *store.Tx) (err error) {
		fresh, err = money.ClaimIdempotent(tx, userID, key, hash)
		return err
	})
	if fresh || (err != nil && ctx.Err() == nil) {
		return nil, err
	}
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		var known *money.IdempotencyKey
		err := a.DB.Write(ctx, func(tx *store.Tx) (err error) {
			known, err = money.BeginIdempotent(tx, userID, key, hash)
			return err
		})
		if err != nil && ctx.Err() == nil {
			return nil, err
		}
		if err == nil && (known == nil || known.State == money.KeyDone) {
			return known, nil
		}
		select {
		case <-ctx.Done():
			return nil, ErrStillRunning
		case <-tick.C:
		}
	}
}

// replay returns the answer that is kept. A refusal is quoted by the id of the request that
// is answered now, as its header has it, not of the one that was refused first.
func replay[T any](ctx context.Context, known *money.IdempotencyKey) (*T, error) {
	var kept answer[T]
	if err := json.Unmarshal([]byte(known.Answer), &kept); err != nil {
		return nil, err
	}
	if kept.Failure != nil {
		kept.Failure.status, kept.Failure.RequestID = known.Status, models.RequestID(ctx)
		return nil, kept.Failure
	}
	return kept.Body, nil
}
