package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"time"

	"wuyepay/models"
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

// idempotent carries a request out once a key: the same key with the same body
// gives the same answer, with another body ErrKeyReused. Two at once: the second
// waits for the first. A fault of ours or of WeChat's (5xx) is not remembered.
func idempotent[T any](ctx context.Context, a *API, userID, key string, body any, fn func(context.Context) (*T, error)) (*T, error) {
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
		return replay[T](known)
	}
	// The outcome is kept even if the phone has hung up: it will come again.
	ctx = context.WithoutCancel(ctx)
	kept := answer[T]{}
	kept.Body, err = fn(ctx)
	status := http.StatusOK
	if err != nil {
		kept.Body, kept.Failure = nil, Fail(ctx, a.Log, err)
		status = kept.Failure.status
	}
	finishErr := a.DB.WriteOne(ctx, func(tx *models.Tx) error {
		if status >= http.StatusInternalServerError {
			return tx.ForgetIdempotent(userID, key)
		}
		text, err := json.Marshal(kept)
		if err != nil {
			return err
		}
		return tx.FinishIdempotent(userID, key, status, string(text))
	})
	if finishErr != nil {
		return nil, finishErr
	}
	if kept.Failure != nil {
		return nil, kept.Failure
	}
	return kept.Body, nil
}

// begin claims the key, or waits for whoever holds it: nil means it is ours.
func begin(ctx context.Context, a *API, userID, key, hash string) (*models.IdempotencyKey, error) {
	ctx, cancel := context.WithTimeout(ctx, pollFor)
	defer cancel()
	fresh := false // nearly always it is
	err := a.DB.WriteOne(ctx, func(tx *models.Tx) (err error) {
		fresh, err = tx.ClaimIdempotent(userID, key, hash)
		return err
	})
	if fresh || (err != nil && ctx.Err() == nil) {
		return nil, err
	}
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		var known *models.IdempotencyKey
		err := a.DB.Write(ctx, func(tx *models.Tx) (err error) {
			known, err = tx.BeginIdempotent(userID, key, hash)
			return err
		})
		if err != nil && ctx.Err() == nil {
			return nil, err
		}
		if err == nil && (known == nil || known.State == "done") {
			return known, nil
		}
		select {
		case <-ctx.Done():
			return nil, ErrStillRunning
		case <-tick.C:
		}
	}
}

func replay[T any](known *models.IdempotencyKey) (*T, error) {
	var kept answer[T]
	if err := json.Unmarshal([]byte(known.Answer), &kept); err != nil {
		return nil, err
	}
	if kept.Failure != nil {
		kept.Failure.status = known.Status
		return nil, kept.Failure
	}
	return kept.Body, nil
}
