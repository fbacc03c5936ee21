package payment

import (
	"maps"
	"slices"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// ErrMerchantsMixed is the refusal of items that are paid to more than one
// merchant. Its details are a [MerchantPart] each, and an order can be made for
// each of them.
var ErrMerchantsMixed = models.Refusal(models.KindConflict, "MERCHANTS_MIXED", "所选项目由不同的收款商户收取，请分开支付")

// MerchantPart is the part of the items that one merchant takes, as an order of
// its own could pay it.
type MerchantPart struct {
	Merchant  string     `json:"merchant"`
	BillIDs   []string   `json:"bill_ids"`
	PrepayFen models.Fen `json:"prepay_fen"`
	TotalFen  models.Fen `json:"total_fen"`
}

// merchantOf returns the merchant that everything in a request is paid to, or
// [ErrMerchantsMixed] if there is more than one. A merchant that a community
// names but the configuration does not have cannot take money.
func (s *Service) merchantOf(tx *store.Tx, req *CheckoutRequest, room estate.BoundRoom, states []billing.BillState,
	lines []money.OrderLine) (*Merchant, error) {
	if !room.MerchantRules {
		return s.configured(room.Merchant)
	}
	rules, err := estate.MerchantRulesOf(tx, room.CommunityID)
	if err != nil {
		return nil, err
	}
	parts := map[string]*MerchantPart{}
	part := func(item string) *MerchantPart {
		name := rules.For(item)
		if name == "" {
			name = s.defaultMerchant
		}
		if parts[name] == nil {
			parts[name] = &MerchantPart{Merchant: name, BillIDs: []string{}}
		}
		return parts[name]
	}
	for i := range states {
		for _, l := range lines {
			if l.BillID == states[i].ID { // bills that cost nothing have no line
				p := part(states[i].Item)
				p.BillIDs = append(p.BillIDs, l.BillID)
				p.TotalFen = p.TotalFen.Plus(l.TotalFen())
			}
		}
	}
	if req.PrepayFen > 0 {
		p := part(req.PrepayItem)
		p.PrepayFen = req.PrepayFen
		p.TotalFen = p.TotalFen.Plus(req.PrepayFen)
	}
	names := slices.Sorted(maps.Keys(parts))
	switch len(names) {
	case 0: // nothing to pay, which newOrder refuses
		return s.configured(room.Merchant)
	case 1:
		return s.configured(names[0])
	}
	details := make([]any, len(names))
	for i, name := range names {
		details[i] = *parts[name]
	}
	return nil, ErrMerchantsMixed.With(details...)
}

// configured returns a merchant that can take money.
func (s *Service) configured(name string) (*Merchant, error) {
	m, err := s.Merchant(name)
	if err != nil {
		return nil, ErrUnavailable.Because(err)
	}
	return m, nil
}
