package wechat

import (
	"context"
	"time"

	"github.com/silenceper/wechat/v2/cache"
	"github.com/silenceper/wechat/v2/credential"
)

// TokenStore keeps the access token for all replicas. A failing store is not fatal: a
// stable token can be fetched again, and the one that others hold stays valid. A key
// looks like wechat:token:<appid>. The value is a secret; keep it out of logs.
type TokenStore interface {
	Get(ctx context.Context, key string) (value string, ok bool, err error)
	Set(ctx context.Context, key, value string, ttl time.Duration) error
	Delete(ctx context.Context, key string) error
}

// forcePause is the least time between two forced renewals. WeChat allows 20 a day, and
// each ends the old token.
const forcePause = time.Minute

// tokens returns the stable access token and fetches it once for all callers.
type tokens struct {
	store  TokenStore
	key    string
	stable *credential.StableAccessToken
	gate   chan struct{} // held while fetching; a channel, so that waiting ends with the context

	forcedAt time.Time // guarded by gate
}

// newTokens prepares the tokens of an app.
func newTokens(cfg Config, store TokenStore) *tokens {
	// Only the direct fetch of the SDK is used. Its own cache has no context and turns a failing store into a
	// failing call.
	sdk := credential.NewStableAccessToken(cfg.AppID, cfg.AppSecret, "", cache.NewMemory())
	t := &tokens{store: store, key: "wechat:token:" + cfg.AppID, gate: make(chan struct{}, 1)}
	t.stable, _ = sdk.(*credential.StableAccessToken)
	return t
}

// get returns the kept token or fetches one. bad is a token that WeChat just rejected,
// or "". It is dropped from the store unless another caller has replaced it.
func (t *tokens) get(ctx context.Context, bad string) (string, error) {
	if token := t.kept(ctx, bad); token != "" {
		return token, nil
	}
	select {
	case t.gate <- struct{}{}:
		defer func() { <-t.gate }()
	case <-ctx.Done():
		return "", &Error{Op: "token", Kind: ErrUnavailable, Reason: "timeout", cause: ctx.Err()}
	}
	if token := t.kept(ctx, bad); token != "" {
		return token, nil
	}
	if bad != "" {
		_ = t.store.Delete(ctx, t.key)
	}
	token, ttl, err := t.fetch(ctx, false)
	if err != nil {
		return "", err
	}
	// In normal mode WeChat repeats the token that it holds valid. If that is the rejected one, only force helps.
	if token == bad && realNow().Sub(t.forcedAt) > forcePause {
		t.forcedAt = realNow()
		if token, ttl, err = t.fetch(ctx, true); err != nil {
			return "", err
		}
	}
	if ttl > 0 {
		_ = t.store.Set(ctx, t.key, token, ttl)
	}
	return token, nil
}

// kept returns the token of the store. It returns "" if there is none, if it is bad, or
// if the store fails.
func (t *tokens) kept(ctx context.Context, bad string) string {
	token, ok, err := t.store.Get(ctx, t.key)
	if err != nil || !ok || token == bad {
		return ""
	}
	return token
}

// fetch fetches a token from WeChat. The token is kept until five minutes before its
// end, when WeChat begins to issue the next one.
func (t *tokens) fetch(ctx context.Context, force bool) (string, time.Duration, error) {
	res, err := t.stable.GetAccessTokenDirectly(ctx, force)
	if res.ErrCode != 0 {
		kind := kindOfCode(res.ErrCode)
		if kind != ErrUnavailable {
			kind = ErrCredential
		}
		return "", 0, &Error{Op: "token", Kind: kind, Code: res.ErrCode}
	}
	if err != nil || res.AccessToken == "" {
		return "", 0, transportError(ctx, "token", err)
	}
	return res.AccessToken, time.Duration(res.ExpiresIn-300) * time.Second, nil
}
