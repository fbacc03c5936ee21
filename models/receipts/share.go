package receipts

import (
	"slices"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Share is a link by which somebody else pays bills of a room: only those, until it
// expires or is revoked. Only the hash of its token is kept, so that the database
// opens no share. It reaches as far as the sight of the user who made it: who is no
// longer bound to the room shares nothing.
type Share struct {
	ID        string
	TokenHash string
	UserID    string
	RoomID    string
	Label     string // who is to pay, in the words of the user; for their eyes
	CreatedAt models.Time
	ExpiresAt models.Time
	RevokedAt models.Time
}

// ShareBill is a bill of a share.
type ShareBill struct {
	ShareID string
	BillID  string
}

// ShareOrder is an order made by a share. ToldAt is when its payment was told to
// the user who shared.
type ShareOrder struct {
	OrderNo   string
	ShareID   string
	UserID    string // who made the order
	CreatedAt models.Time
	ToldAt    models.Time
}

// Ended tells whether the share no longer opens anything.
func (s *Share) Ended(now models.Time) bool {
	return !s.RevokedAt.IsZero() || !now.Before(s.ExpiresAt.Time)
}

const shareColumns = "id, token_hash, user_id, room_id, label, created_at, expires_at, revoked_at"

func (s *Share) dest() []any {
	return []any{&s.ID, &s.TokenHash, &s.UserID, &s.RoomID, &s.Label, &s.CreatedAt, &s.ExpiresAt, &s.RevokedAt}
}

// InsertShare adds a share of bills and gives its token, which is nowhere else.
func InsertShare(tx *store.Tx, s *Share, billIDs []string) (token string, err error) {
	token = shortToken()
	s.ID, s.TokenHash, s.CreatedAt = models.NewID(), office.TokenHash(token), tx.Now
	if _, err = tx.Exec("INSERT INTO shares ("+shareColumns+") VALUES (?,?,?,?,?,?,?,?)", s.ID, s.TokenHash, s.UserID, s.RoomID, s.Label, s.CreatedAt, s.ExpiresAt, s.RevokedAt); err != nil {
		return "", err
	}
	rows := make([][]any, len(billIDs))
	for i, id := range billIDs {
		rows[i] = []any{s.ID, id}
	}
	_, err = tx.InsertRows(false, "share_bills", "share_id, bill_id", rows)
	return token, err
}

// ShareByToken finds a share, ended or not.
func ShareByToken(tx *store.Tx, token string) (Share, error) {
	var s Share
	return s, tx.QueryRow(s.dest(), "SELECT "+shareColumns+" FROM shares WHERE token_hash = ?", office.TokenHash(token))
}

// LockShare reads a share for an order that is made by it, or to end it.
func LockShare(tx *store.Tx, id string) (Share, error) {
	var s Share
	return s, tx.QueryRow(s.dest(), "SELECT "+shareColumns+" FROM shares WHERE id = ?"+store.ForUpdate, id)
}

// ShareBills gives the bills of shares, by share.
func ShareBills(tx *store.Tx, shareIDs ...string) (map[string][]string, error) {
	out := map[string][]string{}
	for len(shareIDs) > 0 {
		n := min(len(shareIDs), 500)
		err := tx.QueryRows(func(scan func(...any) error) error {
			var b ShareBill
			if err := scan(&b.ShareID, &b.BillID); err != nil {
				return err
			}
			out[b.ShareID] = append(out[b.ShareID], b.BillID)
			return nil
		}, "SELECT share_id, bill_id FROM share_bills WHERE share_id IN ("+store.Placeholders(n)+") ORDER BY share_id, bill_id", store.Args(shareIDs[:n])...)
		if err != nil {
			return nil, err
		}
		shareIDs = shareIDs[n:]
	}
	return out, nil
}

// SharesOfUser gives the user's shares of a room, newest first.
func SharesOfUser(tx *store.Tx, userID, roomID string, limit int) ([]Share, error) {
	var out []Share
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, Share{})
		return scan(out[len(out)-1].dest()...)
	}, "SELECT "+shareColumns+" FROM shares WHERE user_id = ? AND room_id = ? ORDER BY created_at DESC, id DESC LIMIT ?", userID, roomID, limit)
	return out, err
}

// OpenShares is the number of a user's shares of a room that still open something.
func OpenShares(tx *store.Tx, userID, roomID string) (int, error) {
	n := 0
	err := tx.QueryRow([]any{&n}, "SELECT COUNT(*) FROM shares WHERE user_id = ? AND room_id = ? AND revoked_at = 0 AND expires_at > ?", userID, roomID, tx.Now)
	return n, err
}

// RevokeShare ends a share of the user; false if it is none of theirs or ended by
// them before.
func RevokeShare(tx *store.Tx, userID, id string) (bool, error) {
	return tx.ExecGuarded("UPDATE shares SET revoked_at = ? WHERE id = ? AND user_id = ? AND revoked_at = 0", tx.Now, id, userID)
}

// InsertShareOrder notes that an order was made by a share.
func InsertShareOrder(tx *store.Tx, s ShareOrder) error {
	return tx.Defer("INSERT INTO share_orders (order_no, share_id, user_id, created_at, told_at) VALUES (?,?,?,?,?)", s.OrderNo, s.ShareID, s.UserID, tx.Now, s.ToldAt)
}

// TellShareOrder notes that the payment of an order made by a share was told; false
// if it was before.
func TellShareOrder(tx *store.Tx, orderNo string) (bool, error) {
	return tx.ExecGuarded("UPDATE share_orders SET told_at = ? WHERE order_no = ? AND told_at = 0", tx.Now, orderNo)
}

// SharedOrder is an order made by a share, with what became of it and who made it.
type SharedOrder struct {
	ShareOrder
	Label       string
	SharedBy    string // the user who made the share
	Status      string
	AmountFen   models.Fen
	PaidAt      models.Time
	PhoneMasked string // of who made it; empty if they never gave it
}

// OrdersOfShares gives the orders made by shares, by share, newest first.
func OrdersOfShares(tx *store.Tx, shareIDs ...string) (map[string][]SharedOrder, error) {
	out := map[string][]SharedOrder{}
	if len(shareIDs) == 0 {
		return out, nil
	}
	list, err := sharedOrders(tx, "so.share_id IN ("+store.Placeholders(len(shareIDs))+") ORDER BY so.order_no DESC", store.Args(shareIDs)...)
	for _, o := range list {
		out[o.ShareID] = append(out[o.ShareID], o)
	}
	return out, err
}

// ShareOfOrder gives how an order was made by a share; [models.ErrNotFound] if by none.
func ShareOfOrder(tx *store.Tx, no string) (SharedOrder, error) {
	list, err := sharedOrders(tx, "so.order_no = ?", no)
	if err == nil && len(list) == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return SharedOrder{}, err
	}
	return list[0], nil
}

func sharedOrders(tx *store.Tx, where string, args ...any) ([]SharedOrder, error) {
	var out []SharedOrder
	err := tx.QueryRows(func(scan func(...any) error) error {
		var o SharedOrder
		var u estate.User
		err := scan(&o.OrderNo, &o.ShareID, &o.UserID, &o.CreatedAt, &o.ToldAt, &o.Label, &o.SharedBy, &o.Status, &o.AmountFen, &o.PaidAt, &u.PhoneCipher)
		if err != nil {
			return err
		}
		phone, err := estate.UserPhone(tx, u)
		o.PhoneMasked = models.MaskPhone(phone)
		out = append(out, o)
		return err
	}, `SELECT so.order_no, so.share_id, so.user_id, so.created_at, so.told_at, s.label, s.user_id, o.status, o.amount_fen, o.paid_at, u.phone_cipher
		FROM share_orders so JOIN shares s ON s.id = so.share_id JOIN orders o ON o.no = so.order_no JOIN users u ON u.id = so.user_id WHERE `+where, args...)
	return out, err
}

// SharedRoom gives the room of a share as its user sees it, and the bills of the
// share that the user sees; [models.ErrNotFound] if nothing is left to be seen.
func SharedRoom(tx *store.Tx, s *Share) (estate.BoundRoom, []fees.Bill, error) {
	room, err := estate.BoundRoomOf(tx, s.UserID, s.RoomID)
	if err != nil {
		return room, nil, err
	}
	ids, err := ShareBills(tx, s.ID)
	if err != nil {
		return room, nil, err
	}
	found, err := fees.BillsByIDs(tx, ids[s.ID])
	if err != nil {
		return room, nil, err
	}
	var bills []fees.Bill
	for _, id := range ids[s.ID] {
		if b, ok := found[id]; ok && fees.CanSee(room.BillVisibility, &b, tx.Today()) {
			bills = append(bills, b)
		}
	}
	if len(bills) == 0 {
		return room, nil, models.ErrNotFound
	}
	slices.SortFunc(bills, func(a, b fees.Bill) int { return int(a.DueOn - b.DueOn) })
	return room, bills, nil
}
