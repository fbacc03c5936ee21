package payment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment/wechatpay"
)

// ForeignRule tells the trades of another business apart that takes money by the same
// merchant number: by how its order numbers begin, or by its app. Without one, every
// trade of the merchant is ours.
type ForeignRule struct {
	OrderPrefixes []string `yaml:"order_prefixes"`
	AppIDs        []string `yaml:"app_ids"`
}

// Set reports whether there is a rule.
func (r ForeignRule) Set() bool { return len(r.OrderPrefixes) > 0 || len(r.AppIDs) > 0 }

// maxForeign bounds each list of a rule: it is looked through for every row of a bill.
const maxForeign = 50

// faults returns what is wrong with a merchant's rule, with the keys. A rule that could
// match an order of ours is refused: money of ours would leave the findings in silence.
func (r ForeignRule) faults(cfg wechatpay.Config) (faults []error) {
	bad := func(key, format string, args ...any) {
		faults = append(faults, fmt.Errorf("wechatpay.merchants.%s.foreign.%s: %s", cfg.Name, key, fmt.Sprintf(format, args...)))
	}
	if len(r.OrderPrefixes) > maxForeign {
		bad("order_prefixes", "at most %d", maxForeign)
	}
	if len(r.AppIDs) > maxForeign {
		bad("app_ids", "at most %d", maxForeign)
	}
	for i, p := range r.OrderPrefixes {
		switch {
		case p == "" || len(p) > 32 || strings.Trim(p, orderNoAlphabet) != "":
			bad("order_prefixes", "number %d must be 1 to 32 of 0-9 A-Z a-z _ - | *, as WeChat Pay's order numbers are", i+1)
		case couldBeOurs(p):
			bad("order_prefixes", "number %d could be the beginning of an order number of ours; use app_ids", i+1)
		}
	}
	for i, id := range r.AppIDs {
		switch {
		case strings.TrimSpace(id) == "" || len(id) > 32 || strings.ContainsAny(id, " ,"):
			bad("app_ids", "number %d must be an app id of at most 32 characters", i+1)
		case id == cfg.AppID || id == cfg.ProviderApp() || id == cfg.SubAppID:
			bad("app_ids", "number %d is the app of our own orders", i+1)
		}
	}
	return faults
}

const (
	// orderNoAlphabet is what WeChat Pay takes in an order number.
	orderNoAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-|*"
	// idAlphabet and idLength are those of [models.NewID], which numbers our orders. It
	// begins with the time: with 0 until the year 3084.
	idAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	idLength   = 26
)

// couldBeOurs reports whether an order number of ours can begin with a text.
func couldBeOurs(prefix string) bool {
	return len(prefix) <= idLength && prefix[0] == '0' && strings.Trim(prefix, idAlphabet) == ""
}

// byNumber reports whether the rule takes an order for foreign by its number. None of
// ours is.
func (r ForeignRule) byNumber(orderNo string) bool {
	return slices.ContainsFunc(r.OrderPrefixes, func(p string) bool { return strings.HasPrefix(orderNo, p) })
}

// byApp reports whether the rule takes a trade for foreign by its apps.
func (r ForeignRule) byApp(apps ...string) bool {
	return slices.ContainsFunc(apps, func(id string) bool { return id != "" && slices.Contains(r.AppIDs, id) })
}

// ForeignNumber reports whether an order number is foreign by itself, where nothing is
// known of its app.
func (m *Merchant) ForeignNumber(orderNo string) bool { return m.Foreign.byNumber(orderNo) }

// IsForeign reports whether a trade is another business's. An order that is in our books
// never is, whatever its app: the mini-program may have been another once.
func (m *Merchant) IsForeign(view *store.Tx, orderNo string, apps ...string) (bool, error) {
	switch {
	case m.Foreign.byNumber(orderNo):
		return true, nil
	case !m.Foreign.byApp(apps...):
		return false, nil
	case len(orderNo) != idLength || !couldBeOurs(orderNo):
		return true, nil // no order of ours has such a number
	}
	_, err := money.OrderByNo(view, orderNo)
	if errors.Is(err, models.ErrNotFound) {
		return true, nil
	}
	return false, err
}

// foreignRefund reports whether a refund of an order that is not ours is another
// business's. Its notification has no app. So it is known by the order's number, by the
// foreign payment that was told before, or by asking WeChat for the order.
func (s *Service) foreignRefund(ctx context.Context, m *Merchant, orderNo string) (bool, error) {
	if !m.Foreign.Set() || m.Foreign.byNumber(orderNo) {
		return m.Foreign.Set(), nil
	}
	known, err := proof.HasEvent(s.DB.View(ctx), m.Name, CleanToken(orderNo), proof.EventForeign)
	if err != nil || known || len(m.Foreign.AppIDs) == 0 {
		return known, err
	}
	t, err := m.Client.Query(ctx, orderNo)
	if err != nil {
		return false, nil //nolint:nilerr // not known: the refund stays one that staff must see
	}
	return m.IsForeign(s.DB.View(ctx), orderNo, t.AppID, t.SubAppID)
}
