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
// expires or is revoked. Only the hash of its token is kept, so that the database opens
// no share. It reaches as far as the sight of the user who made it: a user who is no
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

var (
	shareTable      = store.NewTable[Share]("shares")
	shareBillTable  = store.NewTable[ShareBill]("share_bills")
	shareOrderTable = store.NewTable[ShareOrder]("share_orders")
)

// Ended reports whether the share no longer opens anything. At the instant ExpiresAt it
// has ended.
func (s *Share) Ended(now models.Time) bool {
	return !s.RevokedAt.IsZero() || !now.Before(s.ExpiresAt.Time)
}

// InsertShare adds a share of bills and returns its token, which is kept nowhere.
func InsertShare(tx *store.Tx, s *Share, billIDs []string) (token string, err error) {
	token = shortToken()
	s.ID, s.TokenHash, s.CreatedAt = models.NewID(), office.TokenHash(token), tx.Now
	if err = store.G[Share](tx).Create(tx.Context(), s); err != nil {
		return "", err
	}
	bills := make([]ShareBill, len(billIDs))
	for i, id := range billIDs {
		bills[i] = ShareBill{ShareID: s.ID, BillID: id}
	}
	return token, shareBillTable.Insert(tx, bills...)
}

// ShareByToken returns a share, ended or not; [models.ErrNotFound] for a wrong token.
func ShareByToken(tx *store.Tx, token string) (Share, error) {
	return store.G[Share](tx).Where("token_hash = ?", office.TokenHash(token)).Take(tx.Context())
}

// LockShare returns a share for an order that is made by it, or for its end.
func LockShare(tx *store.Tx, id string) (Share, error) {
	return shareTable.Row(tx, "WHERE id = ?"+store.ForUpdate, id)
}

// ShareBills returns the ids of the bills of shares, by share.
func ShareBills(tx *store.Tx, shareIDs ...string) (map[string][]string, error) {
	out := map[string][]string{}
	err := store.InChunks(shareIDs, func(part []string) error {
		bills, err := store.G[ShareBill](tx).Where("share_id IN ?", part).Order("share_id, bill_id").Find(tx.Context())
		for _, b := range bills {
			out[b.ShareID] = append(out[b.ShareID], b.BillID)
		}
		return err
	})
	return out, err
}

// SharesOfUser returns the user's shares of a room, ended ones too, newest first.
func SharesOfUser(tx *store.Tx, userID, roomID string, limit int) ([]Share, error) {
	return store.G[Share](tx).Where("user_id = ? AND room_id = ?", userID, roomID).
		Order("created_at DESC, id DESC").Limit(limit).Find(tx.Context())
}

// OpenShares returns the number of a user's shares of a room that have not ended.
func OpenShares(tx *store.Tx, userID, roomID string) (int, error) {
	n, err := store.G[Share](tx).Where("user_id = ? AND room_id = ? AND revoked_at = 0 AND expires_at > ?", userID, roomID, tx.Now).
		Count(tx.Context(), "*")
	return int(n), err
}

// RevokeShare ends a share of the user. It reports false if it is none of theirs, or was
// revoked before.
func RevokeShare(tx *store.Tx, userID, id string) (bool, error) {
	n, err := store.G[Share](tx).Where("id = ? AND user_id = ? AND revoked_at = 0", id, userID).Update(tx.Context(), "revoked_at", tx.Now)
	return n == 1, err
}

// InsertShareOrder notes that an order is made by a share.
func InsertShareOrder(tx *store.Tx, s ShareOrder) error {
	s.CreatedAt = tx.Now
	return shareOrderTable.DeferInsert(tx, s)
}

// TellShareOrder notes that the user who shared was told of the payment. It reports
// false if that has happened before, or the order was made by no share.
func TellShareOrder(tx *store.Tx, orderNo string) (bool, error) {
	n, err := store.G[ShareOrder](tx).Where("order_no = ? AND told_at = 0", orderNo).Update(tx.Context(), "told_at", tx.Now)
	return n == 1, err
}

// SharedOrder is an order made by a share, with its state and the user who made it.
type SharedOrder struct {
	ShareOrder
	Label       string
	SharedBy    string // the user who made the share
	Status      string
	AmountFen   models.Fen
	PaidAt      models.Time
	PhoneMasked string `gorm:"-"` // of the user who made it, 138****0000; empty if they never gave it
}

// OrdersOfShares returns the orders made by shares, by share, newest first.
func OrdersOfShares(tx *store.Tx, shareIDs ...string) (map[string][]SharedOrder, error) {
	out := map[string][]SharedOrder{}
	if len(shareIDs) == 0 {
		return out, nil
	}
	in := "so.share_id IN (" + store.Placeholders(len(shareIDs)) + ")"
	list, err := sharedOrders(tx, in+" ORDER BY so.order_no DESC", store.Args(shareIDs)...)
	for _, o := range list {
		out[o.ShareID] = append(out[o.ShareID], o)
	}
	return out, err
}

// ShareOfOrder returns how an order was made by a share; [models.ErrNotFound] if by none.
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
	type row struct {
		SharedOrder
		PhoneCipher []byte
	}
	var out []SharedOrder
	err := store.Each(tx, func(r *row) error {
		phone, err := estate.UserPhone(tx, estate.User{PhoneCipher: r.PhoneCipher})
		r.PhoneMasked = models.MaskPhone(phone)
		out = append(out, r.SharedOrder)
		return err
	}, "SELECT "+shareOrderTable.Of("so")+`, s.label, s.user_id AS shared_by, o.status, o.amount_fen, o.paid_at, u.phone_cipher
		FROM share_orders so JOIN shares s ON s.id = so.share_id JOIN orders o ON o.no = so.order_no
		JOIN users u ON u.id = so.user_id WHERE `+where, args...)
	return out, err
}

// SharedRoom returns the room of a share as its user sees it, and the bills of the share
// that the user sees, by due day. It returns [models.ErrNotFound] if nothing is left to
// be seen: for example, because the user's binding has ended.
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
