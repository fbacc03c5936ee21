package issuing_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/billing/issuing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

var (
	drawer  = office.Staff{ID: "01SLIPDRAWER00000000000000", Name: "周楠", Role: office.RoleCashier}
	checker = office.Staff{ID: "01SLIPCHECKER0000000000000", Name: "高远", Role: office.RoleCashier}
)

// slipOf returns what a slip of a home says: 98.00 and half an hour at 60.
func slipOf(h *billingtest.Home, with ...func(*issuing.SlipDraft)) issuing.SlipDraft {
	d := issuing.SlipDraft{RoomID: h.Room.ID, Kind: fees.SlipRepair, Item: "维修服务费", Title: "更换水龙头",
		WorkedOn: models.MustDate("2026-03-14"), DueDays: 7, FormKey: models.NewID(), Lines: []issuing.SlipDraftLine{
			{Kind: fees.SlipPart, Name: "水龙头", Quantity: "1", Price: "98"}, {Kind: fees.SlipService},
			{Kind: fees.SlipLabour, Name: "安装", Quantity: "0.5", Price: "60.00元"}}}
	for _, f := range with {
		f(&d)
	}
	return d
}

// drawn draws a slip.
func drawn(h *billingtest.Home, with ...func(*issuing.SlipDraft)) fees.Slip {
	h.T.Helper()
	s, err := issuing.DrawSlip(context.Background(), h.DB, drawer, slipOf(h, with...))
	if err != nil {
		h.T.Fatal(err)
	}
	return s
}

// offered draws a slip and offers it to the owner.
func offered(h *billingtest.Home, with ...func(*issuing.SlipDraft)) fees.Slip {
	h.T.Helper()
	s := drawn(h, with...)
	if err := issuing.OfferSlip(context.Background(), h.DB, drawer, s.ID); err != nil {
		h.T.Fatal(err)
	}
	return slipNow(h, s.ID)
}

func slipNow(h *billingtest.Home, id string) fees.Slip {
	h.T.Helper()
	s, err := fees.SlipByID(h.DB.View(context.Background()), id)
	if err != nil {
		h.T.Fatal(err)
	}
	return s
}

// slipsAgree fails the test unless the books and the slips are proven.
func slipsAgree(h *billingtest.Home) {
	h.T.Helper()
	h.CheckBooks()
	if found, err := issuing.CheckSlips(h.DB.View(context.Background())); err != nil || len(found) > 0 {
		h.T.Fatalf("slips: %v, %v", found, err)
	}
}

func billsOf(h *billingtest.Home) []fees.Bill {
	h.T.Helper()
	list, err := fees.BillsOfRoom(h.DB.View(context.Background()), h.Room.ID, fees.BillFilter{Limit: 50})
	if err != nil {
		h.T.Fatal(err)
	}
	return list
}

func TestSlipIsSignedAndChargedOnce(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	ctx := context.Background()
	s := offered(h)
	if s.TotalFen != 12800 || s.No != "FW20260315-001" || s.Status != fees.SlipOffered || len(s.Digest) != 64 {
		t.Fatalf("offered %+v", s)
	}
	for i := range 3 { // pressed again and again
		signed, err := issuing.SignSlip(ctx, h.DB, h.User, s.ID, issuing.SlipConsent{TotalFen: 12800, Digest: s.Digest})
		if err != nil || signed.Status != fees.SlipCharged {
			t.Fatalf("press %d: %v, %+v", i, err, signed)
		}
	}
	bills := billsOf(h)
	if len(bills) != 1 {
		t.Fatalf("%d bills, want one: %+v", len(bills), bills)
	}
	b, now := bills[0], slipNow(h, s.ID)
	if b.ID != *now.BillID || b.PrincipalFen != 12800 || b.Item != "维修服务费" || b.DueOn != models.MustDate("2026-03-22") ||
		b.Source != fees.SourceSlip || b.BatchID != s.ID || b.OwnerID != h.Owner("2026-03-14").ID || b.LateRate != "0.003" {
		t.Errorf("the bill is %+v", b)
	}
	const basis = `{"kind":"slip","reason":"更换水龙头","slip":"FW20260315-001","lines":[{"name":"水龙头","quantity":"1","unit":"个",` +
		`"price":"98.00","amount":"98.00"},{"name":"安装","quantity":"0.5","unit":"小时","price":"60.00","amount":"30.00"}]}`
	if b.Basis != basis {
		t.Errorf("its basis is %s", b.Basis)
	}
	if now.Signed != models.UserActor(h.User.ID) || now.SignedAt != h.DB.Now() || now.How != fees.SignedByPhone {
		t.Errorf("signed %+v", now)
	}
	// What is signed stays: no form, no step and no second person changes it.
	for name, err := range map[string]error{
		"redraw":  issuing.RedrawSlip(ctx, h.DB, drawer, s.ID, slipOf(h)),
		"offer":   issuing.OfferSlip(ctx, h.DB, drawer, s.ID),
		"recall":  issuing.RecallSlip(ctx, h.DB, drawer, s.ID),
		"cancel":  issuing.CancelSlip(ctx, h.DB, drawer, s.ID, "写错"),
		"decline": second(issuing.DeclineSlip(ctx, h.DB, h.User, s.ID, "不要")),
	} {
		if !errors.Is(err, issuing.ErrSlipState) {
			t.Errorf("%s of a signed slip: %v", name, err)
		}
	}
	if err := second(issuing.SignSlipOnPaper(ctx, h.DB, checker, s.ID, issuing.PaperSignature{Signer: "王小明", No: "1",
		Shown: issuing.SlipConsent{TotalFen: 12800}})); !errors.Is(err, issuing.ErrSlipSigned) {
		t.Errorf("on paper besides: %v", err)
	}
	slipsAgree(h)
}

func second[T any](_ T, err error) error { return err }

func TestSignaturesOfManyAtOnce(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	s := offered(h)
	others := []estate.User{h.User, modelstest.User(t, h.DB, h.Room), modelstest.User(t, h.DB, h.Room)}
	results := make([]error, 9)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() {
			if i == 8 {
				results[i] = issuing.RecallSlip(context.Background(), h.DB, drawer, s.ID)
				return
			}
			_, results[i] = issuing.SignSlip(context.Background(), h.DB, others[i%3], s.ID, issuing.SlipConsent{TotalFen: s.TotalFen})
		})
	}
	all.Wait()
	for i, err := range results {
		if err != nil && !errors.Is(err, issuing.ErrSlipSigned) && !errors.Is(err, issuing.ErrSlipState) && !errors.Is(err,
			models.ErrNotFound) {
			t.Errorf("%d: %v", i, err)
		}
	}
	now := slipNow(h, s.ID)
	want := 0
	if now.Status == fees.SlipCharged {
		want = 1
	} else if now.Status != fees.SlipDraft {
		t.Errorf("the slip is %s", now.Status)
	}
	if bills := billsOf(h); len(bills) != want {
		t.Errorf("%d bills of a slip that is %s", len(bills), now.Status)
	}
	slipsAgree(h)
}

func TestSlipThatChangedIsNotSigned(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	ctx := context.Background()
	s := offered(h)
	sign := func(c issuing.SlipConsent) error { return second(issuing.SignSlip(ctx, h.DB, h.User, s.ID, c)) }
	if err := sign(issuing.SlipConsent{TotalFen: 12799}); !errors.Is(err, issuing.ErrSlipChanged) {
		t.Errorf("another total: %v", err)
	}
	// Another content of the same total, by way of a draft.
	if err := issuing.RecallSlip(ctx, h.DB, drawer, s.ID); err != nil {
		t.Fatal(err)
	}
	if err := sign(issuing.SlipConsent{TotalFen: 12800, Digest: s.Digest}); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a draft is signed: %v", err)
	}
	if err := issuing.RedrawSlip(ctx, h.DB, drawer, s.ID, slipOf(h, func(d *issuing.SlipDraft) { d.Lines[0].Name = "旧水龙头" })); err != nil {
		t.Fatal(err)
	}
	if err := issuing.OfferSlip(ctx, h.DB, drawer, s.ID); err != nil {
		t.Fatal(err)
	}
	if err := sign(issuing.SlipConsent{TotalFen: 12800, Digest: s.Digest}); !errors.Is(err, issuing.ErrSlipChanged) {
		t.Errorf("what was not seen is signed: %v", err)
	}
	if err := sign(issuing.SlipConsent{TotalFen: 12800, Digest: slipNow(h, s.ID).Digest}); err != nil {
		t.Error(err)
	}
	slipsAgree(h)
	// A line that is changed past all rules is found.
	if err := modelstest.Exec(ctx, h.DB, "UPDATE slip_lines SET name = '金水龙头' WHERE slip_id = ? AND seq = 0", s.ID); err != nil {
		t.Fatal(err)
	}
	if found, err := issuing.CheckSlips(h.DB.View(ctx)); err != nil || len(found) != 1 || found[0].Subject != s.ID {
		t.Errorf("a signed line was changed, and found is %v, %v", found, err)
	}
}

func TestWhoSignsASlip(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	ctx := context.Background()
	bind := func(role string) estate.User {
		u := modelstest.User(t, h.DB)
		modelstest.Write(t, h.DB, func(tx *store.Tx) error { return estate.Bind(tx, modelstest.Actor, u.ID, h.Room.ID, role, "test") })
		return u
	}
	family, payer, stranger := bind(estate.RoleFamily), bind(estate.RolePayer), modelstest.User(t, h.DB)
	elsewhere := modelstest.User(t, h.DB, modelstest.Room(t, h.DB))
	s := offered(h)
	shown := issuing.SlipConsent{TotalFen: s.TotalFen}
	for name, x := range map[string]struct {
		user estate.User
		want error
	}{"payer": {payer, issuing.ErrSlipSigner}, "stranger": {stranger, models.ErrNotFound}, "neighbour": {elsewhere, models.ErrNotFound}} {
		if err := second(issuing.SignSlip(ctx, h.DB, x.user, s.ID, shown)); !errors.Is(err, x.want) {
			t.Errorf("a %s signs: %v", name, err)
		}
		if err := second(issuing.DeclineSlip(ctx, h.DB, x.user, s.ID, "不要")); !errors.Is(err, x.want) {
			t.Errorf("a %s declines: %v", name, err)
		}
	}
	// The room is sold; the work was done in the time of the owner before.
	h.Transfer("2026-03-15")
	if err := second(issuing.SignSlip(ctx, h.DB, modelstest.User(t, h.DB, h.Room), s.ID, shown)); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("the new owner signs for the old one: %v", err)
	}
	if _, err := issuing.SignSlip(ctx, h.DB, family, s.ID, shown); err != nil {
		t.Errorf("the family signs: %v", err)
	}
	if b := billsOf(h)[0]; b.OwnerID != h.Owner("2026-03-14").ID {
		t.Errorf("the bill is owed by %s", b.OwnerID)
	}
	slipsAgree(h)
}

func TestSlipSignedOnPaper(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	ctx := context.Background()
	s := offered(h)
	paper := issuing.PaperSignature{Signer: "王小明", No: "WX-0031", Shown: issuing.SlipConsent{TotalFen: s.TotalFen}}
	sign := func(by office.Staff, p issuing.PaperSignature) error {
		return second(issuing.SignSlipOnPaper(ctx, h.DB, by, s.ID, p))
	}
	if err := sign(drawer, paper); !errors.Is(err, issuing.ErrSlipOwnPaper) {
		t.Errorf("who drew it confirms it: %v", err)
	}
	if err := sign(checker, issuing.PaperSignature{Signer: "王小明", Shown: paper.Shown}); !errors.Is(err, issuing.ErrSlipPaper) {
		t.Errorf("without a number: %v", err)
	}
	for range 2 {
		if err := sign(checker, paper); err != nil {
			t.Fatal(err)
		}
	}
	now := slipNow(h, s.ID)
	if now.Status != fees.SlipCharged || now.How != fees.SignedOnPaper || now.SignerName != "王小明" || now.Signed != checker.Actor() ||
		len(billsOf(h)) != 1 {
		t.Errorf("signed %+v with %d bills", now, len(billsOf(h)))
	}
	slipsAgree(h)
}

// A slip that comes to nothing is signed and not billed; one that is declined is drawn anew.
func TestSlipsWithoutABill(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	ctx := context.Background()
	free := offered(h, func(d *issuing.SlipDraft) {
		d.Lines = []issuing.SlipDraftLine{{Kind: fees.SlipService, Name: "保修期内检修", Quantity: "1", Price: "0"}}
	})
	if s, err := issuing.SignSlip(ctx, h.DB, h.User, free.ID, issuing.SlipConsent{}); err != nil || s.Status != fees.SlipSigned ||
		s.BillID != nil {
		t.Errorf("signed for nothing: %v %+v", err, s)
	}
	no := offered(h)
	for range 2 {
		if s, err := issuing.DeclineSlip(ctx, h.DB, h.User, no.ID, "价格不对"); err != nil || s.Status != fees.SlipDeclined ||
			s.Note != "价格不对" {
			t.Errorf("declined: %v %+v", err, s)
		}
	}
	if err := second(issuing.SignSlip(ctx, h.DB, h.User, no.ID, issuing.SlipConsent{TotalFen: no.TotalFen})); !errors.Is(err,
		issuing.ErrSlipState) {
		t.Errorf("a declined slip is signed: %v", err)
	}
	if err := issuing.RedrawSlip(ctx, h.DB, drawer, no.ID, slipOf(h, func(d *issuing.SlipDraft) { d.Lines[0].Price = "68" })); err != nil {
		t.Fatal(err)
	}
	if s := slipNow(h, no.ID); s.Status != fees.SlipDraft || s.TotalFen != 9800 || s.Digest != "" || s.Note != "" {
		t.Errorf("drawn anew: %+v", s)
	}
	if err := issuing.CancelSlip(ctx, h.DB, drawer, no.ID, "业主不需要"); err != nil {
		t.Fatal(err)
	}
	if err := issuing.CancelSlip(ctx, h.DB, drawer, no.ID, "再取消"); !errors.Is(err, issuing.ErrSlipState) {
		t.Errorf("cancelled again: %v", err)
	}
	if n := len(billsOf(h)); n != 0 {
		t.Errorf("%d bills", n)
	}
	slipsAgree(h)
}

func TestTwoSlipsOfOneDay(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	ctx := context.Background()
	first, again := offered(h), drawn(h)
	if again.No != "FW20260315-002" {
		t.Errorf("the second slip is %s", again.No)
	}
	if err := issuing.OfferSlip(ctx, h.DB, drawer, again.ID); !errors.Is(err, issuing.ErrSlipBilled) {
		t.Errorf("two of one item and day are offered: %v", err)
	}
	if _, err := issuing.SignSlip(ctx, h.DB, h.User, first.ID, issuing.SlipConsent{TotalFen: first.TotalFen}); err != nil {
		t.Fatal(err)
	}
	if err := issuing.OfferSlip(ctx, h.DB, drawer, again.ID); !errors.Is(err, issuing.ErrSlipBilled) {
		t.Errorf("beside a bill of its item and day: %v", err)
	}
	other := offered(h, func(d *issuing.SlipDraft) { d.Item = "材料费" })
	if _, err := issuing.SignSlip(ctx, h.DB, h.User, other.ID, issuing.SlipConsent{TotalFen: other.TotalFen}); err != nil {
		t.Error(err)
	}
	// A form that is posted twice draws one slip.
	d := slipOf(h)
	a, err := issuing.DrawSlip(ctx, h.DB, drawer, d)
	b, err2 := issuing.DrawSlip(ctx, h.DB, drawer, d)
	if err != nil || err2 != nil || a.ID != b.ID {
		t.Errorf("posted twice: %v %v, %s and %s", err, err2, a.ID, b.ID)
	}
	slipsAgree(h)
}

func TestSlipsThatCannotBeRight(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	for name, x := range map[string]struct {
		change func(*issuing.SlipDraft)
		want   error
		says   string
	}{
		"kind":       {func(d *issuing.SlipDraft) { d.Kind = "gift" }, issuing.ErrSlipKind, ""},
		"no title":   {func(d *issuing.SlipDraft) { d.Title = " " }, issuing.ErrSlipText, ""},
		"long item":  {func(d *issuing.SlipDraft) { d.Item = strings.Repeat("费", 41) }, issuing.ErrSlipText, ""},
		"far ahead":  {func(d *issuing.SlipDraft) { d.WorkedOn = models.MustDate("2062-01-01") }, issuing.ErrSlipDay, ""},
		"long ago":   {func(d *issuing.SlipDraft) { d.WorkedOn = models.MustDate("2024-01-01") }, issuing.ErrSlipDay, ""},
		"due":        {func(d *issuing.SlipDraft) { d.DueDays = 91 }, issuing.ErrSlipDueDays, ""},
		"no lines":   {func(d *issuing.SlipDraft) { d.Lines = d.Lines[1:2] }, issuing.ErrSlipLines, ""},
		"no price":   {func(d *issuing.SlipDraft) { d.Lines[2].Price = "" }, issuing.ErrSlipLine, "第 3 行：单价"},
		"negative":   {func(d *issuing.SlipDraft) { d.Lines[0].Price = "-98" }, issuing.ErrSlipLine, "第 1 行：单价"},
		"exponent":   {func(d *issuing.SlipDraft) { d.Lines[0].Quantity = "1e3" }, issuing.ErrSlipLine, "第 1 行：数量"},
		"none":       {func(d *issuing.SlipDraft) { d.Lines[0].Quantity = "0" }, issuing.ErrSlipLine, "第 1 行：数量"},
		"too fine":   {func(d *issuing.SlipDraft) { d.Lines[0].Quantity = "0.0001" }, issuing.ErrSlipLine, "第 1 行：数量"},
		"no name":    {func(d *issuing.SlipDraft) { d.Lines[0].Name = "" }, issuing.ErrSlipLine, "第 1 行：请填写名称"},
		"line kind":  {func(d *issuing.SlipDraft) { d.Lines[0].Kind = "gift" }, issuing.ErrSlipLine, "第 1 行：请选择类别"},
		"other room": {func(d *issuing.SlipDraft) { d.RoomID = models.NewID() }, models.ErrNotFound, ""},
	} {
		_, err := issuing.DrawSlip(context.Background(), h.DB, drawer, slipOf(h, x.change))
		if !errors.Is(err, x.want) || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	steward := office.Staff{ID: "s", Name: "别处管家", Role: office.RoleSteward}
	if err := second(issuing.DrawSlip(context.Background(), h.DB, steward, slipOf(h))); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a steward of other rooms draws: %v", err)
	}
	s := offered(h)
	if err := issuing.RecallSlip(context.Background(), h.DB, steward, s.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a steward of other rooms recalls: %v", err)
	}
	if err := second(issuing.DeclineSlip(context.Background(), h.DB, h.User, s.ID, " ")); !errors.Is(err, billing.ErrNoReason) {
		t.Errorf("declined without a reason: %v", err)
	}
}

// Each line is rounded once, half up, and the total is their sum, whatever the figures are.
func TestSlipAmounts(t *testing.T) {
	h := billingtest.NewHome(t)
	rapid.Check(t, func(r *rapid.T) {
		var want models.Fen
		var lines []issuing.SlipDraftLine
		for range rapid.IntRange(1, 6).Draw(r, "lines") {
			quantity := decimal.New(rapid.Int64Range(1, 99_999).Draw(r, "quantity"), -3)
			price := decimal.New(rapid.Int64Range(0, 9_999_999).Draw(r, "price"), -4)
			amount, err := models.RoundFen(quantity.Mul(price))
			if err != nil {
				r.Fatal(err)
			}
			want += amount
			lines = append(lines, issuing.SlipDraftLine{Kind: fees.SlipPart, Name: "件", Quantity: quantity.String(), Price: price.String()})
		}
		if s := drawn(h, func(d *issuing.SlipDraft) { d.Lines = lines }); s.TotalFen != want {
			r.Fatalf("%v come to %s, want %s", lines, s.TotalFen, want)
		}
	})
	slipsAgree(h)
}

// A basis never outgrows its column: what does not fit stands on the slip.
func TestLongSlipFitsItsBill(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	s := offered(h, func(d *issuing.SlipDraft) {
		d.Lines = nil
		for range issuing.MaxSlipLines {
			d.Lines = append(d.Lines, issuing.SlipDraftLine{Kind: fees.SlipPart, Name: strings.Repeat("长", 60), Quantity: "1", Price: "1"})
		}
	})
	if _, err := issuing.SignSlip(context.Background(), h.DB, h.User, s.ID, issuing.SlipConsent{TotalFen: 3000}); err != nil {
		t.Fatal(err)
	}
	if b := billsOf(h)[0]; len([]rune(b.Basis)) > 1000 || !strings.Contains(b.Basis, `"more_lines":`) {
		t.Errorf("the basis has %d characters: %s", len([]rune(b.Basis)), b.Basis)
	}
	slipsAgree(h)
}
