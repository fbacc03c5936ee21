package proof_test

import (
	"context"
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// transferred is a room that changed hands on 1 March 2026, with a bill and a
// binding of either owner.
func transferred(t *testing.T) *store.DB {
	t.Helper()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	modelstest.User(t, db, room)
	on := models.MustDate("2026-03-01")
	view := db.View(context.Background())
	former, err := estate.TenuresOfRoom(view, room.ID)
	if err != nil {
		t.Fatal(err)
	}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		buyer := estate.NewOwner(tx, room.CommunityID, "李新", "")
		if err := estate.InsertOwners(tx, []estate.Owner{buyer}); err != nil {
			return err
		}
		if err := estate.EndTenure(tx, former[0], on-1); err != nil {
			return err
		}
		if err := estate.InsertTenures(tx, []estate.Tenure{{ID: models.NewID(), RoomID: room.ID, OwnerID: buyer.ID,
			Role: estate.TenureOwner, FromOn: on, CreatedAt: tx.Now}}); err != nil {
			return err
		}
		if err := money.MovePrepaid(tx, room.ID, money.PrepaidTopup, 700, "", ""); err != nil {
			return err
		}
		if err := money.Journal(tx, []money.JournalLine{{Kind: money.JournalTopup, Debit: money.AccountWechat,
			Credit: money.AccountPrepaid, AmountFen: 700,
			CommunityID: room.CommunityID, RoomID: room.ID}}); err != nil {
			return err
		}
		sum, err := money.PrepaidToFormer(tx, room)
		if err != nil {
			return err
		}
		return estate.InsertTransfer(tx, modelstest.Actor, &estate.Transfer{RoomID: room.ID, CommunityID: room.CommunityID,
			FromOwnerID: former[0].OwnerID, ToOwnerID: buyer.ID,
			TransferOn: on, PrepaidFen: sum, PrepaidTo: estate.PrepaidFormer})
	})
	modelstest.Bill(t, db, room, func(b *fees.Bill) { b.OwnerID, b.PeriodStart, b.PeriodEnd = former[0].OwnerID, on-28, on-1 })
	modelstest.User(t, db, room)
	return db
}

func TestCheckFindsViolationsOfTransfers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ rule, change string }{
		{"a bill of the days after a transfer is not the former owner's",
			"UPDATE bills SET period_start = '2026-03-01', period_end = '2026-03-31'"},
		{"a binding in the name of a former owner has ended", "UPDATE bindings SET until_on = ''"},
		{"prepayment that a transfer leaves with the former owner is owed to them in the journal",
			"UPDATE transfers SET prepaid_fen = prepaid_fen + 1"},
		{"prepayment that a transfer leaves with the former owner is owed to them in the journal",
			"UPDATE transfers SET prepaid_to = 'room'"},
		{"prepayment that a transfer leaves with the former owner is owed to them in the journal",
			"UPDATE journal SET credit = 'revenue' WHERE kind = 'prepaid_former'"},
		{"no more is given back to the former owners of a room than is owed to them",
			"UPDATE journal SET credit = 'prepaid', debit = 'former_owner' WHERE kind = 'prepaid_former'"},
		{"the former owner's days end where the new owner's begin", "UPDATE tenures SET to_on = '' WHERE to_on <> ''"},
		{"the former owner's days end where the new owner's begin", "UPDATE tenures SET from_on = '2026-03-02' WHERE from_on <> ''"},
	} {
		t.Run(tt.change, func(t *testing.T) {
			t.Parallel()
			wantViolation(t, transferred(t), tt.rule, tt.change)
		})
	}
}

// TestSight lays the rule in Go and the condition in SQL side by side: whose bills
// of which period and item a binding sees.
func TestSight(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	for _, owner := range []string{"", "A", "B"} {
		for _, item := range []string{"物业服务费", "水费", "电费"} {
			for _, start := range []string{"2026-01-01", "2026-02-01", "2026-03-01"} {
				modelstest.Bill(t, db, room, func(b *fees.Bill) {
					b.OwnerID, b.Item, b.PeriodStart, b.PeriodEnd = owner, item, models.MustDate(start), models.MustDate(start)+27
					if owner != "" { // another bill of the same days would be the same bill
						b.PeriodEnd += models.Date(owner[0] - 'A' + 1)
					}
				})
			}
		}
	}
	day := models.MustDate
	tests := []struct {
		name string
		s    estate.BillVisibility
		want int
	}{
		{"the owner", estate.BillVisibility{OwnerID: "A", Role: estate.RoleOwner}, 18},
		{"family of the owner", estate.BillVisibility{OwnerID: "A", Role: estate.RoleFamily}, 18},
		{"the owner until a day to come", estate.BillVisibility{OwnerID: "A", Role: estate.RoleOwner, UntilOn: day("2026-03-31")}, 18},
		{"a former owner", estate.BillVisibility{OwnerID: "A", Role: estate.RoleOwner, UntilOn: day("2026-03-14")}, 9},
		{"nobody's", estate.BillVisibility{Role: estate.RoleOwner}, 9},
		{"nobody's, ended", estate.BillVisibility{Role: estate.RoleOwner, UntilOn: day("2026-03-01")}, 0},
		{"a tenant who pays everything", estate.BillVisibility{OwnerID: "T", Role: estate.RoleTenant}, 27},
		{"a tenant of two items", estate.BillVisibility{OwnerID: "T", Role: estate.RoleTenant, Items: models.Items("水费", "电费")}, 18},
		{"a tenant from February on", estate.BillVisibility{OwnerID: "T", Role: estate.RoleTenant, FromOn: day("2026-02-01"),
			Items: models.Items("水费")}, 6},
		{"a tenant until February", estate.BillVisibility{OwnerID: "T", Role: estate.RoleTenant, UntilOn: day("2026-02-28"),
			Items: models.Items("水费")}, 6},
		{"a tenant in February", estate.BillVisibility{OwnerID: "T", Role: estate.RoleTenant, FromOn: day("2026-02-01"),
			UntilOn: day("2026-02-28")}, 9},
		{"a former owner who rents now", estate.BillVisibility{OwnerID: "A", Role: estate.RoleTenant, FromOn: day("2026-03-01"),
			Items: models.Items("水费")}, 11},
		{"a tenant of an item that is part of another's name", estate.BillVisibility{OwnerID: "T", Role: estate.RoleTenant,
			Items: models.Items("费")}, 0},
	}
	view := db.View(context.Background())
	all, err := fees.BillsOfRoom(view, room.ID, fees.BillFilter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		listed, err := fees.BillsOfRoom(view, room.ID, fees.BillFilter{Limit: 100, Sight: &tt.s})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for i := range all {
			if fees.CanSee(tt.s, &all[i], view.Today()) {
				n++
			}
		}
		if n != tt.want || len(listed) != tt.want {
			t.Errorf("%s: %d by the rule, %d by SQL, want %d", tt.name, n, len(listed), tt.want)
		}
	}
}
