package mini_test

import (
	"testing"

	"github.com/silenceper/wechat/v2/miniprogram/business"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

func TestSDKLogin(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Config{})
	mp, _ := sandboxtest.MiniProgram(t, s, true)
	minted := s.MintLoginCode("")
	tests := []struct {
		name, code string
		openID     string
		errcode    int64
	}{
		{"development code", "dev-zhang-3", s.OpenID("zhang-3"), 0},
		{"development code again", "dev-zhang-3", s.OpenID("zhang-3"), 0},
		{"one-time code", s.MintLoginCode("oChosenByTheTest00000000000"), "oChosenByTheTest00000000000", 0},
		{"unknown code", "dev_zhang", "", 40029},
	}
	for _, test := range tests {
		got, err := mp.GetAuth().Code2SessionContext(t.Context(), test.code)
		if got.OpenID != test.openID || got.ErrCode != test.errcode || (err == nil) != (test.errcode == 0) {
			t.Errorf("%s: %+v, %v", test.name, got, err)
		}
	}
	if _, err := mp.GetAuth().Code2Session(minted); err != nil {
		t.Fatal(err)
	}
	if got, _ := mp.GetAuth().Code2Session(minted); got.ErrCode != 40163 {
		t.Errorf("used code: errcode %d, want 40163", got.ErrCode)
	}
}

func TestSDKPhone(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Config{})
	mp, _ := sandboxtest.MiniProgram(t, s, true)
	minted := s.MintPhoneCode("13900000001")
	for code, want := range map[string]string{"phone-13800000000": "13800000000", minted: "13900000001"} {
		got, err := mp.GetBusiness().GetPhoneNumber(&business.GetPhoneNumberRequest{Code: code})
		if err != nil || got.PurePhoneNumber != want || got.CountryCode != "86" {
			t.Errorf("%s: %+v, %v", code, got, err)
		}
	}
	_, err := mp.GetBusiness().GetPhoneNumber(&business.GetPhoneNumberRequest{Code: minted})
	if sandboxtest.ErrCode(err) != 40029 {
		t.Errorf("used phone code: %v, want 40029", err)
	}
}
