package sandboxtest

import (
	"errors"
	"testing"

	"github.com/silenceper/wechat/v2/cache"
	"github.com/silenceper/wechat/v2/miniprogram"
	"github.com/silenceper/wechat/v2/miniprogram/config"
	"github.com/silenceper/wechat/v2/miniprogram/subscribe"
	"github.com/silenceper/wechat/v2/util"

	"wuyepay/sandbox"
)

// MiniProgram returns the mini-program SDK and its token cache. The SDK has one HTTP
// client for the process, so tests that use it do not run side by side.
func MiniProgram(t *testing.T, s *sandbox.Server, stable bool) (*miniprogram.MiniProgram, cache.Cache) {
	t.Helper()
	old := util.DefaultHTTPClient
	util.DefaultHTTPClient = RedirectTo(t, s)
	t.Cleanup(func() { util.DefaultHTTPClient = old })
	c := s.Credentials()
	store := cache.NewMemory()
	return miniprogram.NewMiniProgram(&config.Config{
		AppID: c.AppID, AppSecret: c.AppSecret, Token: c.MessageToken, EncodingAESKey: c.MessageAESKey,
		Cache: store, UseStableAK: stable,
	}), store
}

// ErrCode returns the errcode of an SDK error, and 0 if it has none.
func ErrCode(err error) int64 {
	var e *util.CommonError
	if !errors.As(err, &e) {
		return 0
	}
	return e.ErrCode
}

// GoodMessage returns a message that the sandbox accepts.
func GoodMessage(s *sandbox.Server, openID string) *subscribe.Message {
	return &subscribe.Message{
		ToUser: openID, TemplateID: s.Credentials().Templates["overdue"], Page: "pages/bill?id=1",
		Data: map[string]*subscribe.DataItem{
			"thing1": {Value: "3-2-1201"}, "amount2": {Value: "123.45元"},
			"number3": {Value: "31"}, "thing4": {Value: "请尽快缴纳"},
		},
	}
}
