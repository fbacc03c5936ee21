package pay

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/crypt"
	"wuyepay/sandbox/pay/apiv3"
	"wuyepay/sandbox/pay/merchant"
)

// How long a prepay_id and an unpaid order are good for.
const (
	prepayLife      = 2 * time.Hour
	defaultPayable  = 7 * 24 * time.Hour
	shortestPayable = time.Minute
	longestDirect   = 90 * 24 * time.Hour
	longestPartner  = 15 * 24 * time.Hour
)

// prepay is a prepay_id. Each call for an order returns a new one, and all of them work
// until they are two hours old.
type prepay struct {
	order *order
	at    time.Time
}

// prepayReply is the reply to both order calls.
type prepayReply struct {
	PrepayID string `json:"prepay_id"`
}

// servePrepay answers the order call of a direct merchant.
func (s *Service) servePrepay(c *apiv3.Call) (any, error) {
	if e := apiv3.Validate("", c.Input, directOrderRule); e != nil {
		return nil, e
	}
	if c.Merchant.Partner {
		return nil, apiv3.NoAuth("服务商商户号请使用服务商下单接口")
	}
	if e := sameMerchant(c, "mchid"); e != nil {
		return nil, e
	}
	appID, openID := apiv3.TextIn(c.Input, "appid"), apiv3.TextIn(c.Input, "payer", "openid")
	if !s.bound(c.Merchant, appID) {
		return nil, appNotBound()
	}
	if !s.users.Issued(openID) {
		return nil, openIDMismatch()
	}
	return s.place(c, orderRecord{AppID: appID, OpenID: openID}, longestDirect)
}

// servePartnerPrepay answers the order call of a provider. The payer is known under the
// provider's app or under the tenant's.
func (s *Service) servePartnerPrepay(c *apiv3.Call) (any, error) {
	if e := apiv3.Validate("", c.Input, partnerOrderRule); e != nil {
		return nil, e
	}
	if e := partnership(c, apiv3.TextIn(c.Input, "sp_mchid"), apiv3.TextIn(c.Input, "sub_mchid")); e != nil {
		return nil, e
	}
	rec := orderRecord{
		AppID: apiv3.TextIn(c.Input, "sp_appid"), SubAppID: apiv3.TextIn(c.Input, "sub_appid"),
		SubMchID: apiv3.TextIn(c.Input, "sub_mchid"),
		OpenID:   apiv3.TextIn(c.Input, "payer", "sp_openid"), SubOpenID: apiv3.TextIn(c.Input, "payer", "sub_openid"),
	}
	if !s.bound(c.Merchant, rec.AppID) || rec.SubAppID != "" && !s.bound(c.Merchant, rec.SubAppID) ||
		c.Merchant.SubAppID != "" && rec.AppID == c.Merchant.SubAppID { // the tenant's app is not bound to the provider
		return nil, appNotBound()
	}
	switch {
	case rec.OpenID == "" && rec.SubOpenID == "":
		e := apiv3.ParamError("payer.sp_openid", nil, "sp_openid与sub_openid必须填一个")
		e.Numeric = 268501013
		return nil, e
	case rec.SubOpenID != "" && rec.SubAppID == "":
		return nil, apiv3.ParamError("sub_appid", nil, "传sub_openid时必填")
	case rec.OpenID != "" && !s.ownOpenID(rec.AppID, rec.OpenID), rec.SubOpenID != "" && !s.ownOpenID(rec.SubAppID, rec.SubOpenID):
		return nil, openIDMismatch()
	}
	if rec.OpenID == "" { // the same person has another openid under the provider's app
		rec.OpenID = "o" + crypt.Derive(27, "openid", rec.AppID, rec.SubOpenID)
	}
	return s.place(c, rec, longestPartner)
}

// ownOpenID reports whether an openid was issued under an app. Only the mini-program
// issues any.
func (s *Service) ownOpenID(appID, openID string) bool {
	return appID == s.core.Config.AppID && s.users.Issued(openID)
}

// place makes the order. If an order with the number is there and its first request had
// exactly the same parameters, the order gets a new prepay_id.
func (s *Service) place(c *apiv3.Call, rec orderRecord, longest time.Duration) (any, error) {
	now := s.core.Now()
	digest, err := digestOf(c.Input)
	if err != nil {
		return nil, err
	}
	rec.MchID, rec.Digest, rec.State, rec.CreatedAt = c.Merchant.MchID, digest, NotPay, now
	rec.OutTradeNo = apiv3.TextIn(c.Input, "out_trade_no")
	rec.Description, rec.Attach = apiv3.TextIn(c.Input, "description"), apiv3.TextIn(c.Input, "attach")
	rec.DeviceID = apiv3.TextIn(c.Input, "scene_info", "device_id")
	rec.NotifyURL = apiv3.TextIn(c.Input, "notify_url")
	rec.TotalFen = apiv3.IntIn(c.Input, "amount", "total")
	rec.ExpiresAt = expiry(apiv3.TextIn(c.Input, "time_expire"), now, longest)

	o := s.find(c.Merchant, rec.OutTradeNo)
	fresh := false
	if o == nil {
		made := &order{m: c.Merchant, rec: rec}
		made.mu.Lock() // until it has its first prepay_id
		existing, loaded := s.books.orders.Add(made.key(), made)
		if loaded {
			made.mu.Unlock()
		}
		o, fresh = existing, !loaded
	}
	if !fresh {
		o.mu.Lock()
	}
	reply, ticket, err := s.prepayLocked(o, digest, now, fresh)
	o.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return reply, s.core.Store.Wait(ticket)
}

// prepayLocked decides about an order that was there before, or completes a fresh one.
// The caller holds mu.
func (s *Service) prepayLocked(o *order, digest string, now time.Time, fresh bool) (any, uint64, error) {
	o.expire(now)
	switch {
	case o.paid():
		return nil, 0, orderPaid()
	case o.rec.Digest != digest:
		return nil, 0, apiv3.InvalidRequest(268498688, "请求重入时，参数与首次请求时不一致")
	case o.rec.State == Closed:
		return nil, 0, &apiv3.Error{Status: 400, Code: "ORDER_CLOSED", Numeric: 268447914, Message: "该订单已关闭"}
	}
	if fresh {
		o.rec.Seq = s.core.Next()
		s.books.all.Append(o)
	}
	o.rec.PrepayID = "wx" + now.Format("20060102150405") + crypt.RandomHex(20)
	o.rec.PrepayAt = now
	s.books.byPrepay.Put(o.rec.PrepayID, prepay{o, now})
	return prepayReply{o.rec.PrepayID}, s.core.Store.Queue(recordOrder, o.rec), nil
}

// expiry applies WeChat's limits to time_expire.
func expiry(asked string, now time.Time, longest time.Duration) time.Time {
	if asked == "" {
		return now.Add(defaultPayable)
	}
	at, err := time.Parse(time.RFC3339, asked)
	if err != nil { // it was validated before
		return now.Add(defaultPayable)
	}
	if earliest := now.Add(shortestPayable); at.Before(earliest) {
		return earliest
	}
	if latest := now.Add(longest); at.After(latest) {
		return latest
	}
	return at.In(core.Shanghai)
}

// validRFC3339 reports whether a text is a time with a zone.
func validRFC3339(s string) bool {
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

// digestOf returns the same text for the same parameters in any order of keys.
func digestOf(input map[string]any) (string, error) {
	canonical, err := json.Marshal(input)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:]), nil
}

// bound reports whether an app may take money for the merchant.
func (s *Service) bound(m *merchant.Merchant, appID string) bool {
	return appID != "" && (appID == s.core.Config.AppID || appID == m.AppID || appID == m.SubAppID)
}

// sameMerchant refuses a merchant in the body other than the one who signed.
func sameMerchant(c *apiv3.Call, field string) *apiv3.Error {
	if apiv3.TextIn(c.Input, field) == c.Merchant.MchID {
		return nil
	}
	return merchantMismatch(field)
}

// partnership refuses a provider other than the one who signed, and a tenant that is
// not the provider's.
func partnership(c *apiv3.Call, spMchID, subMchID string) *apiv3.Error {
	switch {
	case spMchID != c.Merchant.MchID:
		return merchantMismatch("sp_mchid")
	case !c.Merchant.Partner:
		return apiv3.NoAuth("该商户号不是服务商")
	case subMchID != c.Merchant.SubMchID:
		return apiv3.NoAuth("子商户与服务商没有绑定关系")
	}
	return nil
}

// newTransactionID makes a number of 28 digits with the day in the middle, as WeChat
// does.
func (s *Service) newTransactionID(now time.Time) string {
	return fmt.Sprintf("4200000001%s%010d", now.Format("20060102"), s.core.Next())
}
