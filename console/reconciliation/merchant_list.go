package reconciliation

import (
	"errors"
	"slices"
	"strings"

	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
)

// What counts as fine in the health of a merchant.
const (
	keyDaysLow  = 30 // days left of a certificate
	billDaysLow = 2  // days since the last bill's day
	maxItem     = 100
)

// merchantPage is the page 商户: the health of each, and which fee items are paid to it.
type merchantPage struct {
	Merchants   []merchantCard
	Rules       []ruleLine
	Communities []ui.Option
	Names       []ui.Option
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
	estate.MerchantRule
	Community string
	Unknown   bool // names a merchant that is not configured: nothing can be paid
}

// Merchants shows the page 商户.
func Merchants(c *ui.Call) error {
	health, err := c.Pay.Health(c.R.Context())
	if err != nil {
		return err
	}
	v := merchantPage{Names: merchantChoices(c), Edit: c.Can(office.PermApprove)}
	for _, h := range health {
		m := merchantCard{MerchantHealth: h, BillLate: !h.State.BillOn.IsZero() && c.View.Today()-h.State.BillOn > billDaysLow}
		m.MerchantDays, m.MerchantKnown = payment.DaysLeft(h.Keys.MerchantUntil)
		m.PlatformDays, m.PlatformKnown = payment.DaysLeft(h.Keys.PlatformUntil)
		m.MerchantLow, m.PlatLow = m.MerchantKnown && m.MerchantDays < keyDaysLow, m.PlatformKnown && m.PlatformDays < keyDaysLow
		v.Merchants = append(v.Merchants, m)
	}
	if v.Communities, err = c.CommunityOptions(); err != nil {
		return err
	}
	if v.Rules, err = ruleLines(c); err != nil {
		return err
	}
	return c.Render("reconciliation/merchant_list", "商户", v)
}

func ruleLines(c *ui.Call) ([]ruleLine, error) {
	rules, err := estate.AllMerchantRules(c.View)
	if err != nil {
		return nil, err
	}
	names, err := c.CommunityNames()
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

// ExportMerchantRules sends the rules as a workbook.
func ExportMerchantRules(c *ui.Call) error {
	return c.Export("收款商户", "", []string{"小区", "费项", "商户", "修改时间"}, func(b *ui.Workbook) error {
		rules, err := ruleLines(c)
		if err != nil {
			return err
		}
		for _, r := range rules {
			item := r.Item
			if item == "" {
				item = "其余全部"
			}
			if err := b.Row(r.Community, item, r.Merchant, words.At(r.UpdatedAt)); err != nil {
				return err
			}
		}
		return nil
	})
}

// WorkMerchantRule makes, changes or ends a rule. The audit log keeps who did it.
func WorkMerchantRule(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	community, item, merchant := c.Field("community"), strings.TrimSpace(c.Field("item")), c.Field("merchant")
	said := "rule_set"
	err := c.DB.Write(c.R.Context(), func(tx *store.Tx) error {
		switch {
		case c.Field("do") == "drop":
			said = "rule_dropped"
			_, err := estate.DropMerchantRule(tx, c.Staff.Actor(), community, item)
			return err
		case !slices.Contains(c.Pay.MerchantNames(), merchant), len([]rune(item)) > maxItem:
			return ui.ErrBadForm
		}
		return estate.SetMerchantRule(tx, c.Staff.Actor(), community, item, merchant)
	})
	if errors.Is(err, models.ErrNotFound) {
		err = ui.ErrBadForm
	}
	if err != nil {
		return err
	}
	c.Say(said)
	return c.Redirect("/staff/merchants")
}
