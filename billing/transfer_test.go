package billing_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// sees is the bills that a user's phone shows as owed, by id.
func sees(h *billingtest.Home, u estate.User) map[string]bool {
	h.T.Helper()
	out := map[string]bool{}
	view := h.DB.View(context.Background())
	room, err := estate.BoundRoomOf(view, u.ID, h.Room.ID)
	if errors.Is(err, models.ErrNotFound) {
		return out
	}
	if err != nil {
		h.T.Fatal(err)
	}
	a, err := billing.VisibleArrears(view, room)
	if err != nil {
		h.T.Fatal(err)
	}
	for _, s := range a.Bills {
		out[s.ID] = true
	}
	// The list of bills says the same, by the condition in SQL.
	list, err := fees.BillsOfRoom(view, h.Room.ID, fees.BillFilter{Limit: 100, Sight: &room.BillVisibility})
	if err != nil {
		h.T.Fatal(err)
	}
	listed := map[string]bool{}
	for _, b := range list {
		if b.Status == fees.BillUnpaid || b.Status == fees.BillPartial {
			listed[b.ID] = true
		}
	}
	if diff := cmp.Diff(out, listed); diff != "" {
		h.T.Fatalf("arrears (-) and list (+) show different bills:\n%s", diff)
	}
	due, err := billing.DueOfRooms(view, []estate.BoundRoom{room})
	if err != nil || due[h.Room.ID].DueFen != a.TotalFen {
		h.T.Fatalf("the room's due sum is %s, its bills come to %s (%v)", due[h.Room.ID].DueFen, a.TotalFen, err)
	}
	return out
}

func ids(bills ...fees.Bill) map[string]bool {
	out := map[string]bool{}
	for _, b := range bills {
		out[b.ID] = true
	}
	return out
}

// phone is somebody who gives the phone number that WeChat vouches for.
func phone(h *billingtest.Home, number string) estate.User {
	h.T.Helper()
	u := modelstest.User(h.T, h.DB)
	if err := billing.BindByPhone(context.Background(), h.DB, u.ID, number); err != nil {
		h.T.Fatal(err)
	}
	return u
}

func TestTransferDividesBillsByTheirFirstDay(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	former := h.Owner("2026-03-01")
	before := h.Bill(former, "2026-01-01", "2026-01-31")
	lastDay := h.Bill(former, "2026-02-01", "2026-03-09")
	spans := h.Bill(former, "2026-01-01", "2026-12-31", func(b *fees.Bill) { b.Item, b.PrincipalFen = "车位费", 36500 })
	after := h.Bill(former, "2026-03-10", "2026-03-31")
	later := h.Bill(former, "2026-04-01", "2026-04-30")
	nobodys := h.Bill(estate.Owner{}, "2025-12-01", "2025-12-31")
	newNobodys := h.Bill(estate.Owner{}, "2026-05-01", "2026-05-31")

	p, err := billing.PreviewTransfer(h.DB.View(context.Background()), h.Room.ID, models.MustDate("2026-03-10"))
	if err != nil || p.Refused != nil || len(p.Stay) != 4 || len(p.Move) != 3 {
		t.Fatalf("preview: %v, %v, %d stay, %d move", err, p.Refused, len(p.Stay), len(p.Move))
	}
	// From 10 March on 297 of the 365 days.
	if len(p.Spans) != 1 || p.Spans[0].ID != spans.ID || p.Spans[0].NewDays != 297 || p.Spans[0].Days != 365 || p.Spans[0].NewFen != 29700 {
		t.Errorf("spans: %+v", p.Spans)
	}
	done := h.Transfer("2026-03-10")
	if done.OwedFen != 3*11002+36500 || done.OwedFen != p.OwedFen || done.LateFeeFen != p.LateFeeFen ||
		done.LateFeeFen == 0 || done.MovedBills != 3 {
		t.Errorf("kept: %+v", done)
	}
	owner := h.Owner("2026-03-10")
	if owner.Name != "李新" || h.Owner("2026-03-09").ID != former.ID {
		t.Errorf("owner is %s", owner.Name)
	}
	buyer := phone(h, "13700000001")
	if diff := cmp.Diff(ids(before, lastDay, spans, nobodys), sees(h, h.User)); diff != "" {
		t.Errorf("the former owner sees (want -, have +):\n%s", diff)
	}
	if diff := cmp.Diff(ids(after, later, newNobodys), sees(h, buyer)); diff != "" {
		t.Errorf("the new owner sees (want -, have +):\n%s", diff)
	}
}

func TestTransferRefusals(t *testing.T) {
	t.Parallel()
	type step func(h *billingtest.Home, former estate.Owner)
	pay := func(fen models.Fen) step {
		return func(h *billingtest.Home, former estate.Owner) {
			b := h.Bill(former, "2026-04-01", "2026-04-30")
			modelstest.Write(h.T, h.DB, func(tx *store.Tx) error {
				_, err := billing.Apply(tx, billing.Money{
					RoomID: h.Room.ID, CommunityID: h.Room.CommunityID, Debit: money.AccountWechat, Settlement: estate.LateFeeFirst,
					EffectiveOn: tx.Today(),
				}, []billing.Portion{{BillID: b.ID, Amount: fen}})
				return err
			})
		}
	}
	for _, tt := range []struct {
		name string
		do   step
		on   string
		with func(*billing.TransferRequest)
		want error
	}{
		{"a later bill is paid", pay(11002), "2026-03-10", nil, billing.ErrTransferPaid},
		{"a later bill is part paid", pay(1), "2026-03-10", nil, billing.ErrTransferPaid},
		{"the paid bill begins before the day", pay(11002), "2026-04-02", nil, nil},
		{"a later bill is being paid", func(h *billingtest.Home, former estate.Owner) {
			b := h.Bill(former, "2026-04-01", "2026-04-30")
			o := money.Order{
				No: models.NewID(), UserID: h.User.ID, RoomID: h.Room.ID, CommunityID: h.Room.CommunityID, Merchant: "main", MchID: "1",
				AppID: "wx", OpenID: "o", AmountFen: 11002, Status: money.OrderPending, QuotedOn: h.DB.Today(), Request: "{}",
				CreatedAt: h.DB.Now(), UpdatedAt: h.DB.Now(),
			}
			modelstest.Write(h.T, h.DB, func(tx *store.Tx) error {
				return money.InsertOrder(tx, &o, []money.OrderLine{{BillID: b.ID, PrincipalFen: 11002}})
			})
		}, "2026-03-10", nil, billing.ErrTransferBusy},
		{"on a day of the transfer before", func(h *billingtest.Home, _ estate.Owner) { h.Transfer("2026-03-01") }, "2026-03-01",
			func(r *billing.TransferRequest) { r.Phone = "13700000002" }, billing.ErrTransferDate},
		{"before the transfer before", func(h *billingtest.Home, _ estate.Owner) { h.Transfer("2026-03-01") }, "2026-02-01",
			func(r *billing.TransferRequest) { r.Phone = "13700000002" }, billing.ErrTransferDate},
		{"more than a year ahead", nil, "2027-03-18", nil, billing.ErrTransferDate},
		{"no name", nil, "2026-03-10", func(r *billing.TransferRequest) { r.Name = " 　" }, billing.ErrOwnerName},
		{"no phone number", nil, "2026-03-10", func(r *billing.TransferRequest) { r.Phone = "137" }, billing.ErrOwnerPhone},
		{"phone not known", nil, "2026-03-10", func(r *billing.TransferRequest) { r.Phone = "" }, nil},
		{"prepayment to nobody", nil, "2026-03-10", func(r *billing.TransferRequest) { r.PrepaidTo = "" }, billing.ErrPrepaidTo},
		{"to the same person", func(h *billingtest.Home, former estate.Owner) {
			modelstest.Write(h.T, h.DB, func(tx *store.Tx) error { return estate.SetOwnerPhone(tx, &former, "13700000001") })
		}, "2026-03-10", func(r *billing.TransferRequest) { r.Name = "王小明" }, billing.ErrTransferSame},
		{"a room of nobody", func(h *billingtest.Home, former estate.Owner) {
			modelstest.Write(h.T, h.DB, func(tx *store.Tx) error {
				list, err := estate.TenuresOfRoom(tx, h.Room.ID)
				if err != nil {
					return err
				}
				return estate.EndTenure(tx, list[0], models.MustDate("2026-01-31"))
			})
		}, "2026-03-10", nil, billing.ErrTransferNobody},
		{"no such room", nil, "2026-03-10", func(r *billing.TransferRequest) { r.RoomID = "nothing" }, models.ErrNotFound},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := billingtest.NewHome(t)
			if tt.do != nil {
				tt.do(h, h.Owner("2026-03-15"))
			}
			with := tt.with
			if with == nil {
				with = func(*billing.TransferRequest) {}
			}
			count := func() string {
				view := h.DB.View(context.Background())
				tenures, err := estate.TenuresOfRoom(view, h.Room.ID)
				if err != nil {
					t.Fatal(err)
				}
				transfers, err := estate.TransfersOfRoom(view, h.Room.ID)
				if err != nil {
					t.Fatal(err)
				}
				return fmt.Sprintf("%v %v", tenures, transfers)
			}
			before := count()
			_, err := billing.Transfer(context.Background(), h.DB, modelstest.Actor, h.Request(tt.on, with))
			if !errors.Is(err, tt.want) {
				t.Fatalf("want %v, have %v", tt.want, err)
			}
			if tt.want != nil && count() != before {
				t.Error("refused, but something changed")
			}
			if e, ok := models.AsError(err); ok && tt.want == billing.ErrTransferPaid && !cmp.Equal(e.Message,
				"过户日及以后的账单已经缴过费：物业服务费（2026-04-01 至 2026-04-30）。请改用较晚的过户日，或先退回该款项") {
				t.Errorf("the reason is %q", e.Message)
			}
		})
	}
}

// A transfer of a day to come changes nothing before it.
func TestTransferAhead(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	former := h.Owner("2026-03-15")
	mine := h.Bill(former, "2026-03-01", "2026-03-31")
	h.Transfer("2026-04-01")
	buyer := phone(h, "13700000001")
	if len(sees(h, buyer)) != 0 {
		t.Error("the new owner sees the room before it is theirs")
	}
	if diff := cmp.Diff(ids(mine), sees(h, h.User)); diff != "" {
		t.Error(diff)
	}
	view := h.DB.View(context.Background())
	if r, err := estate.BoundRoomOf(view, h.User.ID,
		h.Room.ID); err != nil || !r.Owns(view.Today()) || r.Owns(models.MustDate("2026-04-01")) {
		t.Errorf("the owner until 31 March: %+v, %v", r.BillVisibility, err)
	}
	h.Clock.Set(models.MustDate("2026-04-01").Start())
	buyer = phone(h, "13700000001")
	if _, err := estate.BoundRoomOf(h.DB.View(context.Background()), buyer.ID, h.Room.ID); err != nil {
		t.Errorf("the new owner on the day: %v", err)
	}
	if diff := cmp.Diff(ids(mine), sees(h, h.User)); diff != "" {
		t.Error(diff)
	}
}

// Sold and bought back: the first owner sees what was theirs both times, and
// nothing of the time between.
func TestRoomBoughtBack(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	first := h.Owner("2026-01-01")
	modelstest.Write(t, h.DB, func(tx *store.Tx) error { return estate.SetOwnerPhone(tx, &first, "13700000009") })
	own := h.Bill(first, "2025-12-01", "2025-12-31")
	later := h.Bill(first, "2026-03-01", "2026-03-31")
	h.Transfer("2026-02-01")
	second := h.Owner("2026-02-01")
	theirs := h.Bill(second, "2026-02-01", "2026-02-28")
	buyer := phone(h, "13700000001")
	if diff := cmp.Diff(ids(theirs, later), sees(h, buyer)); diff != "" {
		t.Error(diff)
	}
	h.Transfer("2026-03-01", func(r *billing.TransferRequest) { r.Name, r.Phone = "王小明", "13700000009" })
	if h.Owner("2026-03-01").ID != first.ID {
		t.Error("the first owner has a second record")
	}
	if diff := cmp.Diff(ids(own, later), sees(h, h.User)); diff != "" {
		t.Errorf("the first owner: %s", diff)
	}
	if diff := cmp.Diff(ids(theirs), sees(h, buyer)); diff != "" {
		t.Errorf("the owner between: %s", diff)
	}
}

// A former owner who never used the phone before can still bind it, as long as
// they owe something.
func TestFormerOwnerBindsLater(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	former := h.Owner("2026-01-01")
	modelstest.Write(t, h.DB, func(tx *store.Tx) error { return estate.SetOwnerPhone(tx, &former, "13700000009") })
	owed := h.Bill(former, "2026-01-01", "2026-01-31")
	h.Transfer("2026-02-01")
	late := phone(h, "13700000009")
	if diff := cmp.Diff(ids(owed), sees(h, late)); diff != "" {
		t.Error(diff)
	}
	view := h.DB.View(context.Background())
	r, err := estate.BoundRoomOf(view, late.ID, h.Room.ID)
	if err != nil || r.Owns(view.Today()) || r.PrepaidSeen(view.Today()) != 0 {
		t.Errorf("%+v, %v", r.BillVisibility, err)
	}
}

func TestRenameOwner(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	owner := h.Owner("2026-03-01")
	bill := h.Bill(owner, "2026-01-01", "2026-01-31")
	rename := func(name, reason string) error {
		return billing.RenameOwner(context.Background(), h.DB, modelstest.Actor, h.Room.ID, name, reason)
	}
	for _, tt := range []struct {
		name, reason string
		want         error
	}{{"", "笔误", billing.ErrOwnerName}, {"王晓明", " ", billing.ErrNoReason}, {"王小明", "笔误", billing.ErrNameSame}, {" 王晓明 ", "登记时写错", nil}} {
		if err := rename(tt.name, tt.reason); !errors.Is(err, tt.want) {
			t.Errorf("%q, %q: want %v, have %v", tt.name, tt.reason, tt.want, err)
		}
	}
	if o := h.Owner("2026-03-01"); o.Name != "王晓明" || o.ID != owner.ID {
		t.Errorf("%+v", o)
	}
	if diff := cmp.Diff(ids(bill), sees(h, h.User)); diff != "" {
		t.Errorf("a corrected name took the bills away: %s", diff)
	}
	log, err := office.AuditEntries(h.DB.View(context.Background()), office.AuditFilter{Subject: "owner", SubjectID: owner.ID, Limit: 10})
	if err != nil || len(log) != 1 || log[0].Action != "owner.renamed" {
		t.Errorf("%v, %v", log, err)
	}
	h.CheckBooks()
}

// A bill that comes late, for the days of the former owner, is not paid with the
// prepayment of the new one.
func TestPrepaymentPaysOnlyItsOwner(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	former := h.Owner("2026-01-01")
	h.Transfer("2026-03-01")
	modelstest.Write(t, h.DB, func(tx *store.Tx) error { return money.MovePrepaid(tx, h.Room.ID, money.PrepaidTopup, 50000, "", "") })
	for _, tt := range []struct {
		owner  estate.Owner
		status string
	}{{former, fees.BillUnpaid}, {h.Owner("2026-03-01"), fees.BillPaid}} {
		b := h.Bill(tt.owner, "2026-02-01", "2026-02-28", func(b *fees.Bill) { b.Item = tt.status })
		modelstest.Write(t, h.DB, func(tx *store.Tx) error { return billing.OffsetPrepaid(tx, &b) })
		if b.Status != tt.status {
			t.Errorf("bill of %s is %s", tt.owner.Name, b.Status)
		}
	}
}
