package money

import (
	"time"

	"gorm.io/gorm"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// RefundsOfOrders returns the refunds of several orders, by order number, oldest
// first.
func RefundsOfOrders(tx *store.Tx, nos []string) (map[string][]Refund, error) {
	if len(nos) == 0 {
		return map[string][]Refund{}, nil
	}
	list, err := store.G[Refund](tx).Where("order_no IN ?", nos).Order("order_no, no").Find(tx.Context())
	return store.Group(list, func(r *Refund) string { return r.OrderNo }), err
}

// RefundsOfOrder returns the refunds of an order, oldest first.
func RefundsOfOrder(tx *store.Tx, no string) ([]Refund, error) {
	return store.G[Refund](tx).Where("order_no = ?", no).Order("no").Find(tx.Context())
}

// RefundsOfRequest returns the refunds that an approved request has led to, oldest
// first.
func RefundsOfRequest(tx *store.Tx, id string) ([]Refund, error) {
	return store.G[Refund](tx).Where("request_id = ?", id).Order("no").Find(tx.Context())
}

// RefundsToCheck returns the numbers of refunds that are to be sent or asked about by
// now, the longest overdue first: those under way, and those that were closed here
// without WeChat's word. Refunds by hand are not among them.
func RefundsToCheck(tx *store.Tx, now models.Time, limit int) ([]string, error) {
	return store.Rows[string](tx, `SELECT no FROM refunds
		WHERE (status IN ('sending','processing','abnormal') OR (status = 'closed' AND fault <> 'CLOSED'))
		AND channel = 'wechat' AND next_check_at > 0 AND next_check_at <= ? ORDER BY next_check_at, no LIMIT ?`, now, limit)
}

// RefundFilter chooses refunds for staff, newest first.
type RefundFilter struct {
	Scope  office.Scope
	Status string // empty: all
	Open   bool   // only those that somebody has to do something about, or that are under way
	Number string // refund number, order number or WeChat's refund id, exactly; empty: all
	RoomID string // empty: of all rooms
	After  string // number of the last one seen; empty: from the newest on
	Limit  int
}

// ListedRefund is a refund with its room.
type ListedRefund struct {
	Refund
	Room estate.Room `gorm:"embedded;embeddedPrefix:r_"`
}

// listedRefunds selects the refunds of rooms that the scope may see, with their rooms.
func listedRefunds(tx *store.Tx, scope office.Scope) gorm.ChainInterface[ListedRefund] {
	where, args := scope.And()
	return store.G[ListedRefund](tx).Table("refunds f JOIN rooms r ON r.id = f.room_id").
		Select(refundTable.Of("f")+", "+estate.RoomTable.As("r", "r_")).Where("1 = 1"+where, args...)
}

// ListedRefunds returns a page of refunds, newest first.
func ListedRefunds(tx *store.Tx, f RefundFilter) ([]ListedRefund, error) {
	q := listedRefunds(tx, f.Scope)
	if f.Status != "" {
		q = q.Where("f.status = ?", f.Status)
	}
	if f.Open {
		q = q.Where("f.status IN ?", []string{RefundAsked, RefundSending, RefundProcessing, RefundAbnormal})
	}
	if f.Number != "" {
		q = q.Where("f.no = ? OR f.order_no = ? OR f.refund_id = ?", f.Number, f.Number, f.Number)
	}
	if f.RoomID != "" {
		q = q.Where("f.room_id = ?", f.RoomID)
	}
	if f.After != "" {
		q = q.Where("f.no < ?", f.After)
	}
	return q.Order("f.no DESC").Limit(f.Limit).Find(tx.Context())
}

// ScopedRefund returns a refund of a room that the scope may see;
// [models.ErrNotFound] whether it does not exist or is somebody else's.
func ScopedRefund(tx *store.Tx, scope office.Scope, no string) (ListedRefund, error) {
	return listedRefunds(tx, scope).Where("f.no = ?", no).Take(tx.Context())
}

// BorneByCompany reports whether an allocation's payment is none, but a refund in
// whose place the company settles the bill.
func BorneByCompany(tx *store.Tx, paymentID string) (bool, error) {
	if paymentID == "" {
		return false, nil
	}
	n, err := store.G[Refund](tx).Where("no = ?", paymentID).Count(tx.Context(), "*")
	return n > 0, err
}

// WaitingRefunds are the numbers of refunds that wait for somebody: to be decided, to
// be paid by hand, or stuck at WeChat.
type WaitingRefunds struct {
	Asked    int64
	ByHand   int64
	Abnormal int64
	Stuck    int64 // approved for a day, and still not taken by WeChat
}

// Total returns the number of all of them.
func (w WaitingRefunds) Total() int64 { return w.Asked + w.ByHand + w.Abnormal + w.Stuck }

// CountWaitingRefunds counts the refunds that wait for somebody.
func CountWaitingRefunds(tx *store.Tx) (WaitingRefunds, error) {
	return store.Row[WaitingRefunds](tx, `SELECT COALESCE(SUM(CASE WHEN status = 'asked' THEN 1 ELSE 0 END), 0) AS asked,
		COALESCE(SUM(CASE WHEN status = 'sending' AND channel = 'hand' THEN 1 ELSE 0 END), 0) AS by_hand,
		COALESCE(SUM(CASE WHEN status = 'abnormal' THEN 1 ELSE 0 END), 0) AS abnormal,
		COALESCE(SUM(CASE WHEN status = 'sending' AND channel = 'wechat' AND decided_at < ? THEN 1 ELSE 0 END), 0) AS stuck
		FROM refunds WHERE status IN ('asked','sending','abnormal')`, models.At(tx.Now.Add(-24*time.Hour)))
}
