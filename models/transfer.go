package models

import "errors"

// Where the prepayment of a transferred room goes.
const (
	PrepaidStays  = "room"   // with the room, to the new owner: the two settle it between them
	PrepaidFormer = "former" // taken out of the room and owed to the former owner, until finance gives it back
)

// Transfer is that a room changed hands 过户. TransferOn is the first day of the
// new owner. OwedFen and LateFeeFen are what the former owner had not settled when
// it was done, PrepaidFen the balance that lay with the room.
type Transfer struct {
	ID          string
	RoomID      string
	CommunityID string
	FromOwnerID string
	ToOwnerID   string
	TransferOn  Date
	OwedFen     Fen
	LateFeeFen  Fen
	MovedBills  int // later bills that went to the new owner
	PrepaidFen  Fen
	PrepaidTo   string
	Note        string
	ByKind      string // who did it: kind, id and name of an [Actor]
	ByID        string
	ByName      string
	CreatedAt   Time
}

// InsertTransfer keeps a transfer, with its line in the audit log.
func (tx *Tx) InsertTransfer(by Actor, t *Transfer) error {
	t.ID, t.CreatedAt = NewID(), tx.Now
	t.ByKind, t.ByID, t.ByName = by.Kind, by.ID, by.Name
	if err := tx.create(t); err != nil {
		return err
	}
	return tx.Audit(by, "room.transferred", "room", t.RoomID, map[string]any{"from": t.FromOwnerID, "to": t.ToOwnerID, "on": t.TransferOn,
		"owed_fen": t.OwedFen, "late_fee_fen": t.LateFeeFen, "moved_bills": t.MovedBills, "prepaid_fen": t.PrepaidFen, "prepaid_to": t.PrepaidTo})
}

// TransfersOfRoom gives a room's transfers, the first first.
func (tx *Tx) TransfersOfRoom(roomID string) ([]Transfer, error) {
	var out []Transfer
	err := tx.g().Where("room_id = ?", roomID).Order("transfer_on, id").Find(&out).Error
	return out, err
}

// PrepaidToFormer takes all prepayment out of a room at a transfer: it is owed to the
// former owner from then on, and offsets no bill any more. It gives the sum.
func (tx *Tx) PrepaidToFormer(room Room) (Fen, error) {
	if _, err := tx.LockPrepaid(room.ID); err != nil {
		return 0, err
	}
	balances, err := tx.PrepaidBalances([]string{room.ID})
	if err != nil {
		return 0, err
	}
	var sum Fen
	for _, b := range balances[room.ID] {
		if err := tx.MovePrepaidOf(room.ID, b.Item, PrepaidRefund, -b.AmountFen, "", ""); err != nil {
			return 0, err
		}
		sum = sum.Plus(b.AmountFen)
	}
	return sum, tx.Journal([]JournalLine{{Kind: JournalFormer, Debit: AccountPrepaid, Credit: AccountFormer, AmountFen: sum, CommunityID: room.CommunityID, RoomID: room.ID}})
}

// OwedToFormer is what is still owed to former owners of a room of the prepayment that
// transfers took out of it.
func (tx *Tx) OwedToFormer(roomID string) (Fen, error) {
	var sum Fen
	return sum, tx.one([]any{&sum}, `SELECT COALESCE(SUM(CASE WHEN credit = 'former_owner' THEN amount_fen ELSE -amount_fen END), 0) FROM journal
		WHERE room_id = ? AND (credit = 'former_owner' OR debit = 'former_owner')`, roomID)
}

// PrepaidOwner is whose prepayment lies with a room today: the new owner's from the
// day of a transfer on. Empty where the room has never changed hands.
func (tx *Tx) PrepaidOwner(roomID string) (string, error) {
	list, err := tx.TransfersOfRoom(roomID)
	if err != nil || len(list) == 0 {
		return "", err
	}
	owner := list[0].FromOwnerID
	for _, t := range list {
		if t.TransferOn <= tx.Today() {
			owner = t.ToOwnerID
		}
	}
	return owner, nil
}

// TransferLine is a transfer as a list shows it.
type TransferLine struct {
	Transfer
	Room     Room
	FromName string
	ToName   string
}

// Cursor is where the next page begins.
func (l TransferLine) Cursor() string { return cursor(l.CreatedAt, l.ID) }

// TransferLines gives a page of the transfers of rooms in scope, newest first.
func (tx *Tx) TransferLines(scope Scope, after string, limit int) ([]TransferLine, error) {
	where, args := scope.and()
	if after != "" {
		at, id, err := fromCursor(after)
		if err != nil {
			return nil, err
		}
		where, args = where+" AND (t.created_at < ? OR (t.created_at = ? AND t.id < ?))", append(args, at, at, id)
	}
	var out []TransferLine
	err := tx.each(func(scan func(...any) error) error {
		out = append(out, TransferLine{})
		l := &out[len(out)-1]
		t := &l.Transfer
		return scan(append([]any{&t.ID, &t.RoomID, &t.FromOwnerID, &t.ToOwnerID, &t.TransferOn, &t.OwedFen, &t.LateFeeFen, &t.MovedBills, &t.PrepaidFen,
			&t.PrepaidTo, &t.Note, &t.ByKind, &t.ByID, &t.ByName, &t.CreatedAt, &l.FromName, &l.ToName}, l.Room.dest()...)...)
	}, `SELECT t.id, t.room_id, t.from_owner_id, t.to_owner_id, t.transfer_on, t.owed_fen, t.late_fee_fen, t.moved_bills, t.prepaid_fen, t.prepaid_to, t.note,
		t.by_kind, t.by_id, t.by_name, t.created_at, f.name, o.name, `+prefixed("r", roomColumns)+` FROM transfers t JOIN rooms r ON r.id = t.room_id
		JOIN owners f ON f.id = t.from_owner_id JOIN owners o ON o.id = t.to_owner_id WHERE 1 = 1`+where+" ORDER BY t.created_at DESC, t.id DESC LIMIT ?",
		append(args, limit)...)
	return out, err
}

// LiveBillsOfRoom gives the bills of a room that are not void and whose period
// ends on a day or later, or that name nobody who owes them, by id. In a
// transaction that changes them they come locked.
func (tx *Tx) LiveBillsOfRoom(roomID string, endsFrom Date) ([]Bill, error) {
	var ids []string
	err := tx.each(func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, "SELECT id FROM bills WHERE room_id = ? AND status <> 'void' AND (period_end >= ? OR owner_id = '') ORDER BY id", roomID, endsFrom)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	if tx.sqltx != nil {
		return tx.LockBills(ids)
	}
	return tx.bills("SELECT "+billColumns+" FROM bills WHERE id IN ("+marks(len(ids))+") ORDER BY id", anys(ids)...)
}

// errBillMoved says that a bill's owner or payment changed while it was locked.
var errBillMoved = errors.New("models: bill changed under its lock")

// SetBillOwner writes who owes a bill that was read with a lock.
func (tx *Tx) SetBillOwner(b *Bill, ownerID string) error {
	ok, err := tx.guarded("UPDATE bills SET owner_id = ?, updated_at = ? WHERE id = ? AND owner_id = ? AND status = ?", ownerID, tx.Now, b.ID, b.OwnerID, b.Status)
	if err == nil && !ok {
		err = errBillMoved
	}
	if err == nil {
		b.OwnerID = ownerID
	}
	return err
}

// ReviveBindings lets bindings to a room in a person's name be those of its owner:
// they bought the room back, or rented it before.
func (tx *Tx) ReviveBindings(roomID, ownerID string) error {
	_, err := tx.exec(`UPDATE bindings SET until_on = '', from_on = '', items = '', role = CASE WHEN role = 'tenant' THEN 'owner' ELSE role END
		WHERE room_id = ? AND owner_id = ?`, roomID, ownerID)
	return err
}

// UsersOfPhone gives the users whose phone number WeChat has vouched for.
func (tx *Tx) UsersOfPhone(phone string) ([]string, error) {
	if phone == "" {
		return nil, nil
	}
	var out []string
	err := tx.each(func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		out = append(out, id)
		return err
	}, "SELECT id FROM users WHERE phone_index = ? ORDER BY id", tx.PhoneIndex(phone))
	return out, err
}
