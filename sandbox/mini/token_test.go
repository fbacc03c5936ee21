package mini_test

import (
	"strings"
	"testing"

	"github.com/silenceper/wechat/v2/miniprogram/urllink"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

func TestTokensDie(t *testing.T) {
	for _, stable := range []bool{true, false} {
		s := sandboxtest.Start(t, sandbox.Config{})
		mp, store := sandboxtest.MiniProgram(t, s, stable)
		link := func() error {
			_, err := mp.GetURLLink().Generate(&urllink.ULParams{Path: "pages/pay", ExpireType: 1, ExpireInterval: 30})
			return err
		}
		if err := link(); err != nil {
			t.Fatal(err)
		}
		for _, code := range []int{40001, 40014, 42001} {
			s.InvalidateTokens(code)
			if err := link(); sandboxtest.ErrCode(err) != int64(code) || !strings.Contains(err.Error(), "rid: ") {
				t.Errorf("invalidated with %d: %v", code, err)
			}
			key := "gowechat_miniprogram__access_token_" + s.Credentials().AppID
			if stable {
				key = "gowechat_miniprogram__stable_access_token_" + s.Credentials().AppID
			}
			if err := store.Delete(key); err != nil {
				t.Fatal(err)
			}
			if err := link(); err != nil {
				t.Errorf("with a fresh token: %v", err)
			}
		}
	}
}
