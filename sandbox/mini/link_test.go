package mini_test

import (
	"bytes"
	"image/jpeg"
	"strings"
	"testing"

	"github.com/silenceper/wechat/v2/miniprogram/qrcode"
	"github.com/silenceper/wechat/v2/miniprogram/urllink"
	"github.com/silenceper/wechat/v2/miniprogram/urlscheme"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

func TestSDKLinksAndCodes(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Config{})
	mp, _ := sandboxtest.MiniProgram(t, s, true)
	link, err := mp.GetURLLink().Generate(&urllink.ULParams{Path: "pages/pay", Query: "t=1", ExpireType: 1, ExpireInterval: 7})
	if err != nil || !strings.HasPrefix(link, "https://wxaurl.cn/") {
		t.Errorf("link = %q, %v", link, err)
	}
	_, err = mp.GetURLLink().Generate(&urllink.ULParams{Path: "pages/pay", ExpireType: 1, ExpireInterval: 31})
	if sandboxtest.ErrCode(err) != 85401 {
		t.Errorf("31 days: %v, want 85401", err)
	}
	scheme, err := mp.GetSURLScheme().Generate(&urlscheme.USParams{
		JumpWxa: &urlscheme.JumpWxa{Path: "pages/pay"}, ExpireType: 1, ExpireInterval: 7,
	})
	if err != nil || !strings.HasPrefix(scheme, "weixin://") {
		t.Errorf("scheme = %q, %v", scheme, err)
	}
	data, err := mp.GetQRCode().GetWXACodeUnlimit(qrcode.QRCoder{Scene: "r=101", Page: "pages/pay"})
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil || img.Bounds().Dx() != 430 {
		t.Errorf("picture: %v, %v", img, err)
	}
	if _, err := mp.GetQRCode().GetWXACodeUnlimit(qrcode.QRCoder{Scene: "房号"}); err == nil || !strings.Contains(err.Error(), "40169") {
		t.Errorf("Chinese scene: %v, want 40169", err)
	}
}
