package wechatpay

import "fmt"

// The three ways in which a merchant takes money:
//
//	                                    sub_mch_id  sub_app_id  sp_app_id   payer at WeChat
//	direct                              -           -           -           openid
//	partner, the provider's mini-program  set         -           - or AppID  sp_openid
//	partner, the company's mini-program   set         AppID       set         sub_openid
//
// An openid belongs to one app, and ours belong to the mini-program. So the mini-program
// decides which of its names it has at WeChat Pay: every other combination would be
// refused there at the first payment.

// partner reports whether this merchant is a service provider acting for a sub-merchant.
func (c *Client) partner() bool { return c.cfg.SubMchID != "" }

// ProviderApp returns the app that orders are placed under: the mini-program, or in
// partner mode the provider's app.
func (c Config) ProviderApp() string { return first(c.SpAppID, c.AppID) }

// PartnerFaults returns what is wrong with the combination of sub_mch_id, sub_app_id and
// sp_app_id.
func (c Config) PartnerFaults() []error {
	var faults []error
	bad := func(key, text string) { faults = append(faults, fmt.Errorf("%s: %s", c.key(key), text)) }
	if c.SubMchID != "" && !mchIDPattern.MatchString(c.SubMchID) {
		bad("sub_mch_id", "must be a merchant number (digits only) or empty")
	}
	for _, app := range []struct{ key, id string }{{"sub_app_id", c.SubAppID}, {"sp_app_id", c.SpAppID}} {
		switch {
		case app.id == "":
		case !appIDPattern.MatchString(app.id):
			bad(app.key, "must be an app id (letters and digits, at most 32) or empty")
		case c.SubMchID == "":
			bad(app.key, "is for partner mode only: set sub_mch_id too, or leave it empty")
		}
	}
	if len(faults) > 0 || c.SubMchID == "" {
		return faults
	}
	switch {
	case c.SubAppID == "" && c.SpAppID != "" && c.SpAppID != c.AppID:
		bad("sub_app_id", "must be set to miniprogram.app_id, because that is not the provider's app of sp_app_id")
	case c.SubAppID != "" && c.SubAppID != c.AppID:
		bad("sub_app_id", "must be the same as miniprogram.app_id, whose openids the payers have, or empty")
	case c.SubAppID != "" && c.SpAppID == "":
		bad("sp_app_id", "must be set beside sub_app_id: the provider's own app, which WeChat Pay has bound to mch_id")
	case c.SubAppID != "" && c.SpAppID == c.SubAppID:
		bad("sp_app_id", "must be another app than sub_app_id; leave sub_app_id empty if the mini-program is the provider's")
	}
	return faults
}
