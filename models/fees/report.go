package fees

import (
	"strings"

	"wuyepay/models"
	"wuyepay/models/office"
)

// Ways to part a report.
const (
	ByCommunity = "community"
	ByBuilding  = "building"
	BySteward   = "steward"
	ByItem      = "item"
)

// ReportFilter chooses the bills of a report by the first day of their period, both
// days included: a bill of January to March is in the report of January, and in no
// other.
type ReportFilter struct {
	Scope       office.Scope
	CommunityID string // empty: all
	By          string // ByCommunity …
	From, To    models.Date
}

// reportKey is what a report groups by: one column, or two. A part has the first as
// its name; the second is the building.
type reportKey struct{ part, building string }

var reportKeys = map[string]reportKey{
	ByCommunity: {part: "c.name"},
	ByBuilding:  {part: "c.name", building: "r.building"},
	BySteward:   {part: "r.steward"},
	ByItem:      {part: "b.item"},
}

// key returns what the report groups by; [models.ErrNotFound] for a way there is not.
func (f ReportFilter) key() (reportKey, error) {
	k, ok := reportKeys[f.By]
	if !ok {
		return k, models.ErrNotFound
	}
	return k, nil
}

// columns selects the key by the names part and building.
func (k reportKey) columns() string {
	building := k.building
	if building == "" {
		building = "''"
	}
	return k.part + " AS part, " + building + " AS building"
}

// list returns the columns of the key, to group and to order by.
func (k reportKey) list() string { return strings.TrimSuffix(k.part+", "+k.building, ", ") }

// from returns what every report reads, and its arguments.
func (f ReportFilter) from(where string, args ...any) (string, []any) {
	scope, more := f.Scope.And()
	q := " FROM bills b JOIN rooms r ON r.id = b.room_id JOIN communities c ON c.id = b.community_id WHERE b.community_id "
	if f.CommunityID != "" {
		q, args = q+"= ?", append([]any{f.CommunityID}, args...)
	} else {
		q += "IN (SELECT id FROM communities)" // leads along the index by community and period
	}
	return q + " AND b.status <> 'void'" + where + scope, append(args, more...)
}
