package fees

import (
	"strings"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Ways to part a [CollectionReport].
const (
	ByCommunity = "community"
	ByBuilding  = "building"
	BySteward   = "steward"
	ByItem      = "item"
)

// reportKeys are the two columns of a report's key for each way; the second may be
// empty text.
var reportKeys = map[string][2]string{
	ByCommunity: {"c.name", "''"}, ByBuilding: {"c.name", "r.building"}, BySteward: {"r.steward", "''"}, ByItem: {"b.item", "''"},
}

// ReportFilter chooses the bills of a report by the first day of their period, both
// days included.
type ReportFilter struct {
	Scope       office.Scope
	CommunityID string // empty: all
	By          string // ByCommunity …
	From, To    models.Date
}

// CollectionRateLine is what was billed and settled of a part: a community, a building,
// a steward's rooms or a fee item. Amounts are principal, discounts taken off.
type CollectionRateLine struct {
	Group      string // community, steward or item
	Building   string // of ByBuilding
	Bills      int64
	BilledFen  models.Fen
	SettledFen models.Fen
	Rooms      int64 // that were billed
	PaidRooms  int64 // all of whose bills are settled
}

// from is what every report reads, and its arguments.
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

func (f ReportFilter) keys() (string, bool) {
	k, ok := reportKeys[f.By]
	return k[0] + ", " + k[1], ok
}

// CollectionRates gives a line for each part that was billed anything, by name.
func CollectionRates(tx *store.Tx, f ReportFilter) ([]CollectionRateLine, error) {
	keys, ok := f.keys()
	if !ok {
		return nil, models.ErrNotFound
	}
	from, args := f.from(" AND b.period_start BETWEEN ? AND ?", f.From, f.To)
	var out []CollectionRateLine
	place := map[[2]string]int{}
	err := tx.QueryRows(func(scan func(...any) error) error {
		var l CollectionRateLine
		if err := scan(&l.Group, &l.Building, &l.Bills, &l.BilledFen, &l.SettledFen); err != nil {
			return err
		}
		place[[2]string{l.Group, l.Building}] = len(out)
		out = append(out, l)
		return nil
	}, "SELECT "+keys+", COUNT(*), SUM(b.principal_fen - b.discount_fen), SUM(b.paid_principal_fen)"+from+" GROUP BY "+groupBy(keys)+" ORDER BY "+groupBy(keys), args...)
	if err != nil {
		return nil, err
	}
	err = tx.QueryRows(func(scan func(...any) error) error {
		var key [2]string
		var rooms, paid int64
		if err := scan(&key[0], &key[1], &rooms, &paid); err != nil {
			return err
		}
		if i, ok := place[key]; ok {
			out[i].Rooms, out[i].PaidRooms = rooms, paid
		}
		return nil
	}, "SELECT x.a, x.b, COUNT(*), SUM(x.settled) FROM (SELECT "+strings.Replace(keys, ",", " AS a,", 1)+
		" AS b, MIN(CASE WHEN b.status = 'paid' THEN 1 ELSE 0 END) AS settled"+from+" GROUP BY b.room_id, "+groupBy(keys)+") x GROUP BY x.a, x.b", args...)
	return out, err
}

// groupBy leaves the empty text out of a list of keys: a constant is nothing to
// group or to order by.
func groupBy(keys string) string { return strings.TrimSuffix(keys, ", ''") }

// HouseholdsOf counts the rooms billed in the period, and those all of whose bills
// are settled: over all parts, where a room that has two items counts once.
func HouseholdsOf(tx *store.Tx, f ReportFilter) (rooms, paid int64, err error) {
	from, args := f.from(" AND b.period_start BETWEEN ? AND ?", f.From, f.To)
	err = tx.QueryRow([]any{&rooms, &paid}, "SELECT COUNT(*), COALESCE(SUM(x.settled), 0) FROM (SELECT MIN(CASE WHEN b.status = 'paid' THEN 1 ELSE 0 END) AS settled"+
		from+" GROUP BY b.room_id) x", args...)
	return rooms, paid, err
}
