package wechat

import (
	"context"
	"regexp"
	"unicode/utf8"

	sdkcontext "github.com/silenceper/wechat/v2/miniprogram/context"
	"github.com/silenceper/wechat/v2/miniprogram/qrcode"
	"github.com/silenceper/wechat/v2/miniprogram/urllink"
)

// Link describes a URL Link that opens the mini program from outside WeChat. WeChat may
// refuse payment in a mini program opened that way. A code or a share inside WeChat is
// safer for paying.
type Link struct {
	Path  string // published page without query, e.g. pages/share/index
	Query string // at most 1024 characters
	Days  int    // 1-30
}

// URLLink returns a link https://wxaurl.cn/…. It returns ErrTemplate for a bad page,
// query or time, and the errors of Send.
func (c *Client) URLLink(ctx context.Context, l Link) (string, error) {
	const op = "url link"
	if l.Days < 1 || l.Days > 30 || utf8.RuneCountInString(l.Query) > 1024 {
		return "", &Error{Op: op, Kind: ErrTemplate, Reason: "1-30 days and at most 1024 characters of query"}
	}
	var link string
	err := c.withToken(ctx, op, func(_ context.Context, sdk *sdkcontext.Context) (err error) {
		link, err = urllink.NewURLLink(sdk).Generate(&urllink.ULParams{
			Path: l.Path, Query: l.Query, IsExpire: true, ExpireType: urllink.ExpireTypeInterval, ExpireInterval: l.Days,
		})
		return err
	})
	if err == nil && link == "" {
		return "", &Error{Op: op, Kind: ErrUnavailable, Reason: "no usable answer"}
	}
	return link, err
}

// Code describes a mini-program code (the round one). It is permanent, and their number
// is unlimited.
type Code struct {
	Scene string // at most 32 of digits, letters and !#$&'()*+,/:;=?@-._~
	Page  string // without leading / and without query; empty: the first page
	Width int    // pixels, 280-1280; 0: 430
}

var scenePattern = regexp.MustCompile("^[0-9A-Za-z!#$&'()*+,/:;=?@._~-]{1,32}$")

// QRCode returns the code as a JPEG. It returns ErrTemplate for a bad scene or page,
// and the errors of Send.
func (c *Client) QRCode(ctx context.Context, q Code) ([]byte, error) {
	const op = "qr code"
	if !scenePattern.MatchString(q.Scene) || (q.Width != 0 && (q.Width < 280 || q.Width > 1280)) ||
		(q.Page != "" && q.Page[0] == '/') {
		return nil, &Error{Op: op, Kind: ErrTemplate, Reason: "scene, page or width not allowed"}
	}
	var image []byte
	err := c.withToken(ctx, op, func(_ context.Context, sdk *sdkcontext.Context) (err error) {
		image, err = qrcode.NewQRCode(sdk).GetWXACodeUnlimit(qrcode.QRCoder{Scene: q.Scene, Page: q.Page, Width: q.Width})
		return err
	})
	return image, err
}
