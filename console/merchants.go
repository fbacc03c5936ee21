package console

import (
	"errors"
	"slices"
	"strings"

	"wuyepay/models"
	"wuyepay/payment"
)

// Bounds of what a merchant's health shows as fine.
const (
	keyDaysLow  = 30 // days left of a certificate
	billDaysLow = 2  // days since the last bill's day
	maxItem     = 100
)

// merchantPage is 商户: how each fares, and which fee items are paid to it.
type merchantPage struct {
	Merchants   []merchantCard
	Rules       []ruleLine
	Communities []choice
	Names       []choice
	Edit        bool
}

type merchantCard struct {
	payment.MerchantHealth
	BillLate             bool
	MerchantDays         int
	MerchantKnown        bool
	PlatformDays         int
	PlatformKnown        bool
	MerchantLow, PlatLow bool
}

type ruleLine struct {
	models.MerchantRule
	Community string
	Unknown   bool // names a merchant that is not configured: nothing can be paid
}

func (c *call) merchants() error {
	health, err := c.Pay.Health(c.r.Context())
	if err != nil {
		return err
	}
	v := merchantPage{Names: c.merchantChoices(), Edit: c.can(permApprove)}
	for _, h := range health {
		m := merchantCard{MerchantHealth: h, BillLate: !h.State.BillOn.IsZero() && c.view.Today()-h.State.BillOn > billDaysLow}
		m.MerchantDays, m.MerchantKnown = payment.DaysLeft(h.Keys.MerchantUntil)
		m.PlatformDays, m.PlatformKnown = payment.DaysLeft(h.Keys.PlatformUntil)
		m.MerchantLow, m.PlatLow = m.MerchantKnown && m.MerchantDays < keyDaysLow, m.PlatformKnown && m.PlatformDays < keyDaysLow
		v.Merchants = append(v.Merchants, m)
	}
	if v.Communities, err = c.communityChoices(); err != nil {
		return err
	}
	if v.Rules, err = c.ruleLines(); err != nil {
		return err
	}
	return c.render("merchants", "商户", v)
}

func (c *call) ruleLines() ([]ruleLine, error) {
	rules, err := c.view.MerchantRules()
	if err != nil {
		return nil, err
	}
	names, err := c.communityNames()
	if err != nil {
		return nil, err
	}
	known := c.Pay.MerchantNames()
	out := make([]ruleLine, len(rules))
	for i, r := range rules {
		out[i] = ruleLine{r, names[r.CommunityID], !slices.Contains(known, r.Merchant)}
	}
	return out, nil
}

func (c *call) exportMerchantRules() error {
	return c.export("收款商户", "", []string{"小区", "费项", "商户", "修改时间"}, func(b *workbook) error {
		rules, err := c.ruleLines()
		if err != nil {
			return err
		}
		for _, r := range rules {
			item := r.Item
			if item == "" {
				item = "其余全部"
			}
			if err := b.Row(r.Community, item, r.Merchant, at(r.UpdatedAt)); err != nil {
				return err
			}
		}
		return nil
	})
}

// workMerchantRule makes, changes or ends a rule; who did it is in the audit log.
func (c *call) workMerchantRule() error {
	if err := c.form(); err != nil {
		return err
	}
	community, item, merchant := c.field("community"), strings.TrimSpace(c.field("item")), c.field("merchant")
	said := "rule_set"
	err := c.DB.Write(c.r.Context(), func(tx *models.Tx) error {
		switch {
		case c.field("do") == "drop":
			said = "rule_dropped"
			_, err := tx.DropMerchantRule(c.staff.Actor(), community, item)
			return err
		case !slices.Contains(c.Pay.MerchantNames(), merchant), len([]rune(item)) > maxItem:
			return errBadForm
		}
		return tx.SetMerchantRule(c.staff.Actor(), community, item, merchant)
	})
	if errors.Is(err, models.ErrNotFound) {
		err = errBadForm
	}
	if err != nil {
		return err
	}
	c.say(said)
	return c.redirect("/staff/merchants")
}
