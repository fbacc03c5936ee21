package estate_test

import (
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

func TestMerchantOfItem(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		rules estate.MerchantRules
		want  string
	}{
		{"no rule", estate.MerchantRules{}, ""},
		{"the community's own", estate.MerchantRules{Fallback: "main"}, "main"},
		{"every item", estate.MerchantRules{Fallback: "main", ByItem: map[string]string{"": "all"}}, "all"},
		{"the item", estate.MerchantRules{Fallback: "main", ByItem: map[string]string{"": "all", "水费": "water"}}, "water"},
		{"another item", estate.MerchantRules{Fallback: "main", ByItem: map[string]string{"电费": "power"}}, "main"},
	} {
		if have := tt.rules.For("水费"); have != tt.want {
			t.Errorf("%s: 水费 is paid to %q, want %q", tt.name, have, tt.want)
		}
	}
}

func TestMerchantRules(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	a, b := modelstest.Community(t, db, "甲"), modelstest.Community(t, db, "乙")
	set := func(community, item, merchant string) error {
		return try(db, func(tx *store.Tx) error {
			return estate.SetMerchantRule(tx, modelstest.Actor, community, item, merchant)
		})
	}
	drop := func(community, item string) (ok bool) {
		modelstest.Write(t, db, func(tx *store.Tx) (err error) {
			ok, err = estate.DropMerchantRule(tx, modelstest.Actor, community, item)
			return err
		})
		return ok
	}
	for _, r := range [][3]string{{a.ID, "水费", "old"}, {a.ID, "水费", "water"}, {a.ID, "水费", "water"}, {b.ID, "", "all"}} {
		if err := set(r[0], r[1], r[2]); err != nil {
			t.Fatal(err)
		}
	}
	notFound(t, "a rule of an unknown community", set(models.NewID(), "水费", "water"))
	_, err := estate.MerchantRulesOf(view(db), models.NewID())
	notFound(t, "the rules of an unknown community", err)

	rules := must[estate.MerchantRules](t)(estate.MerchantRulesOf(view(db), a.ID))
	if rules.For("水费") != "water" || rules.For("电费") != "" || len(rules.ByItem) != 1 {
		t.Errorf("the rules of 甲 are %+v", rules)
	}
	var all []string
	for _, r := range must[[]estate.MerchantRule](t)(estate.AllMerchantRules(view(db))) {
		all = append(all, r.Item+"="+r.Merchant)
	}
	want(t, "all rules", all, "水费=water", "=all")

	if drop(a.ID, "电费") || !drop(a.ID, "水费") || drop(a.ID, "水费") {
		t.Error("a rule can be dropped once, and only if it is there")
	}
	if rules := must[estate.MerchantRules](t)(estate.MerchantRulesOf(view(db), b.ID)); rules.For("水费") != "all" {
		t.Errorf("the rules of 乙 are %+v", rules)
	}
	want(t, "the log", actions(t, db, "community", a.ID),
		"community.added", "merchant_rule.set", "merchant_rule.set", "merchant_rule.set", "merchant_rule.dropped")
}
