package estate_test

import (
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
)

func TestBillVisibility(t *testing.T) {
	t.Parallel()
	start := day("2026-03-01")
	owner := estate.BillVisibility{OwnerID: "A", Role: estate.RoleOwner}
	former := estate.BillVisibility{OwnerID: "A", Role: estate.RoleFamily, UntilOn: day("2026-03-14")}
	tenant := estate.BillVisibility{
		OwnerID: "T", Role: estate.RoleTenant, FromOn: start, UntilOn: day("2026-12-31"), Items: models.Items("水费"),
	}
	for _, tt := range []struct {
		name   string
		who    estate.BillVisibility
		debtor string
		item   string
		start  models.Date
		want   bool
	}{
		{"the owner, of a bill of theirs", owner, "A", "水费", start, true},
		{"the owner, of another's bill", owner, "B", "水费", start, false},
		{"the owner, of a bill of nobody's", owner, "", "水费", start, true},
		{"a former owner, of a bill of theirs", former, "A", "水费", start, true},
		{"a former owner, of a bill of nobody's", former, "", "水费", start, false},
		{"a tenant, of an item of theirs", tenant, "A", "水费", start, true},
		{"a tenant, of the last day", tenant, "A", "水费", day("2026-12-31"), true},
		{"a tenant, before the tenancy", tenant, "A", "水费", start - 1, false},
		{"a tenant, after the tenancy", tenant, "A", "水费", day("2027-01-01"), false},
		{"a tenant, of another item", tenant, "A", "电费", start, false},
		{"a tenant, of a bill of their own", tenant, "T", "电费", start, true},
		{"a tenant, of a bill of nobody's", tenant, "", "电费", start, false},
	} {
		if have := tt.who.Sees(tt.debtor, tt.item, tt.start, today); have != tt.want {
			t.Errorf("%s: sees it %t, want %t", tt.name, have, tt.want)
		}
	}
	if !owner.Owns(today) || former.Owns(today) || !former.Owns(today-1) || tenant.Owns(today) || !tenant.Holds(today) {
		t.Error("the owner owns the room today, the former owner until yesterday, the tenant never")
	}
}
