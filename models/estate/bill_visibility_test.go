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
		{name: "the owner, of a bill of theirs", who: owner, debtor: "A", item: "水费", start: start, want: true},
		{name: "the owner, of another's bill", who: owner, debtor: "B", item: "水费", start: start, want: false},
		{name: "the owner, of a bill of nobody's", who: owner, debtor: "", item: "水费", start: start, want: true},
		{name: "a former owner, of a bill of theirs", who: former, debtor: "A", item: "水费", start: start, want: true},
		{name: "a former owner, of a bill of nobody's", who: former, debtor: "", item: "水费", start: start, want: false},
		{name: "a tenant, of an item of theirs", who: tenant, debtor: "A", item: "水费", start: start, want: true},
		{name: "a tenant, of the last day", who: tenant, debtor: "A", item: "水费", start: day("2026-12-31"), want: true},
		{name: "a tenant, before the tenancy", who: tenant, debtor: "A", item: "水费", start: start - 1, want: false},
		{name: "a tenant, after the tenancy", who: tenant, debtor: "A", item: "水费", start: day("2027-01-01"), want: false},
		{name: "a tenant, of another item", who: tenant, debtor: "A", item: "电费", start: start, want: false},
		{name: "a tenant, of a bill of their own", who: tenant, debtor: "T", item: "电费", start: start, want: true},
		{name: "a tenant, of a bill of nobody's", who: tenant, debtor: "", item: "电费", start: start, want: false},
	} {
		if have := tt.who.Sees(tt.debtor, tt.item, tt.start, today); have != tt.want {
			t.Errorf("%s: sees it %t, want %t", tt.name, have, tt.want)
		}
	}
	if !owner.Owns(today) || former.Owns(today) || !former.Owns(today-1) || tenant.Owns(today) || !tenant.Holds(today) {
		t.Error("the owner owns the room today, the former owner until yesterday, the tenant never")
	}
}
