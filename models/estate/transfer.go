package estate

import (
	"errors"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

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
	TransferOn  models.Date
	OwedFen     models.Fen
	LateFeeFen  models.Fen
	MovedBills  int // later bills that went to the new owner
	PrepaidFen  models.Fen
	PrepaidTo   string
	Note        string
	ByKind      string // who did it: kind, id and name of an [models.Actor]
	ByID        string
	ByName      string
	CreatedAt   models.Time
}

// InsertTransfer keeps a transfer, with its line in the audit log.
func InsertTransfer(tx *store.Tx, by models.Actor, t *Transfer) error {
	t.ID, t.CreatedAt = models.NewID(), tx.Now
	t.ByKind, t.ByID, t.ByName = by.Kind, by.ID, by.Name
	if err := tx.Create(t); err != nil {
		return err
	}
	return office.Audit(tx, by, "room.transferred", "room", t.RoomID, map[string]any{"from": t.FromOwnerID, "to": t.ToOwnerID, "on": t.TransferOn,
		"owed_fen": t.OwedFen, "late_fee_fen": t.LateFeeFen, "moved_bills": t.MovedBills, "prepaid_fen": t.PrepaidFen, "prepaid_to": t.PrepaidTo})
}

// TransfersOfRoom gives a room's transfers, the first first.
func TransfersOfRoom(tx *store.Tx, roomID string) ([]Transfer, error) {
	var out []Transfer
	err := tx.Gorm().Where("room_id = ?", roomID).Order("transfer_on, id").Find(&out).Error
	return out, err
}

// TransferLine is a transfer as a list shows it.
type TransferLine struct {
	Transfer
	Room     Room
	FromName string
	ToName   string
}

// Cursor is where the next page begins.
func (l TransferLine) Cursor() string { return office.Cursor(l.CreatedAt, l.ID) }

// TransferLines gives a page of the transfers of rooms in scope, newest first.
func TransferLines(tx *store.Tx, scope office.Scope, after string, limit int) ([]TransferLine, error) {
	where, args := scope.And()
	if after != "" {
		at, id, err := office.FromCursor(after)
		if err != nil {
			return nil, err
		}
		where, args = where+" AND (t.created_at < ? OR (t.created_at = ? AND t.id < ?))", append(args, at, at, id)
	}
	var out []TransferLine
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, TransferLine{})
		l := &out[len(out)-1]
		t := &l.Transfer
		return scan(append([]any{&t.ID, &t.RoomID, &t.FromOwnerID, &t.ToOwnerID, &t.TransferOn, &t.OwedFen, &t.LateFeeFen, &t.MovedBills, &t.PrepaidFen,
			&t.PrepaidTo, &t.Note, &t.ByKind, &t.ByID, &t.ByName, &t.CreatedAt, &l.FromName, &l.ToName}, l.Room.Dest()...)...)
	}, `SELECT t.id, t.room_id, t.from_owner_id, t.to_owner_id, t.transfer_on, t.owed_fen, t.late_fee_fen, t.moved_bills, t.prepaid_fen, t.prepaid_to, t.note,
		t.by_kind, t.by_id, t.by_name, t.created_at, f.name, o.name, `+store.Prefixed("r", RoomColumns)+` FROM transfers t JOIN rooms r ON r.id = t.room_id
		JOIN owners f ON f.id = t.from_owner_id JOIN owners o ON o.id = t.to_owner_id WHERE 1 = 1`+where+" ORDER BY t.created_at DESC, t.id DESC LIMIT ?",
		append(args, limit)...)
	return out, err
}

// ErrBillMoved says that a bill's owner or payment changed while it was locked.
var ErrBillMoved = errors.New("models: bill changed under its lock")
