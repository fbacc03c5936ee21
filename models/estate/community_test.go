package estate_test

import (
	"errors"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

func TestEnsureCommunity(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	ensure := func(name string) (c estate.Community, added bool) {
		modelstest.Write(t, db, func(tx *store.Tx) (err error) {
			c, added, err = estate.EnsureCommunity(tx, modelstest.Actor, name)
			return err
		})
		return c, added
	}
	first, added := ensure("滨江花园")
	if !added || first.LateRate != "0.003" || first.LateCap != "" || first.Settlement != estate.LateFeeFirst || first.BillDay != 0 {
		t.Errorf("a new community is %+v, added %t", first, added)
	}
	if again, added := ensure("滨江花园"); added || again != first {
		t.Errorf("asked for again it is %+v, added %t", again, added)
	}
	if other, added := ensure("滨江花园二期"); !added || other.ID == first.ID {
		t.Errorf("a longer name is %+v, added %t", other, added)
	}
	want(t, "the log", actions(t, db, "community", first.ID), "community.added")
	if c, err := estate.CommunityByID(view(db), first.ID); err != nil || c != first {
		t.Errorf("by id: %+v, %v", c, err)
	}
	_, err := estate.CommunityByID(view(db), models.NewID())
	notFound(t, "an unknown id", err)
	_, err = estate.CommunityByName(view(db), "滨江")
	notFound(t, "a part of a name", err)
	notFound(t, "the lock of an unknown community", try(db, func(tx *store.Tx) error { return estate.LockCommunity(tx, models.NewID()) }))
	modelstest.Write(t, db, func(tx *store.Tx) error { return estate.LockCommunity(tx, first.ID) })
}

func TestCommunitiesContain(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	for _, name := range []string{"B苑", "A苑", "100%_好!", "C园"} {
		modelstest.Community(t, db, name)
	}
	for _, tt := range []struct {
		text  string
		limit int
		want  []string
	}{
		{"", 10, []string{"100%_好!", "A苑", "B苑", "C园"}},
		{"", 2, []string{"100%_好!", "A苑"}},
		{"苑", 10, []string{"A苑", "B苑"}},
		{"%", 10, []string{"100%_好!"}},
		{"_好!", 10, []string{"100%_好!"}},
		{"无", 10, nil},
	} {
		var have []string
		for _, c := range must[[]estate.Community](t)(estate.Communities(view(db), tt.text, tt.limit)) {
			have = append(have, c.Name)
		}
		want(t, "names that contain "+tt.text, have, tt.want...)
	}
}

func TestCommunityPolicies(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	c, other := modelstest.Community(t, db, "甲"), modelstest.Community(t, db, "乙")
	for range 2 { // what holds already may be said again
		modelstest.Write(t, db, func(tx *store.Tx) error {
			return errors.Join(estate.SetBillDay(tx, modelstest.Actor, c.ID, 28),
				estate.SetSettlement(tx, modelstest.Actor, c.ID, estate.PrincipalFirst))
		})
	}
	have := must[estate.Community](t)(estate.CommunityByID(view(db), c.ID))
	if have.BillDay != 28 || have.Settlement != estate.PrincipalFirst || have.Name != c.Name {
		t.Errorf("the community is %+v", have)
	}
	if s, err := estate.Settlement(view(db), c.ID); err != nil || s != estate.PrincipalFirst {
		t.Errorf("its settlement is %s, %v", s, err)
	}
	if have := must[estate.Community](t)(estate.CommunityByID(view(db), other.ID)); have != other {
		t.Errorf("another community became %+v", have)
	}
	want(t, "the log", actions(t, db, "community", c.ID),
		"community.added", "community.bill_day", "community.settlement", "community.bill_day", "community.settlement")

	set := func(id, settlement string) error {
		return try(db, func(tx *store.Tx) error { return estate.SetSettlement(tx, modelstest.Actor, id, settlement) })
	}
	if err := set(c.ID, "interest_first"); !errors.Is(err, estate.ErrSettlement) {
		t.Errorf("a settlement that there is not: %v", err)
	}
	notFound(t, "the settlement of an unknown community", set(models.NewID(), estate.LateFeeFirst))
	notFound(t, "the bill day of an unknown community",
		try(db, func(tx *store.Tx) error { return estate.SetBillDay(tx, modelstest.Actor, models.NewID(), 1) }))
	if err := try(db, func(tx *store.Tx) error { return estate.SetBillDay(tx, modelstest.Actor, c.ID, 29) }); err == nil {
		t.Error("a bill day that February does not have was kept")
	}
	_, err := estate.Settlement(view(db), models.NewID())
	notFound(t, "the settlement of an unknown community", err)
}

func TestParseLateRule(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rate, limit string
		ok          bool
	}{
		{"0.003", "", true}, {"0.0005", "1", true}, {"0", "0.3", true}, {"", "", false}, {"3‰", "", false}, {"0.003", "all", false},
	} {
		r, err := estate.ParseLateRule(tt.rate, 3, tt.limit)
		if (err == nil) != tt.ok {
			t.Errorf("rate %q, cap %q: %v", tt.rate, tt.limit, err)
		}
		if tt.ok && (r.Rate.String() != tt.rate || r.CapText() != tt.limit || r.Cap.Valid != (tt.limit != "") || r.GraceDays != 3) {
			t.Errorf("rate %q, cap %q became %+v", tt.rate, tt.limit, r)
		}
	}
	rule, err := estate.ParseLateRule("0.003", 0, "")
	if fixed := estate.DefaultLateRule(); err != nil || !rule.Equal(fixed) || fixed.Text() != "每日 3‰，无上限" {
		t.Errorf("3‰ is %+v, the default %+v, %v", rule, fixed, err)
	}
}

// TestLateRuleOn has a change that is refused, one from a later day, and two of one day of
// which the later decision counts.
func TestLateRuleOn(t *testing.T) {
	t.Parallel()
	clock := modelstest.NewClock(modelstest.Start)
	db := modelstest.OpenAt(t, clock.Now)
	c := modelstest.Community(t, db, "海棠花园")
	decider := models.Actor{Kind: models.ActorStaff, ID: "chief", Name: "经理"}
	for _, x := range []struct{ rate, from, status string }{
		{"0.009", "2026-03-15", estate.LateRuleRefused}, {"0.002", "2026-03-20", estate.LateRuleApproved},
		{"0.001", "2026-03-20", estate.LateRuleApproved}, {"0.0005", "2026-04-01", estate.LateRuleApproved},
	} {
		clock.Set(clock.Now().Add(time.Minute))
		modelstest.Write(t, db, func(tx *store.Tx) error {
			change := estate.LateRuleChange{CommunityID: c.ID, LateRate: x.rate, FromOn: models.MustDate(x.from), Reason: "x"}
			if err := estate.InsertLateRuleChange(tx, modelstest.Actor, &change); err != nil {
				return err
			}
			return estate.DecideLateRuleChange(tx, decider, &change, x.status, "")
		})
	}
	for on, want := range map[string]string{"2026-03-15": "3‰", "2026-03-19": "3‰", "2026-03-20": "1‰", "2026-03-31": "1‰",
		"2026-04-01": "0.5‰"} {
		rule, err := estate.LateRuleOn(view(db), c.ID, models.MustDate(on))
		if have := models.RateText(rule.Rate); err != nil || have != want {
			t.Errorf("on %s: %s, want %s (%v)", on, have, want, err)
		}
	}
}
