package billing

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// Party holds what one person or company owes over all rooms that it holds or held, as of a
// day: its one account.
type Party struct {
	Owner        estate.Owner
	AsOf         models.Date
	Rooms        []PartyRoom // in order of their codes, also those that owe nothing
	ByItem       []ArrearsSum
	ByAge        []PartyAge
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
	TotalFen     models.Fen
	Bills        int
	OverdueBills int
}

// PartyRoom is a room of a party: what it owes there, and whether it still holds it.
type PartyRoom struct {
	Room    estate.Room
	UntilOn models.Date // last day of a party that no longer holds the room
	Arrears
}

// PartyAge is what a party owes of an age.
type PartyAge struct {
	Band     fees.AgingBucket
	Bills    int
	TotalFen models.Fen
}

// partyStep is how many rooms are read at a time.
const partyStep = 400

// PartyArrears returns the account of an owner over all of its rooms as of today.
func PartyArrears(tx *store.Tx, ownerID string) (Party, error) {
	p := Party{AsOf: tx.Today()}
	var err error
	if p.Owner, err = estate.OwnerByID(tx, ownerID); err != nil {
		return p, err
	}
	rooms, err := estate.RoomsOfOwner(tx, ownerID)
	if err != nil {
		return p, err
	}
	items := map[string]*ArrearsSum{}
	for _, band := range fees.Bands {
		p.ByAge = append(p.ByAge, PartyAge{Band: band})
	}
	for part := range slices.Chunk(rooms, partyStep) {
		bills, held, err := partyBills(tx, ownerID, part)
		if err != nil {
			return p, err
		}
		states, err := States(tx, bills, p.AsOf)
		if err != nil {
			return p, err
		}
		byRoom := store.Group(states, func(s *BillState) string { return s.RoomID })
		for _, r := range part {
			room := PartyRoom{Room: r, Arrears: sum(byRoom[r.ID], p.AsOf)}
			if s := (debtors{held[r.ID], p.AsOf}); !s.current(ownerID) {
				room.UntilOn = lastDay(held[r.ID], ownerID)
			}
			p.add(room, items)
		}
	}
	for _, item := range items {
		p.ByItem = append(p.ByItem, *item)
	}
	slices.SortFunc(p.ByItem, func(a, b ArrearsSum) int { return strings.Compare(a.Item, b.Item) })
	return p, nil
}

// add adds what a room owes.
func (p *Party) add(room PartyRoom, items map[string]*ArrearsSum) {
	p.Rooms = append(p.Rooms, room)
	p.PrincipalFen = p.PrincipalFen.Plus(room.PrincipalFen)
	p.LateFeeFen = p.LateFeeFen.Plus(room.LateFeeFen)
	p.TotalFen = p.TotalFen.Plus(room.TotalFen)
	for i := range room.Bills {
		s := &room.Bills[i]
		p.Bills++
		if s.OverdueDays > 0 {
			p.OverdueBills++
		}
		if items[s.Item] == nil {
			items[s.Item] = &ArrearsSum{Item: s.Item}
		}
		items[s.Item].add(s)
		for j := range p.ByAge {
			if p.ByAge[j].Band.Has(s.DueOn, p.AsOf) {
				p.ByAge[j].Bills++
				p.ByAge[j].TotalFen = p.ByAge[j].TotalFen.Plus(s.DueFen)
			}
		}
	}
}

func lastDay(held []estate.TenurePeriod, ownerID string) models.Date {
	for _, t := range held {
		if t.OwnerID == ownerID {
			return t.To
		}
	}
	return 0
}

// partyBills returns the open bills of rooms that an owner owes, and who holds the rooms. A
// bill that names nobody is owed by the owners of today.
func partyBills(tx *store.Tx, ownerID string, rooms []estate.Room) ([]fees.Bill, map[string][]estate.TenurePeriod, error) {
	ids := make([]string, len(rooms))
	for i, r := range rooms {
		ids[i] = r.ID
	}
	held, err := estate.TenurePeriods(tx, ids)
	if err != nil || len(ids) == 0 {
		return nil, held, err
	}
	bills, err := fees.OpenBillsOfRooms(tx, ids)
	if err != nil {
		return nil, nil, err
	}
	return slices.DeleteFunc(bills, func(b fees.Bill) bool {
		s := debtors{held[b.RoomID], tx.Today()}
		if s.current(ownerID) {
			return !s.owes("", &b)
		}
		return !s.owes(ownerID, &b)
	}), held, nil
}

// ErrPartyOwesLess is the refusal of a sum beyond what a party owes over all of its rooms.
// Prepayment is kept by room, so the rest would belong to a room that nobody named.
var ErrPartyOwesLess = models.Refusal(models.KindConflict, "PARTY_OWES_LESS",
	"金额超过该单位名下全部房屋的应缴合计。预存按房屋记账，多出的部分请在具体房屋的收款页登记")

// PartyPlan holds what one sum would do over all rooms of a party.
type PartyPlan struct {
	AllocationPreview
	Rooms []PartyShare // in order of their ids, those that the sum reaches
}

// PartyShare is what a sum settles of one room.
type PartyShare struct {
	Room      estate.Room
	AmountFen models.Fen
	Lines     []AllocationLine
}

// Fingerprint returns a hash of what would be settled. The desk compares it with what the
// page showed.
func (p *PartyPlan) Fingerprint() string {
	h := sha256.New()
	fmt.Fprintf(h, "%d %d\n", p.AmountFen, p.AsOf)
	for _, l := range p.Lines {
		fmt.Fprintf(h, "%s %d %d\n", l.Bill.ID, l.PrincipalFen, l.LateFeeFen)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// BillIDs returns the bills that the sum settles.
func (p *PartyPlan) BillIDs() []string {
	ids := make([]string, len(p.Lines))
	for i, l := range p.Lines {
		ids[i] = l.Bill.ID
	}
	return ids
}

// PlanParty divides a sum over the open bills of all rooms of a party by [Allocate]: the
// bill that is due first comes first, whichever its room. on is the day from which the
// money counts. It returns [ErrNoAmount], or [ErrPartyOwesLess] for a sum beyond the debt.
// Nothing is changed. With lock the bills are locked first, in ascending order of id.
func PlanParty(tx *store.Tx, ownerID string, on models.Date, amount models.Fen, lock bool) (PartyPlan, error) {
	p := PartyPlan{AllocationPreview: AllocationPreview{AsOf: on, AmountFen: amount}}
	if amount <= 0 || amount > models.MaxFen {
		return p, ErrNoAmount
	}
	owner, err := estate.OwnerByID(tx, ownerID)
	if err != nil {
		return p, err
	}
	if p.Settlement, err = estate.Settlement(tx, owner.CommunityID); err != nil {
		return p, err
	}
	rooms, err := estate.RoomsOfOwner(tx, ownerID)
	if err != nil {
		return p, err
	}
	var bills []fees.Bill
	for part := range slices.Chunk(rooms, partyStep) {
		more, _, err := partyBills(tx, ownerID, part)
		if err != nil {
			return p, err
		}
		bills = append(bills, more...)
	}
	if lock {
		if bills, err = lockOpen(tx, bills); err != nil {
			return p, err
		}
	}
	states, err := statesFrom(tx, bills, on)
	if err != nil {
		return p, err
	}
	p.fill(states)
	if p.PrepaidFen > 0 {
		return p, ErrPartyOwesLess
	}
	p.divide(rooms)
	return p, nil
}

// lockOpen locks bills and returns those that are still open.
func lockOpen(tx *store.Tx, bills []fees.Bill) ([]fees.Bill, error) {
	ids := make([]string, len(bills))
	for i, b := range bills {
		ids[i] = b.ID
	}
	locked, err := fees.LockBills(tx, ids)
	return slices.DeleteFunc(locked, func(b fees.Bill) bool { return b.Status == fees.BillPaid || b.Status == fees.BillVoid }), err
}

// divide sets what each room gets of the sum.
func (p *PartyPlan) divide(rooms []estate.Room) {
	byRoom := store.Group(p.Lines, func(l *AllocationLine) string { return l.Bill.RoomID })
	for _, r := range rooms {
		lines := byRoom[r.ID]
		if len(lines) == 0 {
			continue
		}
		share := PartyShare{Room: r, Lines: lines}
		for _, l := range lines {
			share.AmountFen = share.AmountFen.Plus(l.AmountFen())
		}
		p.Rooms = append(p.Rooms, share)
	}
	slices.SortFunc(p.Rooms, func(a, b PartyShare) int { return strings.Compare(a.Room.ID, b.Room.ID) })
}

// SettleShare spends a room's share of a party's sum on its bills, which are locked and
// planned by [PlanParty]. It writes bills, allocations and journal.
func SettleShare(tx *store.Tx, m Money, share PartyShare) error {
	portions := make([]Portion, len(share.Lines))
	for i, l := range share.Lines {
		portions[i] = Portion{BillID: l.Bill.ID, Amount: l.AmountFen()}
	}
	left, err := Apply(tx, m, portions)
	if err == nil && left != 0 {
		err = errNotSpent // under the lock nothing can have changed
	}
	return err
}
