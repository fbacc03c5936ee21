package billing

import (
	"slices"
	"unicode/utf8"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// OffsetPrepaid spends the room's prepayment on a bill at its issue, before
// late fee can accrue: first the balance of the bill's fee item, then the
// general balance. For example, a water bill of 30.00 with 20.00 kept for water
// and 50.00 general leaves 40.00 general. The bill must have been inserted in
// this transaction; OffsetPrepaid updates it in place. Without a balance
// nothing happens.
func OffsetPrepaid(tx *store.Tx, b *fees.Bill) error {
	if balance, err := money.LockPrepaid(tx, b.RoomID); err != nil || balance == 0 {
		return err
	}
	// After a transfer the prepayment of the new owner does not pay a bill of the former.
	if owner, err := money.PrepaidOwner(tx, b.RoomID); err != nil || owner != "" && b.OwnerID != "" && owner != b.OwnerID {
		return err
	}
	balances, err := money.PrepaidBalances(tx, []string{b.RoomID})
	if err != nil {
		return err
	}
	spendable := map[string]models.Fen{}
	for _, x := range balances[b.RoomID] {
		spendable[x.Item] = x.AmountFen
	}
	amount := spendable[b.Item].Plus(spendable[""]).Min(b.OutstandingFen())
	if amount <= 0 {
		return nil
	}
	m := Money{
		RoomID: b.RoomID, CommunityID: b.CommunityID, Debit: money.AccountPrepaid, Settlement: estate.PrincipalFirst,
		EffectiveOn: b.IssuedOn,
	}
	left, err := Apply(tx, m, []Portion{{BillID: b.ID, Amount: amount}})
	if err != nil {
		return err
	}
	spent := amount - left
	own := spent.Min(spendable[b.Item])
	for _, part := range []struct {
		item   string
		amount models.Fen
	}{{b.Item, own}, {"", spent - own}} {
		if part.amount == 0 {
			continue
		}
		if err := money.MovePrepaidOf(tx, b.RoomID, part.item, money.PrepaidOffset, -part.amount, "", b.ID); err != nil {
			return err
		}
	}
	b.PaidPrincipalFen += spent
	b.Status = fees.BillPartial
	if b.OutstandingFen() == 0 {
		b.Status = fees.BillPaid
	}
	return nil
}

// Refusals of [MovePrepaid] and of a top-up for a fee item.
var (
	ErrPrepayItem = models.Invalid("PREPAY_ITEM", "这套房产没有该收费项目，无法为它预存")
	ErrPrepayMove = models.Invalid("PREPAY_MOVE", "转出和转入应是不同的项目，金额应大于 0")
	ErrMoveReason = models.Invalid("PREPAY_MOVE_REASON", "请填写原因（最多 200 个字）")
)

// PrepayItems returns the fee items for which a room can prepay, sorted: those
// of its community's tariffs that are in force today or later, those it was
// billed for in the last year, and those it has a balance for.
func PrepayItems(tx *store.Tx, room estate.Room) ([]string, error) {
	seen := map[string]bool{}
	tariffs, err := fees.Tariffs(tx, room.CommunityID)
	if err != nil {
		return nil, err
	}
	for _, f := range tariffs {
		if (f.ToOn == 0 || f.ToOn >= tx.Today()) && (f.RoomKind == "" || fees.SameKind(f.RoomKind, room.Kind)) {
			seen[f.Item] = true
		}
	}
	bills, err := fees.BillBriefs(tx, []string{room.ID}, tx.Today()-365, tx.Today())
	if err != nil {
		return nil, err
	}
	for _, b := range bills[room.ID] {
		seen[b.Item] = seen[b.Item] || !b.Void
	}
	balances, err := money.PrepaidBalances(tx, []string{room.ID})
	if err != nil {
		return nil, err
	}
	for _, b := range balances[room.ID] {
		seen[b.Item] = true
	}
	var out []string
	for item, real := range seen {
		if real && item != "" {
			out = append(out, item)
		}
	}
	slices.Sort(out)
	return out, nil
}

// CheckPrepayItem returns [ErrPrepayItem] for an item for which the room cannot
// prepay. Empty is the general balance, which pays for any item.
func CheckPrepayItem(tx *store.Tx, room estate.Room, item string) error {
	if item == "" {
		return nil
	}
	items, err := PrepayItems(tx, room)
	if err == nil && !slices.Contains(items, item) {
		err = ErrPrepayItem
	}
	return err
}

// PrepaidTransfer moves prepayment of a room from one fee item to another. An
// empty item is the general balance.
type PrepaidTransfer struct {
	RoomID    string
	FromItem  string
	ToItem    string
	AmountFen models.Fen
	Reason    string
}

// MovePrepaid moves prepayment between fee items of a room. The room's total
// stays the same.
func MovePrepaid(tx *store.Tx, by models.Actor, scope office.Scope, x PrepaidTransfer) error {
	if x.AmountFen <= 0 || x.FromItem == x.ToItem {
		return ErrPrepayMove
	}
	if n := utf8.RuneCountInString(x.Reason); n == 0 || n > 200 {
		return ErrMoveReason
	}
	room, _, err := estate.ScopedRoom(tx, scope, x.RoomID)
	if err != nil {
		return err
	}
	if err := CheckPrepayItem(tx, room, x.ToItem); err != nil {
		return err
	}
	err = money.InsertPrepaidMove(tx, money.PrepaidMove{
		ID: models.NewID(), RoomID: room.ID, FromItem: x.FromItem, ToItem: x.ToItem, AmountFen: x.AmountFen, Reason: x.Reason,
		ByName: by.Name, CreatedAt: tx.Now,
	})
	if err != nil {
		return err
	}
	return office.Audit(tx, by, "prepaid.moved", "room", room.ID, map[string]any{
		"from": x.FromItem, "to": x.ToItem, "amount_fen": x.AmountFen, "reason": x.Reason,
	})
}

// refundable refuses to refund more prepayment than the room has. The money
// leaves the balance only when the request is approved; until then it still
// pays bills.
func refundable(tx *store.Tx, r *fees.Request) error {
	if r.AmountFen <= 0 {
		return ErrNoAmount
	}
	balance, err := money.LockPrepaid(tx, r.RoomID)
	if err == nil && r.AmountFen > balance {
		err = money.ErrPrepaidShort
	}
	return err
}
