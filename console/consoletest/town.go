package consoletest

import (
	"fmt"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/messages"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

// Town is a small community with something on every page.
type Town struct {
	Room      estate.Room // steward 周楠: arrears with every kind of late fee, payments, prepayment
	Other     estate.Room // steward 高远
	Bound     estate.User
	Paid      money.Order // of Room
	Pending   money.Order // of Room
	OtherPaid money.Order // of Other
}

// Days of March 2026 with something to reconcile.
var (
	Day10 = models.MustDate("2026-03-10")
	Day12 = models.MustDate("2026-03-12")
	Day13 = models.MustDate("2026-03-13")
)

// Town makes a town.
func (w *World) Town() Town {
	w.T.Helper()
	var n Town
	place := func(code, building, unit, number, steward string) func(*estate.Room) {
		return func(r *estate.Room) {
			r.Code, r.Building, r.Unit, r.Number, r.Steward = code, building, unit, number, steward
		}
	}
	n.Room = modelstest.Room(w.T, w.DB, place("3-2-1201", "3栋", "2单元", "1201", "周楠"))
	n.Other = modelstest.Room(w.T, w.DB, place("5-1-301", "5栋", "1单元", "301", "高远"))
	for i := range 24 {
		modelstest.Room(w.T, w.DB, place(fmt.Sprintf("7-1-%d", 101+i), "7栋", "1单元", fmt.Sprint(101+i), "高远"),
			func(r *estate.Room) { r.Area = "88.00" })
	}
	n.Bound = modelstest.User(w.T, w.DB, n.Room)
	modelstest.Write(w.T, w.DB, func(tx *store.Tx) error { return estate.SetUserPhone(tx, n.Bound.ID, "13800138001") })
	w.bills(n)
	first := modelstest.Bill(w.T, w.DB, n.Room, func(b *fees.Bill) { b.DueOn = models.MustDate("2026-03-31") })
	n.Paid = w.pay(n.Room, n.Bound, first, Day13, money.LearnedByCallback)
	theirs := modelstest.Bill(w.T, w.DB, n.Other, func(b *fees.Bill) { b.DueOn = models.MustDate("2026-03-31") })
	n.OtherPaid = w.pay(n.Other, n.Bound, theirs, Day12, money.LearnedByReconcile)
	n.Pending = w.order(n.Room, n.Bound, modelstest.Bill(w.T, w.DB, n.Room, func(b *fees.Bill) { b.Item = "停车费" }))
	w.watched(n)
	return n
}

// bills adds one of each sort of debt to the room.
func (w *World) bills(n Town) {
	period := func(item, from, to, due string, fen models.Fen) func(*fees.Bill) {
		return func(b *fees.Bill) {
			b.Item, b.PeriodStart, b.PeriodEnd, b.DueOn, b.PrincipalFen = item, models.MustDate(from), models.MustDate(to),
				models.MustDate(due), fen
		}
	}
	part := modelstest.Bill(w.T, w.DB, n.Room, period("物业服务费", "2025-01-01", "2025-12-31", "2026-01-31", 132019), func(b *fees.Bill) {
		b.Basis = `{"kind":"area","area":"137.52","price":"0.80","months":"12"}`
	})
	modelstest.Bill(w.T, w.DB, n.Room, period("物业服务费", "2024-01-01", "2024-12-31", "2024-10-31", 286101), func(b *fees.Bill) {
		b.Basis, b.Source, b.LateCap, b.Disputed = `{"kind":"opening"}`, fees.SourceImport, "0.3", true
	})
	modelstest.Bill(w.T, w.DB, n.Room, period("水费", "2026-01-01", "2026-01-31", "2026-02-15", 107736), func(b *fees.Bill) {
		b.Basis = `{"kind":"meter","usage":"272","multiplier":"1","previous":"100","value":"372",` +
			`"tiers":"0-180:3.45;180-260:4.83;260-:5.83"}`
	})
	modelstest.Bill(w.T, w.DB, n.Room, period("车位费", "2026-03-01", "2026-03-31", "2026-03-15", 30000), func(b *fees.Bill) {
		b.Basis = `{"kind":"fixed","price":"300.00","months":"1"}`
	})
	modelstest.Bill(w.T, w.DB, n.Other, period("物业服务费", "2026-01-01", "2026-01-31", "2026-01-15", 9999900))
	// 500 yuan came on 2 March: the late fee declines from then on.
	modelstest.Write(w.T, w.DB, func(tx *store.Tx) error {
		_, err := billing.Apply(tx, billing.Money{RoomID: n.Room.ID, CommunityID: n.Room.CommunityID, Debit: money.AccountWechat,
			Settlement: estate.LateFeeFirst, EffectiveOn: models.MustDate("2026-03-02")},
			[]billing.Portion{{BillID: part.ID, Amount: 50000}})
		return err
	})
}

// order makes a pending order for a bill.
func (w *World) order(r estate.Room, u estate.User, b fees.Bill) money.Order {
	w.T.Helper()
	o := money.Order{No: models.NewID(), UserID: u.ID, RoomID: r.ID, CommunityID: r.CommunityID, Merchant: "main",
		MchID: "1900000001", AppID: "wxtest", OpenID: u.OpenID, AmountFen: b.PrincipalFen, Status: money.OrderPending,
		QuotedOn: w.DB.Today(), Request: "{}", PrepayID: "wx1", CreatedAt: w.DB.Now(), ExpiresAt: models.At(w.DB.Now().Add(1800e9)),
		UpdatedAt: w.DB.Now()}
	modelstest.Write(w.T, w.DB, func(tx *store.Tx) error {
		if err := money.InsertOrder(tx, &o, []money.OrderLine{{OrderNo: o.No, BillID: b.ID, PrincipalFen: b.PrincipalFen}}); err != nil {
			return err
		}
		return office.Audit(tx, models.UserActor(u.ID), "order.created", "order", o.No, map[string]any{"amount_fen": o.AmountFen,
			"bills": 1})
	})
	return o
}

// pay makes an order that was paid on a day, with a surplus of one yuan.
func (w *World) pay(r estate.Room, u estate.User, b fees.Bill, on models.Date, learned string) money.Order {
	w.T.Helper()
	o := w.order(r, u, b)
	modelstest.Write(w.T, w.DB, func(tx *store.Tx) error {
		paidAt, transaction := models.At(on.Start().Add(9*3600e9)), "42000"+o.No
		if err := money.PayOrder(tx, &o, transaction, paidAt); err != nil {
			return err
		}
		p := money.Payment{ID: models.NewID(), Channel: money.ChannelWechat, OrderNo: &o.No, TransactionID: &transaction,
			Merchant: "main", CommunityID: r.CommunityID, RoomID: r.ID, UserID: u.ID, AmountFen: o.AmountFen, SurplusFen: 100,
			Source: learned, PaidAt: paidAt, PaidOn: on, BookedAt: tx.Now}
		if _, err := billing.Apply(tx, billing.Money{PaymentID: p.ID, RoomID: r.ID, CommunityID: r.CommunityID, Merchant: "main",
			Debit:      money.AccountWechat,
			Settlement: estate.LateFeeFirst, EffectiveOn: on}, []billing.Portion{{BillID: b.ID, Amount: o.AmountFen}}); err != nil {
			return err
		}
		if err := money.InsertPayment(tx, &p); err != nil {
			return err
		}
		if err := money.MovePrepaid(tx, r.ID, money.PrepaidSurplus, 100, p.ID, ""); err != nil {
			return err
		}
		if err := money.ReleaseClaims(tx, o.No); err != nil {
			return err
		}
		return office.Audit(tx, models.SystemActor("wechat-callback"), "order.paid", "order", o.No,
			map[string]any{"amount_fen": o.AmountFen,
				"learned_by": learned})
	})
	return o
}

// watched adds what finance watches.
func (w *World) watched(n Town) {
	modelstest.Write(w.T, w.DB, func(tx *store.Tx) error {
		for _, r := range []proof.Reconciliation{
			{Merchant: "main", BillOn: Day10, FeeFen: "0", NetFen: "0"},
			{Merchant: "main", BillOn: Day12, OursCount: 1, OursFen: 11002, TheirsCount: 1, TheirsFen: 11002, FeeFen: "66.012",
				NetFen: "10935.988", BillSHA1: "ab"},
			{Merchant: "main", BillOn: Day13, OursCount: 1, OursFen: 11002, TheirsCount: 2, TheirsFen: 11102, TheirRefunds: 1,
				TheirRefundsFen: 500, FeeFen: "67", NetFen: "10535", BillSHA1: "cd"},
		} {
			if err := proof.KeepReconciliation(tx, &r); err != nil {
				return err
			}
		}
		for _, f := range []proof.Finding{
			{Merchant: "main", BillOn: Day12, Kind: proof.FindingOnlyTheirs, OrderNo: n.OtherPaid.No,
				TransactionID: n.OtherPaid.TransactionID, TheirsFen: 11002, Resolution: proof.ResolutionSettled, ResolvedBy: "reconcile"},
			{Merchant: "main", BillOn: Day13, Kind: proof.FindingUnknown, OrderNo: "OFFLINE-1", TransactionID: "4200009", TheirsFen: 100,
				Resolution: proof.ResolutionOpen},
			{Merchant: "main", BillOn: Day13, Kind: proof.FindingRefund, OrderNo: n.Paid.No, TransactionID: "5030001", TheirsFen: 500,
				Resolution: proof.ResolutionOpen},
		} {
			if _, err := proof.KeepFinding(tx, &f); err != nil {
				return err
			}
		}
		if _, err := proof.KeepEvent(tx, &proof.CallbackEvent{Merchant: "main", NotificationID: "N1", OrderNo: n.Pending.No,
			TransactionID: "4200010", AmountFen: 1,
			Reason: proof.EventMismatch, Detail: "amount differs from the order's"}); err != nil {
			return err
		}
		if err := office.KeepImport(tx, modelstest.Actor, &office.Import{Kind: "rooms", FileName: "rooms.xlsx", SHA256: "ab", RowsRead: 26,
			RowsAdded: 26}); err != nil {
			return err
		}
		if err := office.StartJobRun(tx, "reconcile", "2026-03-15T10:00"); err != nil {
			return err
		}
		if err := office.FinishJobRun(tx, "reconcile", "2026-03-15T10:00", "1 merchants, 2 differences"); err != nil {
			return err
		}
		return messages.QueueNotice(tx, &messages.Notice{Dedupe: "d1", Template: messages.TemplateOverdue, Step: "overdue_9",
			UserID: n.Bound.ID,
			RoomID: n.Room.ID, DueFen: 11002})
	})
}
