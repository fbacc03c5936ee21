package intake_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
)

func TestChangedRowUpdatesTheRoom(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms, billingtest.OneRoom)
	r := billingtest.MustImport(t, db, intake.Rooms,
		billingtest.RoomHead+"海棠花园,1栋1单元101,1栋,1单元,101,多层住宅,吕敏,13900000009,120.00,1.6,年,2020-06-01,空置,陈涛\n"+
			"海棠花园,1-1-102,1栋,1单元,102,多层住宅,徐霞,13800000002,90,,,,,\n")
	if billingtest.Counts(r) != "1 added 1 changed 0 unchanged 0 left out" {
		t.Error(billingtest.Counts(r))
	}
	billingtest.WantLines(t, db, "room", "1栋1单元101 1栋 1单元 101 多层住宅 120.00 1.60 year 2020-06-01 vacant 陈涛 0",
		"1-1-102 1栋 1单元 102 多层住宅 90.00    occupied  0")
	billingtest.WantLines(t, db, "held", "1栋1单元101 by 吕敏 13900000009 from 2020-06-01 to ", "1-1-102 by 徐霞 13800000002 from  to ")
	entries, err := office.AuditEntries(db.View(context.Background()), office.AuditFilter{
		Subject: "room", SubjectID: billingtest.RoomOf(t, db, "1-1-101").ID, Limit: 10,
	})
	billingtest.NoError(t, err)
	if len(entries) != 1 || entries[0].Action != "room.changed" {
		t.Fatalf("want one audit line, have %v", entries)
	}
	want := `{"area":["123.47","120.00"],"code":["1-1-101","1栋1单元101"],"cycle":["","year"],"handed_over_on":["2020-05-02","2020-06-01"],` +
		`"kind":["高层住宅","多层住宅"],"occupancy":["occupied","vacant"],"owner_phone":true,"price":["","1.60"],"steward":true}`
	if diff := cmp.Diff(want, entries[0].Detail); diff != "" {
		t.Errorf("audit line wanted (-), had (+):\n%s", diff)
	}
}

func TestWhatTheFileDoesNotSayStays(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	full := billingtest.RoomHead + "海棠花园,1-1-101,1栋,1单元,101,高层住宅,吕敏,13800000000,123.47,2.35,季,2020-05-02,空置,林晓梅\n"
	billingtest.MustImport(t, db, intake.Rooms, full)
	before := billingtest.Snapshot(t, db)
	for name, text := range map[string]string{
		"missing columns": "小区,房号,建筑面积\n海棠花园,1-1-101,123.47\n",
		"blank owner, phone and state": strings.Replace(full, "吕敏,13800000000,123.47,2.35,季,2020-05-02,空置",
			",,123.47,2.35,季,2020-05-02,", 1),
	} {
		if r := billingtest.MustImport(t, db, intake.Rooms, text); billingtest.Counts(r) != "0 added 0 changed 1 unchanged 0 left out" {
			t.Errorf("%s: %s", name, billingtest.Counts(r))
		}
	}
	if diff := cmp.Diff(before, billingtest.Snapshot(t, db)); diff != "" {
		t.Errorf("before (-), after (+):\n%s", diff)
	}
	r := billingtest.MustImport(t, db, intake.Rooms, strings.Replace(full, "2.35,季", ",", 1))
	if billingtest.Counts(r) != "0 added 1 changed 0 unchanged 0 left out" {
		t.Errorf("a blank price and cycle must take the room's own away: %s", billingtest.Counts(r))
	}
}

func TestImportIsNoTransfer(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms, billingtest.OneRoom)
	billingtest.WantMistakes(t, db, intake.Rooms, strings.Replace(billingtest.OneRoom, "吕敏,13800000000", "徐霞,13800000001", 1)+
		"海棠花园,1-1-102,1栋,1单元,102,高层住宅,甲,13800000002,80,,,,,\n",
		"2 业主姓名 与系统登记的业主不同：更换业主请办理房屋过户，更正姓名请修改业主资料，导入不会更换业主")
	// The same phone proves nothing: families share one.
	billingtest.WantMistakes(t, db, intake.Rooms, strings.Replace(billingtest.OneRoom, "吕敏", "吕晓敏", 1),
		"2 业主姓名 与系统登记的业主不同：更换业主请办理房屋过户，更正姓名请修改业主资料，导入不会更换业主")
}

func TestRoomWithoutOwnerGetsOne(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms, strings.Replace(billingtest.OneRoom, "吕敏,13800000000", ",", 1))
	billingtest.WantLines(t, db, "held")
	r := billingtest.MustImport(t, db, intake.Rooms, billingtest.OneRoom)
	if billingtest.Counts(r) != "0 added 1 changed 0 unchanged 0 left out" {
		t.Error(billingtest.Counts(r))
	}
	billingtest.WantLines(t, db, "held", "1-1-101 by 吕敏 13800000000 from 2020-05-02 to ")
	if r := billingtest.MustImport(t, db, intake.Rooms,
		billingtest.OneRoom); billingtest.Counts(r) != "0 added 0 changed 1 unchanged 0 left out" {
		t.Error(billingtest.Counts(r))
	}
}

// An owner of several rooms has one phone, unless the file gives their rooms
// different ones.
func TestPhoneOfAnOwnerOfSeveralRooms(t *testing.T) {
	t.Parallel()
	file := func(phones ...string) string {
		text := "小区,房号,业主姓名,联系电话,建筑面积\n"
		for i, p := range phones {
			text += "海棠花园,10" + string(rune('1'+i)) + ",吕敏," + p + ",80\n"
		}
		return text
	}
	const a, b, c = "13800000000", "13800000001", "13800000002"
	for _, x := range []struct {
		name   string
		before []string
		after  []string
		owners int
	}{
		{"all rooms change", []string{a, a, a}, []string{b, b, b}, 1},
		{"one room is named with the new one, the others not at all", []string{a, a, a}, []string{b}, 1},
		{"the last room keeps the old one", []string{a, a, a}, []string{b, b, a}, 2},
		{"the first room keeps the old one", []string{a, a, a}, []string{a, b, b}, 2},
		{"every room has another", []string{a, a, a}, []string{a, b, c}, 3},
		{"no phone is no other phone", []string{a, a, a}, []string{"", b, b}, 1},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			db := modelstest.Open(t)
			billingtest.MustImport(t, db, intake.Rooms, file(x.before...))
			billingtest.MustImport(t, db, intake.Rooms, file(x.after...))
			owners := map[string]bool{}
			for i, want := range x.after {
				tx := db.View(context.Background())
				room := billingtest.RoomOf(t, db, "10"+string(rune('1'+i)))
				held, err := estate.OwnerTenuresOfRooms(tx, []string{room.ID})
				billingtest.NoError(t, err)
				phone, err := estate.OwnerPhone(tx, held[room.ID][0].Owner)
				billingtest.NoError(t, err)
				if want != "" && phone != want {
					t.Errorf("room %s: phone ends in %s", room.Code, phone[7:])
				}
				owners[held[room.ID][0].OwnerID] = true
			}
			if len(owners) != x.owners {
				t.Errorf("%d owners, want %d", len(owners), x.owners)
			}
			if r := billingtest.MustImport(t, db, intake.Rooms, file(x.after...)); r.Changed+r.Added > 0 {
				t.Errorf("the same file again: %s", billingtest.Counts(r))
			}
		})
	}
}

// Who owes an issued bill stays who they are when their phone changes.
func TestPhoneChangeKeepsTheDebtor(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms, billingtest.OneRoom)
	billingtest.MustImport(t, db, intake.Arrears, billingtest.ArrearsHead+"1-1-101,物业服务费,2025-01-01,2025-01-31,100,,100,2025-01-15\n")
	billingtest.MustImport(t, db, intake.Rooms, strings.Replace(billingtest.OneRoom, "13800000000", "13800000001", 1))
	tx := db.View(context.Background())
	room := billingtest.RoomOf(t, db, "1-1-101")
	bills, err := fees.OpenBills(tx, room.ID)
	billingtest.NoError(t, err)
	held, err := estate.OwnerTenuresOfRooms(tx, []string{room.ID})
	billingtest.NoError(t, err)
	if len(bills) != 1 || bills[0].OwnerID == "" || bills[0].OwnerID != held[room.ID][0].OwnerID {
		t.Errorf("the bill is owed by %q, the room is held by %q", bills[0].OwnerID, held[room.ID][0].OwnerID)
	}
}
