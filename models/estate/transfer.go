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
	PrepaidFormer = "former" // taken out of the room and owed to the former owner, until finance pays it back
)

// Transfer is a change of the owner of a room 过户. TransferOn is the first day of the
// new owner. OwedFen (principal) and LateFeeFen are what the former owner had not
// settled when it was done, PrepaidFen the room's balance of prepayment; all in fen. A
// room has one transfer a day at most.
type Transfer struct {
	ID          string
	RoomID      string
	CommunityID string
	FromOwnerID string
	ToOwnerID   string
	TransferOn  models.Date
	OwedFen     models.Fen
	LateFeeFen  models.Fen
	MovedBills  int // later bills that were moved to the new owner
	PrepaidFen  models.Fen
	PrepaidTo   string // PrepaidStays or PrepaidFormer
	Note        string
	By          models.Actor `gorm:"embedded;embeddedPrefix:by_"`
	CreatedAt   models.Time
}

var transferTable = store.NewTable[Transfer]("transfers")

// InsertTransfer keeps a transfer, with its line in the audit log. It sets ID, By and
// CreatedAt.
func InsertTransfer(tx *store.Tx, by models.Actor, t *Transfer) error {
	t.ID, t.By, t.CreatedAt = models.NewID(), by, tx.Now
	if err := store.G[Transfer](tx).Create(tx.Context(), t); err != nil {
		return err
	}
	return office.Audit(tx, by, "room.transferred", "room", t.RoomID, map[string]any{
		"from": t.FromOwnerID, "to": t.ToOwnerID, "on": t.TransferOn, "owed_fen": t.OwedFen, "late_fee_fen": t.LateFeeFen,
		"moved_bills": t.MovedBills, "prepaid_fen": t.PrepaidFen, "prepaid_to": t.PrepaidTo,
	})
}

// TransfersOfRoom returns a room's transfers, the first first.
func TransfersOfRoom(tx *store.Tx, roomID string) ([]Transfer, error) {
	return store.G[Transfer](tx).Where("room_id = ?", roomID).Order("transfer_on, id").Find(tx.Context())
}

// TransferLine is a transfer as a list shows it.
type TransferLine struct {
	Transfer
	Room     Room `gorm:"embedded;embeddedPrefix:r_"`
	FromName string
	ToName   string
}

// Cursor returns where the next page begins.
func (l TransferLine) Cursor() string { return office.Cursor(l.CreatedAt, l.ID) }

// TransferLines returns a page of the transfers of rooms in scope, newest first. after
// is [TransferLine.Cursor] of the last one of the page before; any other text is
// [models.ErrNotFound].
func TransferLines(tx *store.Tx, scope office.Scope, after string, limit int) ([]TransferLine, error) {
	where, args := scope.And()
	if after != "" {
		at, id, err := office.FromCursor(after)
		if err != nil {
			return nil, err
		}
		where, args = where+" AND (t.created_at < ? OR (t.created_at = ? AND t.id < ?))", append(args, at, at, id)
	}
	return store.Rows[TransferLine](tx, "SELECT "+transferTable.Of("t")+", "+RoomTable.As("r", "r_")+`,
		f.name AS from_name, o.name AS to_name
		FROM transfers t JOIN rooms r ON r.id = t.room_id JOIN owners f ON f.id = t.from_owner_id JOIN owners o ON o.id = t.to_owner_id
		WHERE 1 = 1`+where+" ORDER BY t.created_at DESC, t.id DESC LIMIT ?", append(args, limit)...)
}

// ErrBillMoved says that a bill's owner or payment changed while it was locked.
var ErrBillMoved = errors.New("estate: bill changed under its lock")
