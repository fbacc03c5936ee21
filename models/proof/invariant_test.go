package proof_test

import (
	"context"
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/messages"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

// books is a database with a bill that was paid by an order, with something on
// top for the prepayment, and an open order on a second bill.
func books(t *testing.T) *store.DB {
	t.Helper()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	paid, open := modelstest.Bill(t, db, room), modelstest.Bill(t, db, room)
	user := modelstest.User(t, db, room)
	no, transaction := "order-1", "4200000001"
	order := money.Order{No: no, UserID: user.ID, RoomID: room.ID, CommunityID: room.CommunityID, Merchant: "main", MchID: "1",
		AppID: "wx", OpenID: "o",
		AmountFen: 12000, PrepayFen: 998, Status: money.OrderPending, QuotedOn: db.Today(), CreatedAt: db.Now(), UpdatedAt: db.Now()}
	second := order
	second.No, second.AmountFen, second.PrepayFen = "order-2", 11002, 0
	modelstest.Write(t, db, func(tx *store.Tx) error {
		pair := func(kind, debit, credit, bill string, amount models.Fen) money.JournalLine {
			return money.JournalLine{Kind: kind, Debit: debit, Credit: credit, AmountFen: amount, CommunityID: room.CommunityID,
				RoomID: room.ID, BillID: bill, PaymentID: "payment-1"}
		}
		steps := []func() error{
			func() error {
				return money.InsertOrder(tx, &order, []money.OrderLine{{BillID: paid.ID, PrincipalFen: 10000, LateFeeFen: 1002}})
			},
			func() error {
				return money.InsertOrder(tx, &second, []money.OrderLine{{BillID: open.ID, PrincipalFen: 11002}})
			},
			func() error { return money.PayOrder(tx, &order, transaction, tx.Now) },
			func() error { return money.ReleaseClaims(tx, no) },
			func() error {
				return money.InsertPayment(tx, &money.Payment{ID: "payment-1", Channel: money.ChannelWechat, OrderNo: &no,
					TransactionID: &transaction, Merchant: "main",
					CommunityID: room.CommunityID, RoomID: room.ID, AmountFen: 12000, Source: money.LearnedByCallback, PaidAt: tx.Now,
					PaidOn: tx.Today(), BookedAt: tx.Now})
			},
			func() error { return fees.PayBill(tx, &paid, fees.BillPartial, 10000, 1002) },
			func() error {
				return money.InsertAllocations(tx, []money.Allocation{{ID: models.NewID(), PaymentID: "payment-1", BillID: paid.ID,
					RoomID: room.ID, PrincipalFen: 10000, LateFeeFen: 1002, EffectiveOn: tx.Today(), CreatedAt: tx.Now}})
			},
			func() error { return money.MovePrepaid(tx, room.ID, money.PrepaidTopup, 998, "payment-1", "") },
			func() error {
				return money.Journal(tx, []money.JournalLine{pair(money.JournalPrincipal, money.AccountWechat, money.AccountReceivable,
					paid.ID, 10000),
					pair(money.JournalLateFee, money.AccountWechat, money.AccountLateFee, paid.ID, 1002),
					pair(money.JournalTopup, money.AccountWechat, money.AccountPrepaid, "", 998)})
			},
			func() error {
				return money.InsertPrepaidMove(tx, money.PrepaidMove{ID: models.NewID(), RoomID: room.ID, ToItem: "水费", AmountFen: 98,
					Reason: "业主要求", CreatedAt: tx.Now})
			},
			func() error {
				return fees.InsertMeters(tx, []fees.Meter{{ID: "meter-1", RoomID: room.ID, Item: open.Item, Serial: "W1", Multiplier: "1",
					CreatedAt: tx.Now}})
			},
			func() error {
				return fees.InsertReadings(tx, []fees.Reading{{ID: "reading-1", MeterID: "meter-1", ReadOn: tx.Today(), Previous: "1",
					Value: "2", Multiplier: "1", CreatedAt: tx.Now}})
			},
			func() error {
				return fees.InsertUsages(tx, []fees.MeterUsage{{ID: "usage-1", ReadingID: "reading-1", RoomID: room.ID, Item: open.Item,
					PeriodStart: tx.Today(),
					Quantity:    "1", BillID: open.ID, CreatedAt: tx.Now}})
			},
			func() error {
				return messages.AddSubscription(tx, user.ID, messages.TemplateOverdue, 2, messages.QuotaGranted, "")
			},
			func() error { return adjusted(tx, room, paid) },
			func() error {
				return proof.KeepEvidence(tx, &proof.Evidence{Kind: proof.EvidenceCallback, Merchant: "main", OrderNo: no,
					Verdict: proof.VerdictBooked})
			},
			func() error { return reconciled(tx, room) },
		}
		for _, step := range steps {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	return db
}

// adjusted waives late fee of a bill, corrects and discounts it, voids another and
// has a third disputed and paid in parts.
func adjusted(tx *store.Tx, room estate.Room, paid fees.Bill) error {
	b := paid
	b.ID, b.Item, b.Status, b.OpeningPaidFen, b.PaidPrincipalFen, b.PaidLateFeeFen, b.EntryCount = models.NewID(), "水费", fees.BillUnpaid,
		0, 0, 0, 0
	v := b
	v.ID, v.Item = models.NewID(), "电费"
	if _, err := fees.InsertBills(tx, []fees.Bill{b, v}, false); err != nil {
		return err
	}
	was, voided := b, v
	b.PrincipalFen, b.DiscountFen, b.WaivedLateFeeFen, b.EntryCount = 12002, 1000, 5, 3
	voided.Status, voided.VoidSeq, voided.EntryCount = fees.BillVoid, 1, 1
	entry := func(bill, kind string, principal, late models.Fen) fees.BillEntry {
		return fees.BillEntry{BillID: bill, RoomID: room.ID, Kind: kind, PrincipalFen: principal, LateFeeFen: late, Reason: "r",
			Asked:    models.Actor{Kind: "staff", ID: "a"},
			Approved: models.Actor{Kind: "staff", ID: "b"}, EffectiveOn: tx.Today()}
	}
	pair := func(kind, debit, credit, bill string, amount models.Fen) money.JournalLine {
		return money.JournalLine{Kind: kind, Debit: debit, Credit: credit, AmountFen: amount, CommunityID: room.CommunityID,
			RoomID: room.ID, BillID: bill}
	}
	request := fees.Request{CommunityID: room.CommunityID, RoomID: room.ID, Kind: fees.RequestDispute, Active: b.ID,
		Asked: models.UserActor("u"), BillIDs: []string{b.ID}}
	decided := fees.Request{CommunityID: room.CommunityID, RoomID: room.ID, Kind: fees.RequestInstalment, Active: room.ID,
		Asked: models.UserActor("u"), BillIDs: []string{b.ID}}
	for _, step := range []func() error{
		func() error {
			return fees.InsertBillEntries(tx, []fees.BillEntry{entry(b.ID, fees.EntryWaiver, 0, -5), entry(b.ID, fees.EntryCorrection,
				1000, 0),
				entry(b.ID, fees.EntryDiscount, -1000, 0), entry(v.ID, fees.EntryVoid, -11002, 0)})
		},
		func() error {
			return money.Journal(tx, []money.JournalLine{pair(money.JournalIssue, money.AccountReceivable, money.AccountRevenue, b.ID,
				11002),
				pair(money.JournalIssue, money.AccountReceivable, money.AccountRevenue, v.ID, 11002),
				pair(money.JournalCorrection, money.AccountReceivable, money.AccountRevenue, b.ID, 1000),
				pair(money.JournalDiscount, money.AccountDiscount, money.AccountReceivable, b.ID, 1000),
				pair(money.JournalVoid, money.AccountRevenue, money.AccountReceivable, v.ID, 11002)})
		},
		func() error { return fees.AdjustBill(tx, &was, &b) },
		func() error { return fees.AdjustBill(tx, &v, &voided) },
		func() error { return fees.InsertRequest(tx, &request) },
		func() error { return fees.SetDisputed(tx, []string{b.ID}) },
		func() error { return fees.InsertRequest(tx, &decided) },
		func() error {
			_, err := fees.DecideRequest(tx, &decided, fees.RequestApproved, "n", models.Actor{Kind: models.ActorStaff, ID: "b"})
			return err
		},
		func() error {
			return fees.InsertPlan(tx, &fees.Plan{CommunityID: room.CommunityID, RoomID: room.ID, RequestID: decided.ID, TotalFen: 1000,
				BreakDays: 7},
				[]fees.PlanBill{{BillID: b.ID, PrincipalFen: 1000}}, []fees.PlanPart{{DueOn: tx.Today(), AmountFen: 400},
					{DueOn: tx.Today() + 30, AmountFen: 600}})
		},
		func() error {
			p := fees.Plan{CommunityID: room.CommunityID, RoomID: room.ID, RequestID: request.ID, TotalFen: 1000, BreakDays: 7}
			if err := fees.InsertPlan(tx, &p, []fees.PlanBill{{BillID: b.ID, PrincipalFen: 1000}},
				[]fees.PlanPart{{DueOn: tx.Today(), AmountFen: 1000}}); err != nil {
				return err
			}
			_, err := fees.EndPlan(tx, &p, fees.PlanBroken)
			return err
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// Each invariant is shown to fire: the books agree, then one row is changed behind
// the program's back, and the check names the rule.
func TestCheckFindsEachViolation(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ rule, change string }{
		{"a bill's paid principal is what was paid before import plus its allocations",
			"UPDATE allocations SET principal_fen = principal_fen - 1"},
		{"a bill's paid late fee is the sum of its allocations", "UPDATE allocations SET late_fee_fen = late_fee_fen + 1"},
		{"a bill's status fits what is paid of its principal", "UPDATE bills SET status = 'paid' WHERE status = 'partial'"},
		{"a bill's status fits what is paid of its principal", "UPDATE bills SET status = 'unpaid' WHERE status = 'partial'"},
		{"a payment is its allocations plus what went to prepayment and what went back", "UPDATE payments SET amount_fen = amount_fen + 1"},
		{"a payment is its allocations plus what went to prepayment and what went back", "DELETE FROM prepaid_entries"},
		{"a paid order has exactly its payment", "UPDATE payments SET transaction_id = '4200000002'"},
		{"a paid order has exactly its payment", "DELETE FROM payments"},
		{"a payment by WeChat belongs to a paid order", "UPDATE orders SET status = 'closed' WHERE status = 'paid'"},
		{"an order's lines and prepayment are its amount", "UPDATE order_lines SET principal_fen = principal_fen + 1"},
		{"a bill is held by an open order only, and by the one it is a line of",
			"UPDATE orders SET status = 'closed' WHERE status = 'pending'"},
		{"a bill is held by an open order only, and by the one it is a line of",
			"UPDATE order_lines SET open_bill_id = bill_id WHERE order_no = 'order-1'"},
		{"every bill of an open order is held by it", "UPDATE order_lines SET open_bill_id = NULL"},
		{"a room's prepayment is the sum of its entries", "UPDATE rooms SET prepaid_fen = prepaid_fen + 1"},
		{"a room's prepayment is the sum of its balances by fee item", "UPDATE prepaid_balances SET amount_fen = amount_fen + 1"},
		{"a room's prepayment is the sum of its balances by fee item", "DELETE FROM prepaid_balances WHERE item <> ''"},
		{"a balance of prepayment is the sum of the entries of its fee item", "UPDATE prepaid_balances SET item = '电费' WHERE item = ''"},
		{"a balance of prepayment is the sum of the entries of its fee item",
			"UPDATE prepaid_entries SET item = '电费' WHERE kind = 'topup'"},
		{"prepayment moved between fee items leaves one and enters the other", "DELETE FROM prepaid_moves"},
		{"prepayment moved between fee items leaves one and enters the other", "UPDATE prepaid_moves SET amount_fen = amount_fen + 1"},
		{"a reading is counted at most once",
			"INSERT INTO meter_usages SELECT 'usage-2', reading_id, room_id, item, period_start, quantity, '', 0, created_at FROM " +
				"meter_usages"},
		{"a withdrawn reading is in no bill that stands", "UPDATE readings SET withdrawal_id = 'withdrawal-1'"},
		{"a reading is withdrawn by two persons", "UPDATE readings SET withdrawal_id = 'withdrawal-1'"},
		{"an approved withdrawal has withdrawn its reading", `INSERT INTO reading_withdrawals (id, reading_id, meter_id, room_id, status,
			reason, asked_kind, asked_id, decided_kind, decided_id, created_at, updated_at)
			SELECT 'withdrawal-2', id, meter_id, 'room', 'approved', 'r', 'staff', 'a', 'staff', 'b', 1, 1 FROM readings`},
		{"usage goes into a bill of its room and fee item", "UPDATE meter_usages SET item = '电费'"},
		{"usage goes into a bill of its room and fee item", "UPDATE meter_usages SET bill_id = 'none'"},
		{"a bill's receivable in the journal is the principal still owed", "DELETE FROM journal WHERE kind = 'bill_issue'"},
		{"a bill's late fee income in the journal is the late fee paid", "DELETE FROM journal WHERE kind = 'payment_late_fee'"},
		{"a room's prepayment in the journal is its balance", "DELETE FROM journal WHERE kind = 'prepaid_topup'"},
		{"a payment's money in the journal is the payment", "UPDATE journal SET debit = 'prepaid' WHERE kind = 'payment_late_fee'"},
		{"a void bill has no receivable in the journal and keeps no money", "DELETE FROM journal WHERE kind = 'bill_void'"},
		{"a bill's principal is what was issued plus its corrections",
			"UPDATE bill_entries SET principal_fen = principal_fen + 1 WHERE kind = 'correction'"},
		{"a bill's discount is the sum of its discount entries", "UPDATE bills SET discount_fen = discount_fen - 1 WHERE discount_fen > 0"},
		{"a bill's waived late fee is the sum of its waiver entries",
			"UPDATE bills SET waived_late_fee_fen = 6 WHERE waived_late_fee_fen > 0"},
		{"a bill counts its entries, and a void one has its entry", "DELETE FROM bill_entries WHERE kind = 'void'"},
		{"a bill counts its entries, and a void one has its entry", "UPDATE bills SET entry_count = 4 WHERE entry_count = 3"},
		{"an entry of the principal is in the journal", "UPDATE journal SET kind = 'bill_issue' WHERE kind = 'bill_discount'"},
		{"who asked for a request did not decide it", "UPDATE requests SET decided_kind = '', decided_id = '' WHERE status = 'approved'"},
		{"a disputed bill has an open dispute", "DELETE FROM request_bills"},
		{"the parts of a plan are what it covers", "UPDATE plan_parts SET amount_fen = amount_fen + 1 WHERE number = 1"},
		{"the parts of a plan are what it covers", "DELETE FROM plan_bills"},
		{"a bill is in one active plan at most", "UPDATE plans SET status = 'active', ended_on = ''"},
		{"a payment that WeChat told us of has its evidence, as far back as evidence is kept", "UPDATE evidence SET order_no = 'order-2'"},
		{"a payment that WeChat told us of has its evidence, as far back as evidence is kept", "UPDATE evidence SET verdict = 'repeat'"},
		{"a resolved finding names who and when", "UPDATE findings SET resolved_by = '' WHERE resolution = 'accepted'"},
		{"a resolved finding names who and when", "UPDATE findings SET reason = '' WHERE resolution = 'accepted'"},
		{"a resolved finding names who and when", "UPDATE findings SET resolution = 'open' WHERE resolution = 'accepted'"},
		{"a finding booked as surplus has its booking, and no other has one", "DELETE FROM finding_bookings WHERE room_id <> ''"},
		{"a finding booked as surplus has its booking, and no other has one",
			"UPDATE findings SET resolution = 'accepted' WHERE resolution = 'suspense'"},
		{"money booked from findings is in the journal", "UPDATE finding_bookings SET amount_fen = amount_fen + 1"},
		{"suspense in the journal is the money whose owner is not known", "DELETE FROM journal WHERE kind = 'suspense_room'"},
		{"suspense in the journal is the money whose owner is not known",
			"UPDATE finding_bookings SET to_at = 0, to_room_id = '' WHERE to_at <> 0"},
		{"a transaction of WeChat's is money once", "UPDATE finding_bookings SET transaction_id = '4200000001' WHERE room_id <> ''"},
		{"a signed day has no open findings and names who signed it",
			"UPDATE findings SET resolution = 'open', resolved_by = '', resolved_at = 0 WHERE resolution = 'accepted'"},
		{"a signed day has no open findings and names who signed it", "UPDATE reconciliations SET signed_name = ''"},
		{"what another business took is a part of WeChat's bill of the day", "UPDATE foreign_days SET paid_fen = 101"},
		{"what another business took is a part of WeChat's bill of the day", "UPDATE reconciliations SET theirs_count = 0"},
		{"an agreement to messages is the sum of its grants and uses", "UPDATE subscriptions SET remaining = 9"},
	} {
		t.Run(tt.change, func(t *testing.T) {
			t.Parallel()
			wantViolation(t, books(t), tt.rule, tt.change)
		})
	}
}

// What the check would find too late, the database refuses at once.
func TestDatabaseRefuses(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := books(t)
	for _, change := range []string{
		"UPDATE bills SET paid_principal_fen = principal_fen + 1",
		"UPDATE bills SET paid_principal_fen = -1",
		"UPDATE bills SET status = 'settled'",
		"UPDATE rooms SET prepaid_fen = -1",
		"UPDATE orders SET amount_fen = 0",
		"UPDATE prepaid_balances SET amount_fen = -1",
		"UPDATE prepaid_moves SET to_item = from_item",
		"UPDATE readings SET rolled = 2",
		"INSERT INTO readings (id, meter_id, read_on, value, created_at) SELECT 'reading-2', meter_id, read_on, '7', 1 FROM readings",
		`INSERT INTO reading_withdrawals (id, reading_id, meter_id, room_id, status, reason, asked_kind, asked_id, decided_kind, decided_id,
			created_at, updated_at)
			SELECT 'withdrawal-3', id, meter_id, 'room', 'approved', 'r', 'staff', 'a', 'staff', 'a', 1, 1 FROM readings`,
		"UPDATE readings SET previous = '', rolled = 1",
		"UPDATE meters SET digits = 10",
		"UPDATE meter_usages SET waiting = 1",
		"INSERT INTO meter_usages SELECT 'usage-3', reading_id, room_id, item, period_start, quantity, bill_id, 0, created_at FROM " +
			"meter_usages",
		"UPDATE journal SET amount_fen = -5",
		"UPDATE journal SET credit = debit",
		"UPDATE subscriptions SET remaining = -1",
		"UPDATE finding_bookings SET approved_id = asked_id",
		"UPDATE finding_bookings SET to_approved_id = to_asked_id WHERE to_at <> 0",
		"UPDATE finding_bookings SET transaction_id = 'same'",
		"UPDATE findings SET asked_action = 'anything'",
		"UPDATE order_lines SET principal_fen = 0, late_fee_fen = 0",
		"UPDATE bill_entries SET approved_id = asked_id",
		"UPDATE bill_entries SET late_fee_fen = 5 WHERE kind = 'correction'",
		"UPDATE requests SET decided_kind = asked_kind, decided_id = asked_id WHERE status = 'approved'",
		"UPDATE requests SET status = 'rejected' WHERE status = 'open'",
		"UPDATE plans SET ended_on = '2026-03-15'",
		"UPDATE plan_parts SET amount_fen = 0",
		"INSERT INTO payments SELECT 'payment-2', channel, order_no, NULL, merchant, community_id, room_id, user_id, amount_fen, " +
			"surplus_fen, source, paid_at, paid_on, booked_at FROM payments",
		"INSERT INTO payments SELECT 'payment-3', channel, NULL, transaction_id, merchant, community_id, room_id, user_id, amount_fen," +
			" surplus_fen, source, paid_at, paid_on, booked_at FROM payments",
		"INSERT INTO order_lines SELECT 'order-1', bill_id, 1, 0, bill_id FROM order_lines WHERE order_no = 'order-2'",
	} {
		if err := modelstest.Exec(ctx, db, change); err == nil {
			t.Errorf("the database let it pass: %s", change)
		}
	}
}

// wantViolation changes books that agree behind the program's back, and wants check
// to name the rule that is broken.
func wantViolation(t *testing.T, db *store.DB, rule, change string) {
	t.Helper()
	ctx := context.Background()
	if found, err := proof.Check(db.View(ctx)); err != nil || len(found) != 0 {
		t.Fatalf("the books do not agree before anything was changed: %v, %v", found, err)
	}
	if err := modelstest.Exec(ctx, db, change); err != nil {
		t.Fatal(err)
	}
	found, err := proof.Check(db.View(ctx))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		if v.Rule == rule {
			return
		}
	}
	t.Errorf("not found: %s; found %v", rule, found)
}
