package wechat

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/silenceper/wechat/v2/miniprogram/auth"
	sdkcontext "github.com/silenceper/wechat/v2/miniprogram/context"
	"github.com/silenceper/wechat/v2/util"
)

// Identity is the person who holds the phone, according to WeChat. The session key is
// not kept, because nothing here needs it.
type Identity struct {
	OpenID  string // of this app
	UnionID string // empty unless the app is bound to an open platform account
}

// codePattern is the form of a code. The SDK puts codes into a URL unescaped, so
// anything else could add parameters.
var codePattern = regexp.MustCompile(`^[0-9A-Za-z_.~-]{1,256}$`)

// Login exchanges the code of wx.login for an identity. A code works once, for five
// minutes. It returns ErrCodeInvalid, ErrUserBlocked, ErrUnavailable or ErrCredential.
func (c *Client) Login(ctx context.Context, code string) (Identity, error) {
	const op = "login"
	if !codePattern.MatchString(code) {
		return Identity{}, &Error{Op: op, Kind: ErrCodeInvalid, Reason: "malformed"}
	}
	var session auth.ResCode2Session
	var err error
	c.withoutToken(ctx, func(ctx context.Context, sdk *sdkcontext.Context) {
		session, err = auth.NewAuth(sdk).Code2SessionContext(ctx, code)
		// This call reports its errcode only in the result, and its error text holds the secret.
		if session.ErrCode != 0 {
			err = &Error{Op: op, Kind: kindOfCode(session.ErrCode), Code: session.ErrCode}
		} else if err != nil || session.OpenID == "" {
			err = transportError(ctx, op, err)
		}
	})
	if err != nil {
		return Identity{}, err
	}
	return Identity{OpenID: session.OpenID, UnionID: session.UnionID}, nil
}

const phoneURL = "https://api.weixin.qq.com/wxa/business/getuserphonenumber?access_token="

var (
	digitsPattern   = regexp.MustCompile(`^[0-9]{4,15}$`)
	mainlandPattern = regexp.MustCompile(`^1[0-9]{10}$`)
)

// Phone exchanges the code of the getPhoneNumber button for the number: eleven digits
// for the mainland, +CC and digits for other countries. A code works once, for five
// minutes, and each success costs money. It returns ErrCodeInvalid, ErrUnavailable or
// ErrCredential.
func (c *Client) Phone(ctx context.Context, code string) (string, error) {
	const op = "phone"
	if !codePattern.MatchString(code) {
		return "", &Error{Op: op, Kind: ErrCodeInvalid, Reason: "malformed"}
	}
	var reply phoneReply
	err := c.withToken(ctx, op, func(ctx context.Context, sdk *sdkcontext.Context) error {
		// The SDK's own method fails if countryCode is a number, as the documents show it. By then the code is
		// spent. So only its transport is used.
		ticket, _ := sdk.GetAccessTokenContext(ctx)
		body, err := util.PostJSONContext(ctx, phoneURL+ticket, map[string]string{"code": code})
		if err != nil {
			return err
		}
		reply = phoneReply{}
		if err := json.Unmarshal(body, &reply); err != nil {
			return transportError(ctx, op, err)
		}
		if reply.ErrCode != 0 {
			return &Error{Op: op, Kind: kindOfCode(reply.ErrCode), Code: reply.ErrCode}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return reply.number(op, c.cfg.AppID)
}

type phoneReply struct {
	ErrCode int64 `json:"errcode"`
	Info    struct {
		Pure      string   `json:"purePhoneNumber"`
		Country   flexible `json:"countryCode"`
		Watermark struct {
			AppID string `json:"appid"`
		} `json:"watermark"`
	} `json:"phone_info"`
}

// number checks that the reply is about this app and returns the number in its one
// form.
func (r phoneReply) number(op, appID string) (string, error) {
	if r.Info.Watermark.AppID != "" && r.Info.Watermark.AppID != appID {
		return "", &Error{Op: op, Kind: ErrRefused, Reason: "number of another app"}
	}
	pure, country := r.Info.Pure, strings.TrimPrefix(string(r.Info.Country), "+")
	if country == "" || country == "86" {
		if mainlandPattern.MatchString(pure) {
			return pure, nil
		}
	} else if digitsPattern.MatchString(pure) && len(country) <= 4 && strings.Trim(country, "0123456789") == "" {
		return "+" + country + pure, nil
	}
	return "", &Error{Op: op, Kind: ErrUnavailable, Reason: "no usable number"}
}

// flexible is a JSON value that WeChat writes sometimes as a string and sometimes as a
// number.
type flexible string

// UnmarshalJSON accepts strings, numbers and null.
func (f *flexible) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		var s string
		if err := json.Unmarshal(data, &s); err != nil {
			return err
		}
		*f = flexible(s)
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(data, &n); err != nil {
		return err
	}
	*f = flexible(n.String())
	return nil
}
