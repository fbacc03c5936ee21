package issuing_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

// life is a room whose years are played day by day, in the books and beside them.
type life struct {
	*rapid.T
	db       *store.DB
	clock    *modelstest.Clock
	room     estate.Room
	ids      []string
	bills    map[string]*pencil
	prepaid  int64
	evenings map[models.Date][]shown
	policy   string
	closes   func() error
	plans    []*paper
	fares    []fare               // prices of the parking space, oldest first
	months   map[models.Date]bool // billed by a run
	since    models.Date          // the last change of hands
}

// shown is what an owner is shown of a bill.
type shown struct {
	ID                                             string
	Principal, Outstanding, Accrued, Late, Due     models.Fen
	Waived, PaidPrincipal, PaidLateFee, DiscountOf models.Fen
	Status                                         string
	Days                                           int
}

func project(a billing.Arrears) []shown {
	var out []shown
	for _, b := range a.Bills {
		out = append(out, shown{
			ID: b.ID, Principal: b.PrincipalFen, Outstanding: b.OutstandingFen(), Accrued: b.Late.Accrued, Late: b.LateDueFen,
			Due: b.DueFen, Waived: b.WaivedLateFeeFen, PaidPrincipal: b.PaidPrincipalFen, PaidLateFee: b.PaidLateFeeFen,
			DiscountOf: b.DiscountFen, Status: b.Status, Days: b.OverdueDays,
		})
	}
	return out
}

func (l *life) today() models.Date { return l.db.Today() }

func (l *life) write(fn func(tx *store.Tx) error) error {
	return l.db.Write(context.Background(), fn)
}

func (l *life) must(fn func(tx *store.Tx) error) {
	if err := l.write(fn); err != nil {
		l.Fatal(err)
	}
}

// pass lets days go by; each evening what is shown is remembered.
func (l *life) pass(days int) {
	for range days {
		l.evenings[l.today()] = project(l.arrears())
		l.clock.Advance(24 * time.Hour)
	}
}

func (l *life) arrears() billing.Arrears {
	a, err := billing.RoomArrears(l.db.View(context.Background()), l.room.ID)
	if err != nil {
		l.Fatal(err)
	}
	return a
}

// agree holds the books against the pencil, and the books against themselves.
func (l *life) agree(step string) {
	for _, s := range l.arrears().Bills {
		p := l.bills[s.ID]
		if got, want := fmt.Sprint(s.OutstandingFen(), s.LateDueFen),
			p.owes(l.today()); p == nil || int64(s.OutstandingFen()) != want[0] || int64(s.LateDueFen) != want[1] {
			l.Fatalf("%s: bill %s owes %s, by pencil %v: %+v", step, s.ID, got, want, p)
		}
	}
	total := int64(0)
	for _, p := range l.bills {
		total += p.owes(l.today())[0] + p.owes(l.today())[1]
	}
	if a := l.arrears(); int64(a.TotalFen) != total {
		l.Fatalf("%s: the room owes %d, by pencil %d", step, a.TotalFen, total)
	}
	view := l.db.View(context.Background())
	r, err := estate.RoomByID(view, l.room.ID)
	if err != nil || int64(r.PrepaidFen) != l.prepaid {
		l.Fatalf("%s: prepayment %d, by pencil %d, %v", step, r.PrepaidFen, l.prepaid, err)
	}
	found, err := proof.Check(view)
	if err != nil {
		l.Fatal(err)
	}
	more, err := billing.CheckLateFees(view)
	if err != nil || len(found)+len(more) > 0 {
		l.Fatalf("%s: the books do not agree: %v %v %v", step, found, more, err)
	}
}

// newLife is a room of its own. On a MySQL server, where making a database takes a
// second, lives share one and follow one another in time.
func newLife(outer *testing.T, t *rapid.T, shared **life) *life {
	l := &life{
		T: t, clock: modelstest.NewClock(time.Date(2024, 1, 1, 10, 0, 0, 0, models.Shanghai)), bills: map[string]*pencil{},
		evenings: map[models.Date][]shown{}, months: map[models.Date]bool{},
		policy: rapid.SampledFrom([]string{estate.LateFeeFirst, estate.PrincipalFirst}).Draw(t, "policy"),
	}
	if *shared != nil {
		l.db, l.clock = (*shared).db, (*shared).clock
	} else {
		l.db = modelstest.OpenAt(outer, l.clock.Now)
	}
	l.closes = func() error { return nil }
	if modelstest.OnMySQL() {
		*shared = l
	} else {
		l.closes = l.db.Close
	}
	l.room = modelstest.Room(outer, l.db)
	return l
}

// Whatever happens to a room in three years: what it owes is what a pencil says,
// bill by bill; the journal balances after every step; and every evening is told
// again as it was shown.
func TestThreeYearsOfARoom(t *testing.T) {
	t.Parallel()
	var shared *life
	rapid.Check(t, func(rt *rapid.T) {
		l := newLife(t, rt, &shared)
		defer func() { _ = l.closes() }()
		for range rapid.IntRange(2, 14).Draw(rt, "steps") {
			l.pass(rapid.IntRange(0, 90).Draw(rt, "days"))
			step := rapid.SampledFrom([]string{
				"issue", "issue", "pay", "pay", "late news", "prepay", "waive", "waive", "correct", "correct", "discount", "void", "plan",
				"plan", "price", "run", "run", "hand over",
			}).Draw(rt, "step")
			switch step {
			case "issue":
				l.issue()
			case "pay":
				l.pay(l.today())
			case "late news":
				l.pay(l.today() - models.Date(rapid.IntRange(1, 5).Draw(rt, "days late")))
			case "prepay":
				l.prepay(int64(rapid.IntRange(1, 60000).Draw(rt, "prepayment")))
			case "plan":
				l.plan()
			case "price":
				l.price()
			case "run":
				l.run()
			case "hand over":
				l.handOver()
			default:
				l.adjust(step)
			}
			l.agree(step)
			l.endPlans()
			l.agree("plans after " + step)
		}
		l.pass(1)
		l.moveOut()
		for day, want := range l.evenings {
			a, err := billing.RoomArrearsAsOf(l.db.View(context.Background()), l.room.ID, day)
			if err != nil {
				rt.Fatal(err)
			}
			if diff := cmp.Diff(want, project(a)); diff != "" {
				rt.Fatalf("%s as shown that evening (-) and as told today (+):\n%s", day, diff)
			}
		}
	})
}

func (l *life) issue() {
	principal := rapid.Int64Range(1, 200000).Draw(l.T, "principal")
	p := &pencil{
		due: l.today() + models.Date(rapid.IntRange(-20, 40).Draw(l.T, "due")), grace: rapid.IntRange(0, 10).Draw(l.T, "grace"),
		rate: rapid.SampledFrom([]int64{0, 5, 30}).Draw(l.T, "rate"), capped: rapid.Bool().Draw(l.T, "capped"), principal: principal,
		paid: map[models.Date]int64{},
	}
	start := models.NewDate(2000, 1, 1) + models.Date(len(l.ids))
	b := fees.Bill{
		ID: models.NewID(), CommunityID: l.room.CommunityID, RoomID: l.room.ID, Item: "物业服务费", PeriodStart: start, PeriodEnd: start,
		IssuedOn: l.today(), DueOn: p.due, Status: fees.BillUnpaid, PrincipalFen: models.Fen(principal), Basis: "{}",
		Source: fees.SourceRun, CreatedAt: l.db.Now(), UpdatedAt: l.db.Now(),
	}
	limit := ""
	if p.capped {
		limit = "0.3"
	}
	b.SetLateRule(billingtest.Rule(fmt.Sprintf("0.%04d", p.rate), p.grace, limit))
	l.must(func(tx *store.Tx) error {
		b := b
		if _, err := fees.InsertBills(tx, []fees.Bill{b}, false); err != nil {
			return err
		}
		if err := money.Journal(tx, []money.JournalLine{{
			Kind: money.JournalIssue, Debit: money.AccountReceivable, Credit: money.AccountRevenue, AmountFen: b.PrincipalFen,
			CommunityID: b.CommunityID, RoomID: b.RoomID, BillID: b.ID,
		}}); err != nil {
			return err
		}
		return billing.OffsetPrepaid(tx, &b)
	})
	l.ids, l.bills[b.ID] = append(l.ids, b.ID), p
	use := min(l.prepaid, principal)
	l.prepaid -= use
	if use > 0 {
		p.paid[l.today()] += use
		p.last = l.today()
	}
}

// pay brings money for one bill that owes something; what it cannot take goes to
// prepayment.
func (l *life) pay(on models.Date) {
	id, p := l.pick()
	if p == nil {
		return
	}
	on = max(on, p.last)
	owes := p.owes(on)
	amount := rapid.Int64Range(1, owes[0]+owes[1]+500).Draw(l.T, "amount")
	payment := models.NewID()
	l.must(func(tx *store.Tx) error {
		left, err := billing.Apply(tx, billing.Money{
			PaymentID: payment, RoomID: l.room.ID, CommunityID: l.room.CommunityID, Debit: money.AccountWechat, Settlement: l.policy,
			EffectiveOn: on,
		}, []billing.Portion{{BillID: id, Amount: models.Fen(amount)}})
		if err != nil || left == 0 {
			return err
		}
		return l.surplus(tx, left, payment)
	})
	first, second := 1, 0
	if l.policy == estate.PrincipalFirst {
		first, second = 0, 1
	}
	var part [2]int64
	part[first] = min(amount, owes[first])
	part[second] = min(amount-part[first], owes[second])
	if part[0]+part[1] > 0 {
		p.paid[on] += part[0]
		p.paidLate += part[1]
		p.last = on
	}
	l.prepaid += amount - part[0] - part[1]
}

func (l *life) surplus(tx *store.Tx, amount models.Fen, payment string) error {
	if err := money.MovePrepaid(tx, l.room.ID, money.PrepaidSurplus, amount, payment, ""); err != nil {
		return err
	}
	return money.Journal(tx,
		[]money.JournalLine{{Kind: money.JournalSurplus, Debit: money.AccountWechat, Credit: money.AccountPrepaid, AmountFen: amount,
			CommunityID: l.room.CommunityID, RoomID: l.room.ID, PaymentID: payment}})
}

func (l *life) prepay(amount int64) {
	l.must(func(tx *store.Tx) error { return l.surplus(tx, models.Fen(amount), models.NewID()) })
	l.prepaid += amount
}

// pick chooses one of the last two bills that owes something.
func (l *life) pick() (string, *pencil) {
	var open []string
	for _, id := range l.ids[max(0, len(l.ids)-2):] {
		if o := l.bills[id].owes(l.today()); o[0]+o[1] > 0 {
			open = append(open, id)
		}
	}
	if len(open) == 0 {
		return "", nil
	}
	id := rapid.SampledFrom(open).Draw(l.T, "bill")
	return id, l.bills[id]
}

// adjust waives, corrects, discounts or voids a bill, paid or not; what is too much
// is refused and changes nothing.
func (l *life) adjust(step string) {
	if len(l.ids) == 0 {
		return
	}
	// Mostly one of the last two, so that things happen to the same bill again.
	few := l.ids[max(0, len(l.ids)-rapid.SampledFrom([]int{2, 2, 2, 20}).Draw(l.T, "of the last")):]
	id := rapid.SampledFrom(few).Draw(l.T, "bill")
	p := l.bills[id]
	a := billing.Adjustment{
		BillID: id,
		Kind: map[string]string{
			"waive": fees.EntryWaiver, "correct": fees.EntryCorrection, "discount": fees.EntryDiscount, "void": fees.EntryVoid,
		}[step],
	}
	fits := !p.void
	switch late := p.owes(l.today())[1]; step {
	case "waive":
		a.AmountFen = models.Fen(rapid.Int64Range(1, late+1).Draw(l.T, "waived"))
		fits = fits && int64(a.AmountFen) <= late
	case "correct":
		a.AmountFen = models.Fen(rapid.Int64Range(0, 2*p.principal+1).Draw(l.T, "right principal"))
		fits = fits && int64(a.AmountFen) != p.principal && int64(a.AmountFen) >= p.discount
	case "discount":
		a.AmountFen = models.Fen(rapid.Int64Range(1, p.principal+1).Draw(l.T, "discount"))
		fits = fits && int64(a.AmountFen) <= p.principal-p.discount
	}
	before := project(l.arrears())
	err := l.write(func(tx *store.Tx) error { _, err := billing.Adjust(tx, billingtest.Approval, a); return err })
	if (err == nil) != fits {
		l.Fatalf("%s of %d on %+v: %v", step, a.AmountFen, p, err)
	}
	if err != nil {
		if _, ok := models.AsError(err); !ok || !cmp.Equal(before, project(l.arrears())) {
			l.Fatalf("refused, but changed or not in words: %v", err)
		}
		return
	}
	l.prepaid += p.adjust(step, int64(a.AmountFen), l.today())
}

func (p *pencil) String() string {
	return strings.TrimSpace(fmt.Sprintf("principal %d due %s paid %v", p.principal, p.due, p.paid))
}
