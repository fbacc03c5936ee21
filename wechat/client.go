package wechat

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"strconv"

	"github.com/silenceper/wechat/v2/miniprogram/config"
	sdkcontext "github.com/silenceper/wechat/v2/miniprogram/context"
	"github.com/silenceper/wechat/v2/util"
)

// Client makes the calls of one mini program. It is safe for concurrent use, and
// several may live in one process.
type Client struct {
	cfg    Config
	base   *url.URL
	aesKey []byte
	sdk    *config.Config
	tokens *tokens
	router *router
}

// New prepares a client; it does not touch the network. It replaces the SDK's
// process-wide HTTP client, so no other code of the process may use that SDK. The error
// joins every fault that Config.Validate finds.
func New(cfg Config, store TokenStore) (*Client, error) {
	if faults := cfg.Validate(); len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	if store == nil {
		return nil, errors.New("wechat: no token store")
	}
	base, err := parseBaseURL(cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	c := &Client{cfg: cfg, base: base, router: install()}
	if c.cfg.Timeout == 0 {
		c.cfg.Timeout = DefaultTimeout
	}
	if cfg.MessageAESKey != "" {
		if c.aesKey, err = decodeAESKey(cfg.MessageAESKey); err != nil {
			return nil, err
		}
	}
	c.sdk = &config.Config{AppID: cfg.AppID, AppSecret: cfg.AppSecret}
	c.tokens = newTokens(cfg, store)
	return c, nil
}

// ticketHandle passes the ticket of a call to the SDK in place of a token.
type ticketHandle string

func (t ticketHandle) GetAccessToken() (string, error)                       { return string(t), nil }
func (t ticketHandle) GetAccessTokenContext(context.Context) (string, error) { return string(t), nil }

// withoutToken runs one SDK call that needs no access token.
func (c *Client) withoutToken(ctx context.Context, do func(ctx context.Context, sdk *sdkcontext.Context)) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	call, end := c.router.begin(ctx, c.base, "")
	defer end()
	do(call.ctx, &sdkcontext.Context{Config: c.sdk, AccessTokenContextHandle: ticketHandle(call.ticket)})
}

// withToken runs one SDK call with an access token. If the token was rejected it runs
// the call once more with a new token: another replica, another system or WeChat itself
// may have ended the first one early. A rejected call had no effect.
func (c *Client) withToken(ctx context.Context, op string, do func(ctx context.Context, sdk *sdkcontext.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	bad := ""
	for attempt := 0; ; attempt++ {
		token, err := c.token(ctx, bad)
		if err != nil {
			return err
		}
		call, end := c.router.begin(ctx, c.base, token)
		err = do(call.ctx, &sdkcontext.Context{Config: c.sdk, AccessTokenContextHandle: ticketHandle(call.ticket)})
		end()
		if err == nil {
			return nil
		}
		clean := sanitise(ctx, op, err)
		if !tokenRejected(clean.Code) || attempt > 0 {
			return clean
		}
		bad = token
	}
}

// token fetches within a call of its own, so that the router has an address for the
// request.
func (c *Client) token(ctx context.Context, bad string) (string, error) {
	call, end := c.router.begin(ctx, c.base, "")
	defer end()
	return c.tokens.get(call.ctx, bad)
}

// errcodePattern finds the number in the SDK's plain errors. No other part of their
// text is kept.
var errcodePattern = regexp.MustCompile(`errcode=(-?[0-9]{1,9})`)

// sanitise turns an SDK error into an [Error]. The text of an SDK error may hold a
// whole URL with secret, token or code.
func sanitise(ctx context.Context, op string, err error) *Error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	var common *util.CommonError
	if errors.As(err, &common) {
		return &Error{Op: op, Kind: kindOfCode(common.ErrCode), Code: common.ErrCode}
	}
	var network *url.Error
	if !errors.As(err, &network) {
		if m := errcodePattern.FindStringSubmatch(err.Error()); m != nil {
			if code, bad := strconv.ParseInt(m[1], 10, 64); bad == nil && code != 0 {
				return &Error{Op: op, Kind: kindOfCode(code), Code: code}
			}
		}
	}
	return transportError(ctx, op, err)
}

// transportError returns the error for everything that is not an answer of WeChat:
// network, time, status, or no JSON.
func transportError(ctx context.Context, op string, err error) *Error {
	var network *url.Error
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return &Error{Op: op, Kind: ErrUnavailable, Reason: "cancelled", cause: context.Canceled}
	case ctx.Err() != nil || errors.As(err, &network) && network.Timeout():
		return &Error{Op: op, Kind: ErrUnavailable, Reason: "timeout", cause: context.DeadlineExceeded}
	case network != nil:
		return &Error{Op: op, Kind: ErrUnavailable, Reason: "no connection"}
	}
	return &Error{Op: op, Kind: ErrUnavailable, Reason: "no usable answer"}
}
