package intake_test

import (
	"context"
	"strings"
	"testing"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
)

// Rooms that come in as unsold, with nobody or with the developer's name, are the
// developer's. The same file again changes nothing.
func TestImportedUnsoldRoomsAreTheDevelopers(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	ctx := context.Background()
	c := modelstest.Community(t, db, "海棠花园")
	d, _, err := billing.RegisterDeveloper(ctx, db, modelstest.Actor, billing.DeveloperForm{CommunityID: c.ID, Name: "开发公司"})
	if err != nil {
		t.Fatal(err)
	}
	file := billingtest.RoomHead +
		"海棠花园,1-1-101,1栋,1单元,101,高层住宅,吕敏,13800000000,123.47,,,2020-05-02,已入住,\n" +
		"海棠花园,2-1-101,2栋,1单元,101,高层住宅,,,88,,,,未售,\n" +
		"海棠花园,2-1-102,2栋,1单元,102,高层住宅,开发公司,,90.5,,,,未售,\n"
	for range 2 {
		billingtest.MustImport(t, db, intake.Rooms, file)
	}
	for code, want := range map[string]bool{"1-1-101": false, "2-1-101": true, "2-1-102": true} {
		owners, err := estate.RoomOwners(db.View(ctx), billingtest.RoomOf(t, db, code).ID, db.Today())
		if err != nil || len(owners) != 1 || (owners[0].ID == d.OwnerID) != want {
			t.Errorf("%s: %v, owned by %+v", code, err, owners)
		}
	}
	held := 0
	for _, line := range billingtest.Snapshot(t, db) {
		if strings.HasPrefix(line, "held 2-1-") {
			held++
		}
	}
	if held != 2 {
		t.Errorf("%d tenures of the unsold rooms, want 2", held)
	}
}
