package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

const (
	prepayLife      = 2 * time.Hour
	defaultPayable  = 7 * 24 * time.Hour
	shortestPayable = time.Minute
	longestDirect   = 90 * 24 * time.Hour
	longestPartner  = 15 * 24 * time.Hour
)

// prepay is one prepay_id: each call for an order gives a fresh one, and all
// of them work until they are two hours old.
type prepay struct {
	order *order
	at    time.Time
}

type prepayReply struct {
	PrepayID string `json:"prepay_id"`
}

// servePrepay answers the direct order call.
func (s *payService) servePrepay(c *payCall) (any, error) {
	if e := validate("", c.input, directOrderRule); e != nil {
		return nil, e
	}
	if c.m.Partner {
		return nil, noAuth("服务商商户号请使用服务商下单接口")
	}
	if e := c.sameMerchant("mchid"); e != nil {
		return nil, e
	}
	appID, openID := textIn(c.input, "appid"), textIn(c.input, "payer", "openid")
	if !s.bound(c.m, appID) {
		return nil, appNotBound()
	}
	if !s.users.issued(openID) {
		return nil, openIDMismatch()
	}
	return s.place(c, orderRecord{AppID: appID, OpenID: openID}, longestDirect)
}

// servePartnerPrepay answers the provider's order call: the payer is known
// under the provider's app or under the tenant's.
func (s *payService) servePartnerPrepay(c *payCall) (any, error) {
	if e := validate("", c.input, partnerOrderRule); e != nil {
		return nil, e
	}
	if e := c.partnership(textIn(c.input, "sp_mchid"), textIn(c.input, "sub_mchid")); e != nil {
		return nil, e
	}
	rec := orderRecord{
		AppID: textIn(c.input, "sp_appid"), SubAppID: textIn(c.input, "sub_appid"),
		SubMchID: textIn(c.input, "sub_mchid"),
		OpenID:   textIn(c.input, "payer", "sp_openid"), SubOpenID: textIn(c.input, "payer", "sub_openid"),
	}
	if !s.bound(c.m, rec.AppID) || rec.SubAppID != "" && !s.bound(c.m, rec.SubAppID) {
		return nil, appNotBound()
	}
	switch {
	case rec.OpenID == "" && rec.SubOpenID == "":
		e := paramError("payer.sp_openid", nil, "sp_openid与sub_openid必须填一个")
		e.numeric = 268501013
		return nil, e
	case rec.SubOpenID != "" && rec.SubAppID == "":
		return nil, paramError("sub_appid", nil, "传sub_openid时必填")
	case rec.OpenID != "" && !s.users.issued(rec.OpenID), rec.SubOpenID != "" && !s.users.issued(rec.SubOpenID):
		return nil, openIDMismatch()
	}
	return s.place(c, rec, longestPartner)
}

// place makes the order, or gives the one that is there a fresh prepay_id if
// the parameters are the first request's to the letter.
func (s *payService) place(c *payCall, rec orderRecord, longest time.Duration) (any, error) {
	now := s.core.now()
	digest, err := digestOf(c.input)
	if err != nil {
		return nil, err
	}
	rec.MchID, rec.Digest, rec.State, rec.CreatedAt = c.m.MchID, digest, NotPay, now
	rec.OutTradeNo = textIn(c.input, "out_trade_no")
	rec.Description, rec.Attach = textIn(c.input, "description"), textIn(c.input, "attach")
	rec.DeviceID = textIn(c.input, "scene_info", "device_id")
	rec.NotifyURL = textIn(c.input, "notify_url")
	rec.TotalFen = intIn(c.input, "amount", "total")
	rec.ExpiresAt = expiry(textIn(c.input, "time_expire"), now, longest)

	o := s.find(c.m, rec.OutTradeNo)
	fresh := false
	if o == nil {
		made := &order{m: c.m, rec: rec}
		made.mu.Lock() // nobody may see it before it has its first prepay_id
		existing, loaded := s.books.orders.add(made.key(), made)
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
	return reply, s.core.store.wait(ticket)
}

// prepayLocked decides about an order that is there, or finishes a fresh one.
// mu held.
func (s *payService) prepayLocked(o *order, digest string, now time.Time, fresh bool) (any, uint64, error) {
	o.expire(now)
	switch {
	case o.paid():
		return nil, 0, orderPaid()
	case o.rec.Digest != digest:
		return nil, 0, invalidRequest(268498688, "请求重入时，参数与首次请求时不一致")
	case o.rec.State == Closed:
		return nil, 0, &apiError{status: 400, code: "ORDER_CLOSED", numeric: 268447914, message: "该订单已关闭"}
	}
	if fresh {
		o.rec.Seq = s.core.next()
		s.books.all.append(o)
	}
	o.rec.PrepayID = "wx" + now.Format("20060102150405") + randomHex(20)
	o.rec.PrepayAt = now
	s.books.byPrepay.put(o.rec.PrepayID, prepay{o, now})
	return prepayReply{o.rec.PrepayID}, s.core.store.queue(recordOrder, o.rec), nil
}

// expiry applies WeChat's limits to time_expire.
func expiry(asked string, now time.Time, longest time.Duration) time.Time {
	if asked == "" {
		return now.Add(defaultPayable)
	}
	at, err := time.Parse(time.RFC3339, asked)
	if err != nil { // validated before
		return now.Add(defaultPayable)
	}
	if earliest := now.Add(shortestPayable); at.Before(earliest) {
		return earliest
	}
	if latest := now.Add(longest); at.After(latest) {
		return latest
	}
	return at.In(shanghai)
}

func validRFC3339(s string) bool {
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

// digestOf is the same for the same parameters in any order of keys.
func digestOf(input map[string]any) (string, error) {
	canonical, err := json.Marshal(input)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:]), nil
}

// bound says whether an app may take money for the merchant.
func (s *payService) bound(m *merchant, appID string) bool {
	return appID != "" && (appID == s.core.cfg.AppID || appID == m.AppID || appID == m.SubAppID)
}

// sameMerchant: the merchant in the body must be the one who signed.
func (c *payCall) sameMerchant(field string) *apiError {
	if textIn(c.input, field) == c.m.MchID {
		return nil
	}
	return merchantMismatch(field)
}

// partnership: the provider who signed must be named, and the tenant be its own.
func (c *payCall) partnership(spMchID, subMchID string) *apiError {
	switch {
	case spMchID != c.m.MchID:
		return merchantMismatch("sp_mchid")
	case !c.m.Partner:
		return noAuth("该商户号不是服务商")
	case subMchID != c.m.SubMchID:
		return noAuth("子商户与服务商没有绑定关系")
	}
	return nil
}

// newTransactionID has WeChat's 28 digits with the day in the middle.
func (s *payService) newTransactionID(now time.Time) string {
	return fmt.Sprintf("4200000001%s%010d", now.Format("20060102"), s.core.next())
}
