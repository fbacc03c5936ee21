package billing_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// imported makes an opening arrear of 110.02 due 15 January: 19.47 late fee on 15 March
// by the rule of a new community.
func imported(t *testing.T, db *store.DB, r estate.Room, with ...func(*fees.Bill)) fees.Bill {
	t.Helper()
	return modelstest.Bill(t, db, r, append([]func(*fees.Bill){func(b *fees.Bill) {
		b.Source, b.Basis = fees.SourceImport, `{"kind":"opening"}`
		b.CreatedAt = models.At(billingtest.Day("2026-02-01").Start())
	}}, with...)...)
}

// milder is half a permille with 10 days of grace: of 110.02, for 49 days, 2.70.
func milder(c string) billing.LateRuleRequest {
	return billing.LateRuleRequest{CommunityID: c, Rate: "0.5‰", GraceDays: 10, Cap: "30%", FromOn: billingtest.Day("2026-03-15"),
		OpenBills: true, Reason: "业主大会决议"}
}

func ruleOn(t *testing.T, db *store.DB, community, day string) string {
	t.Helper()
	rule, err := estate.LateRuleOn(db.View(context.Background()), community, billingtest.Day(day))
	billingtest.NoError(t, err)
	return rule.Text()
}

// TestLateRuleTakesTwoPersons asks and decides in every wrong way first.
func TestLateRuleTakesTwoPersons(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	ctx := context.Background()
	c := modelstest.Community(t, db, "海棠花园")
	for name, tt := range map[string]struct {
		change func(q *billing.LateRuleRequest)
		want   error
	}{
		"3 a day":           {func(q *billing.LateRuleRequest) { q.Rate = "3" }, billing.ErrLateRule},
		"11‰":               {func(q *billing.LateRuleRequest) { q.Rate = "11‰" }, billing.ErrLateRule},
		"no rate":           {func(q *billing.LateRuleRequest) { q.Rate = "" }, billing.ErrLateRule},
		"a cap of 30":       {func(q *billing.LateRuleRequest) { q.Cap = "30" }, billing.ErrLateRule},
		"grace before due":  {func(q *billing.LateRuleRequest) { q.GraceDays = -1 }, billing.ErrLateRule},
		"from yesterday":    {func(q *billing.LateRuleRequest) { q.FromOn-- }, billing.ErrLateRuleFrom},
		"years ahead":       {func(q *billing.LateRuleRequest) { q.FromOn += 400 }, billing.ErrLateRuleFrom},
		"for no reason":     {func(q *billing.LateRuleRequest) { q.Reason = " " }, billing.ErrNoReason},
		"another community": {func(q *billing.LateRuleRequest) { q.CommunityID = models.NewID() }, models.ErrNotFound},
		"what there is": {func(q *billing.LateRuleRequest) {
			q.Rate, q.GraceDays, q.Cap, q.OpenBills = "0.3%", 0, "", false
		}, billing.ErrLateRuleSame},
		"the rule in figures": {func(q *billing.LateRuleRequest) {
			q.Rate, q.GraceDays, q.Cap, q.OpenBills = "0.003", 0, " ", false
		}, billing.ErrLateRuleSame},
	} {
		q := milder(c.ID)
		tt.change(&q)
		if _, err := billing.RequestLateRule(ctx, db, billingtest.Finance, q); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	for _, by := range []office.Staff{billingtest.Cashier, billingtest.Steward} {
		if _, err := billing.RequestLateRule(ctx, db, by, milder(c.ID)); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("a %s asks: %v", by.Role, err)
		}
	}
	asked, err := billing.RequestLateRule(ctx, db, billingtest.Manager, milder(c.ID))
	billingtest.NoError(t, err)
	if _, err := billing.RequestLateRule(ctx, db, billingtest.Finance, milder(c.ID)); !errors.Is(err, estate.ErrLateRuleOpen) {
		t.Errorf("a second request: %v", err)
	}
	for by, want := range map[*office.Staff]error{&billingtest.Finance: models.ErrForbidden, &billingtest.Manager: billing.ErrSamePerson} {
		if err := billing.DecideLateRule(ctx, db, *by, asked.ID, true, ""); !errors.Is(err, want) {
			t.Errorf("%s decides: %v, want %v", by.Role, err, want)
		}
	}
	if have := ruleOn(t, db, c.ID, "2026-03-15"); have != "每日 3‰，无上限" {
		t.Errorf("before the decision: %s", have)
	}
	billingtest.NoError(t, billing.DecideLateRule(ctx, db, billingtest.Deputy, asked.ID, false, "再议"))
	if err := billing.DecideLateRule(ctx, db, billingtest.Deputy, asked.ID, true, ""); !errors.Is(err, estate.ErrLateRuleDecided) {
		t.Errorf("decided twice: %v", err)
	}
	later := milder(c.ID)
	later.FromOn = billingtest.Day("2026-04-01")
	if asked, err = billing.RequestLateRule(ctx, db, billingtest.Finance, later); err != nil {
		t.Fatal(err)
	}
	billingtest.NoError(t, billing.DecideLateRule(ctx, db, billingtest.Manager, asked.ID, true, ""))
	for day, want := range map[string]string{"2026-03-31": "每日 3‰，无上限", "2026-04-01": "每日 0.5‰，宽限 10 天，上限为本金的 30%"} {
		if have := ruleOn(t, db, c.ID, day); have != want {
			t.Errorf("on %s: %s, want %s", day, have, want)
		}
	}
	if n, err := billing.WorkLateRules(ctx, db); n != 0 || err != nil {
		t.Errorf("worked before its day: %d, %v", n, err)
	}
}

// TestLateRuleOfOpenBills writes a milder rule into open imported bills: late fee as of
// today falls, money that was paid too much goes to prepayment, and what was shown on a
// past day stays. Other bills, and bills with a rule milder in some way, keep theirs.
func TestLateRuleOfOpenBills(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	ctx := context.Background()
	room := modelstest.Room(t, db)
	plain := imported(t, db, room)
	part := imported(t, db, modelstest.Room(t, db))
	apply(t, db, part, estate.LateFeeFirst, 3000, "2026-03-15") // 19.47 of it late fee
	kept := imported(t, db, room, func(b *fees.Bill) { b.GraceDays = 30 })
	same := imported(t, db, room, func(b *fees.Bill) { b.LateRate, b.GraceDays, b.LateCap = "0.0005", 10, "0.3" })
	issued := modelstest.Bill(t, db, room)
	q := milder(room.CommunityID)
	effect, err := billing.PreviewLateRule(ctx, db, q)
	billingtest.NoError(t, err)
	if effect.Bills != 4 || effect.Milder != 2 || effect.Same != 1 || effect.Kept != 1 || effect.BeforeFen != 1947 ||
		effect.AfterFen != 270 || effect.CreditFen != 1677 || len(effect.Biggest) != 1 || effect.Biggest[0].Room.ID != room.ID {
		t.Fatalf("the preview is %+v", effect)
	}
	yesterday, err := billing.RoomArrearsAsOf(db.View(ctx), room.ID, billingtest.Day("2026-03-14"))
	billingtest.NoError(t, err)
	asked, err := billing.RequestLateRule(ctx, db, billingtest.Finance, q)
	billingtest.NoError(t, err)
	billingtest.NoError(t, billing.DecideLateRule(ctx, db, billingtest.Manager, asked.ID, true, ""))
	if n, err := billing.WorkLateRules(ctx, db); n != 2 || err != nil {
		t.Fatalf("%d bills took the rule, %v", n, err)
	}
	if n, err := billing.WorkLateRules(ctx, db); n != 0 || err != nil {
		t.Fatalf("again %d bills took the rule, %v", n, err)
	}
	bills, err := fees.BillsByIDs(db.View(ctx), []string{plain.ID, part.ID, kept.ID, same.ID, issued.ID})
	billingtest.NoError(t, err)
	for id, want := range map[string]string{plain.ID: "0.0005;10;0.3", part.ID: "0.0005;10;0.3", kept.ID: "0.003;30;",
		same.ID: "0.0005;10;0.3", issued.ID: "0.003;0;"} {
		if b := bills[id]; b.RuleText() != want {
			t.Errorf("the rule is %s, want %s", b.RuleText(), want)
		}
	}
	if p := bills[part.ID]; p.PaidLateFeeFen != 270 || prepaidOf(t, db, part.RoomID) != 1677 {
		t.Errorf("late fee paid %s, prepaid %s", p.PaidLateFeeFen, prepaidOf(t, db, part.RoomID))
	}
	again, err := billing.RoomArrearsAsOf(db.View(ctx), room.ID, billingtest.Day("2026-03-14"))
	billingtest.NoError(t, err)
	if yesterday.TotalFen != again.TotalFen || cmp.Diff(lateOf(yesterday), lateOf(again)) != "" {
		t.Errorf("yesterday showed %v, and now %v", lateOf(yesterday), lateOf(again))
	}
	booksAgree(t, db)
	if bad, err := billing.CheckLateRules(db.View(ctx)); err != nil || len(bad) != 0 {
		t.Errorf("%v, %v", bad, err)
	}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		return tx.ExecOne("UPDATE bills SET late_rate = '0.001' WHERE id = ?", plain.ID)
	})
	if bad, err := billing.CheckLateRules(db.View(ctx)); err != nil || len(bad) != 1 || bad[0].Subject != plain.ID {
		t.Errorf("a rule that no entry brought: %v, %v", bad, err)
	}
}

func lateOf(a billing.Arrears) map[string]models.Fen {
	out := map[string]models.Fen{}
	for _, s := range a.Bills {
		out[s.ID] = s.LateDueFen
	}
	return out
}

// TestRuleOfABillIsNeverMadeHarsher also by hand.
func TestRuleOfABillIsNeverMadeHarsher(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	b := imported(t, db, modelstest.Room(t, db), func(b *fees.Bill) { b.LateRate, b.GraceDays, b.LateCap = "0.0005", 10, "0.3" })
	for _, text := range []string{"0.0006;10;0.3", "0.0005;9;0.3", "0.0005;10;0.31", "0.0001;10;"} {
		rule, err := fees.RuleOfText(text)
		billingtest.NoError(t, err)
		if _, err := billingtest.Adjust(t, db, billingtest.Approval, billing.Adjustment{Kind: fees.EntryCorrection, BillID: b.ID,
			Rule: &rule}); !errors.Is(err, billing.ErrRuleNotMilder) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Property: a milder rule never asks for more, on any day of any bill; and a rule that
// is not milder asks for more of some bill.
func TestMilderRuleNeverAsksForMore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, o := billingtest.DrawDebt(t), billingtest.DrawDebt(t).Rule
		if !o.MilderThan(d.Rule) {
			return
		}
		on := d.Due + models.Date(rapid.IntRange(0, 800).Draw(t, "on"))
		have, err := calc.ComputeLateFee(d.Rule, d.Original, d.Base, d.Due, d.Reductions, on)
		if err != nil {
			t.Fatal(err)
		}
		want, err := calc.ComputeLateFee(o, d.Original, d.Base, d.Due, d.Reductions, on)
		if err != nil || want.Accrued > have.Accrued {
			t.Fatalf("%s asks for %s, %s only for %s (%v)", o.Text(), want.Accrued, d.Rule.Text(), have.Accrued, err)
		}
	})
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"0.003;0;", "0.003;0;", true}, {"0.001;0;", "0.003;0;", true}, {"0.003;0;", "0.001;0;", false}, {"0.003;1;", "0.003;0;", true},
		{"0.001;0;", "0.003;1;", false}, {"0.003;0;1", "0.003;0;", true}, {"0.001;5;", "0.003;0;1", false}, {"0;0;", "0.003;9;0.1", true},
	} {
		a, err := fees.RuleOfText(tt.a)
		if err != nil {
			t.Fatal(err)
		}
		b, err := fees.RuleOfText(tt.b)
		if err != nil || a.MilderThan(b) != tt.want {
			t.Errorf("%s milder than %s: %t (%v)", tt.a, tt.b, !tt.want, err)
		}
	}
	if _, err := fees.RuleOfText(strings.Repeat(";", 4)); err == nil {
		t.Error("a text that is no rule was read as one")
	}
}
