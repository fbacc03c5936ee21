package billing

import (
	"slices"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// LedgerLine holds what one owner owes of one room, of the bills that the
// filter of the ledger selects. A room that changed hands can have two lines.
type LedgerLine struct {
	fees.LedgerRoom
	Owner       estate.Owner // zero if nobody owns the room
	Bills       int
	OldestDue   models.Date
	OverdueDays int // of the oldest bill
	OwedFen     models.Fen
	LateFeeFen  models.Fen
	TotalFen    models.Fen
	Bands       map[fees.AgingBucket]models.Fen // outstanding principal by days overdue
	Items       []string
}

// Ledger returns a page of the arrears ledger 欠费台账 as of today. The number
// of statements does not depend on the size of the page. A page is a number of
// rooms; each has a line for every owner.
func Ledger(tx *store.Tx, f fees.LedgerFilter) (lines []LedgerLine, err error) {
	rooms, err := fees.LedgerRooms(tx, f)
	if err != nil || len(rooms) == 0 {
		return nil, err
	}
	ids := make([]string, len(rooms))
	for i, r := range rooms {
		ids[i] = r.ID
	}
	bills, err := fees.OpenBillsOfRooms(tx, ids)
	if err != nil {
		return nil, err
	}
	bills = slices.DeleteFunc(bills, func(b fees.Bill) bool { return !f.Fits(&b, tx.Today()) })
	states, err := States(tx, bills, tx.Today())
	if err != nil {
		return nil, err
	}
	// A bill that names no owner is owed by the owner of today.
	holdings, err := estate.OwnerTenuresOfRooms(tx, ids)
	if err != nil {
		return nil, err
	}
	byRoom := make(map[string][]*LedgerLine, len(rooms))
	var ownerIDs []string
	for i := range states {
		s := &states[i]
		if h := CurrentTenure(holdings[s.RoomID], tx.Today()); s.OwnerID == "" && h != nil {
			s.OwnerID = h.OwnerID
		}
		l := lineOf(byRoom, s)
		l.add(s, tx.Today())
		ownerIDs = append(ownerIDs, s.OwnerID)
	}
	slices.Sort(ownerIDs)
	owners, err := estate.OwnersByID(tx, slices.Compact(ownerIDs))
	if err != nil {
		return nil, err
	}
	for _, r := range rooms {
		for _, l := range byRoom[r.ID] {
			l.LedgerRoom, l.Owner = r, owners[l.Owner.ID]
			lines = append(lines, *l)
		}
	}
	return lines, nil
}

// lineOf returns the line of a bill's room and owner, and adds it if it is
// missing.
func lineOf(byRoom map[string][]*LedgerLine, s *BillState) *LedgerLine {
	for _, l := range byRoom[s.RoomID] {
		if l.Owner.ID == s.OwnerID {
			return l
		}
	}
	l := &LedgerLine{
		Owner: estate.Owner{ID: s.OwnerID}, Bands: map[fees.AgingBucket]models.Fen{}, OldestDue: s.DueOn, OverdueDays: s.OverdueDays,
	}
	byRoom[s.RoomID] = append(byRoom[s.RoomID], l)
	return l
}

// add adds a bill to the line. Bands count principal only, as the age of a debt
// is that of its principal.
func (l *LedgerLine) add(s *BillState, today models.Date) {
	l.Bills++
	if s.DueOn < l.OldestDue {
		l.OldestDue = s.DueOn
	}
	l.OverdueDays = max(l.OverdueDays, s.OverdueDays)
	l.OwedFen = l.OwedFen.Plus(s.OutstandingFen())
	l.LateFeeFen = l.LateFeeFen.Plus(s.LateDueFen)
	l.TotalFen = l.TotalFen.Plus(s.DueFen)
	band := fees.AgingBucketOf(s.DueOn, today)
	l.Bands[band] = l.Bands[band].Plus(s.OutstandingFen())
	if !slices.Contains(l.Items, s.Item) {
		l.Items = append(l.Items, s.Item)
	}
}
