package money

import (
	"time"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

func refunds(tx *store.Tx, query string, args ...any) ([]Refund, error) {
	var out []Refund
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, Refund{})
		return scan(out[len(out)-1].dest()...)
	}, query, args...)
	return out, err
}

// RefundsOfOrders gives the refunds of several orders, by order number, oldest
// first.
func RefundsOfOrders(tx *store.Tx, nos []string) (map[string][]Refund, error) {
	out := map[string][]Refund{}
	if len(nos) == 0 {
		return out, nil
	}
	list, err := refunds(tx, "SELECT "+refundColumns+" FROM refunds WHERE order_no IN ("+store.Placeholders(len(nos))+") ORDER BY order_no, no", store.Args(nos)...)
	for _, r := range list {
		out[r.OrderNo] = append(out[r.OrderNo], r)
	}
	return out, err
}

// RefundsOfOrder gives the refunds of an order, oldest first.
func RefundsOfOrder(tx *store.Tx, no string) ([]Refund, error) {
	list, err := RefundsOfOrders(tx, []string{no})
	return list[no], err
}

// RefundsOfRequest gives the refunds that an approved request has led to, oldest
// first.
func RefundsOfRequest(tx *store.Tx, id string) ([]Refund, error) {
	return refunds(tx, "SELECT "+refundColumns+" FROM refunds WHERE request_id = ? ORDER BY no", id)
}

// RefundsToCheck gives refunds that are to be sent or asked about by now, the
// longest overdue first: those under way, and those that were closed here without
// WeChat's word.
func RefundsToCheck(tx *store.Tx, now models.Time, limit int) ([]string, error) {
	var out []string
	err := tx.QueryRows(func(scan func(...any) error) error {
		var no string
		if err := scan(&no); err != nil {
			return err
		}
		out = append(out, no)
		return nil
	}, `SELECT no FROM refunds WHERE (status IN ('sending','processing','abnormal') OR (status = 'closed' AND fault <> 'CLOSED'))
		AND channel = 'wechat' AND next_check_at > 0 AND next_check_at <= ? ORDER BY next_check_at, no LIMIT ?`, now, limit)
	return out, err
}

// RefundLines gives the lines of a refund.
func RefundLines(tx *store.Tx, no string) ([]RefundLine, error) {
	return refundLines(tx, "SELECT refund_no, number, bill_id, item, principal_fen, late_fee_fen, prepaid_fen FROM refund_lines WHERE refund_no = ? ORDER BY number", no)
}

// HeldLine is a line of a refund that is asked for or under way.
type HeldLine struct {
	RefundLine
	Status string // of the refund
}

// HeldLines gives the lines of all refunds of a payment that are asked for or under
// way, but for one: what they take cannot be given back a second time.
func HeldLines(tx *store.Tx, paymentID, but string) ([]HeldLine, error) {
	var out []HeldLine
	err := tx.QueryRows(func(scan func(...any) error) error {
		var l HeldLine
		if err := scan(&l.RefundNo, &l.Number, &l.BillID, &l.Item, &l.PrincipalFen, &l.LateFeeFen, &l.PrepaidFen, &l.Status); err != nil {
			return err
		}
		out = append(out, l)
		return nil
	}, `SELECT l.refund_no, l.number, l.bill_id, l.item, l.principal_fen, l.late_fee_fen, l.prepaid_fen, r.status FROM refund_lines l JOIN refunds r ON r.no = l.refund_no
		WHERE r.payment_id = ? AND r.no <> ? AND r.status IN ('asked','sending','processing','abnormal') ORDER BY l.refund_no, l.number`, paymentID, but)
	return out, err
}

func refundLines(tx *store.Tx, query string, args ...any) ([]RefundLine, error) {
	var out []RefundLine
	err := tx.QueryRows(func(scan func(...any) error) error {
		var l RefundLine
		if err := scan(&l.RefundNo, &l.Number, &l.BillID, &l.Item, &l.PrincipalFen, &l.LateFeeFen, &l.PrepaidFen); err != nil {
			return err
		}
		out = append(out, l)
		return nil
	}, query, args...)
	return out, err
}

// BillRefunding tells whether money for the bill is on its way back. Whoever wants
// to change the bill has it locked.
func BillRefunding(tx *store.Tx, billID string) (bool, error) {
	n := 0
	err := tx.QueryRow([]any{&n}, `SELECT COUNT(*) FROM refund_lines l JOIN refunds r ON r.no = l.refund_no
		WHERE l.bill_id = ? AND r.status IN ('sending','processing','abnormal')`, billID)
	return n > 0, err
}

// PrepaidOfPayments gives by payment what of it is in prepayment: what went in less
// what went back. What was spent on bills since is still in it.
func PrepaidOfPayments(tx *store.Tx, ids []string) (map[string]models.Fen, error) {
	out := map[string]models.Fen{}
	err := tx.QueryRows(func(scan func(...any) error) error {
		var id string
		var sum models.Fen
		if err := scan(&id, &sum); err != nil {
			return err
		}
		out[id] = sum
		return nil
	}, "SELECT payment_id, SUM(amount_fen) FROM prepaid_entries WHERE payment_id IN ("+store.Placeholders(len(ids))+") GROUP BY payment_id", store.Args(ids)...)
	return out, err
}

// PrepaidCredits gives by payment what was credited from a bill to prepayment.
func PrepaidCredits(tx *store.Tx, billID string) (map[string]models.Fen, error) {
	out := map[string]models.Fen{}
	err := tx.QueryRows(func(scan func(...any) error) error {
		var id string
		var sum models.Fen
		if err := scan(&id, &sum); err != nil {
			return err
		}
		out[id] = sum
		return nil
	}, `SELECT e.payment_id, SUM(e.amount_fen) FROM prepaid_entries e WHERE e.bill_id = ? AND e.kind = 'credit'
		AND e.room_id = (SELECT room_id FROM bills WHERE id = ?) GROUP BY e.payment_id`, billID, billID)
	return out, err
}

// PrepaidPayment is a payment by WeChat of which something is in prepayment.
type PrepaidPayment struct {
	PaymentID string
	OrderNo   string
	Item      string
	AmountFen models.Fen
}

// PrepaidPayments gives a room's payments by WeChat that are in its prepayment,
// newest first, paid since a time.
func PrepaidPayments(tx *store.Tx, roomID string, since models.Time) ([]PrepaidPayment, error) {
	var out []PrepaidPayment
	err := tx.QueryRows(func(scan func(...any) error) error {
		var p PrepaidPayment
		if err := scan(&p.PaymentID, &p.OrderNo, &p.Item, &p.AmountFen); err != nil {
			return err
		}
		out = append(out, p)
		return nil
	}, `SELECT p.id, p.order_no, o.prepay_item, SUM(e.amount_fen) FROM payments p JOIN orders o ON o.no = p.order_no JOIN prepaid_entries e ON e.payment_id = p.id
		WHERE p.room_id = ? AND p.channel = 'wechat' AND p.paid_at >= ? GROUP BY p.id, p.order_no, o.prepay_item, p.paid_at HAVING SUM(e.amount_fen) > 0
		ORDER BY p.paid_at DESC, p.id DESC`, roomID, since)
	return out, err
}

// RefundFilter chooses refunds for staff, newest first.
type RefundFilter struct {
	Scope  office.Scope
	Status string // empty: all
	Open   bool   // only those that somebody has to do something about, or that are under way
	Number string // refund number, order number or WeChat's refund id, exactly
	RoomID string
	After  string // number of the last one seen
	Limit  int
}

// ListedRefund is a refund with its room.
type ListedRefund struct {
	Refund
	Room estate.Room
}

func (r *ListedRefund) dest() []any { return append(r.Refund.dest(), r.Room.Dest()...) }

var listedRefundSelect = "SELECT " + store.Prefixed("f", refundColumns) + ", " + store.Prefixed("r", estate.RoomColumns) + " FROM refunds f JOIN rooms r ON r.id = f.room_id WHERE "

// ListedRefunds gives a page of refunds, newest first.
func ListedRefunds(tx *store.Tx, f RefundFilter) ([]ListedRefund, error) {
	scope, args := f.Scope.And()
	q := listedRefundSelect + "1 = 1" + scope
	add := func(condition string, values ...any) { q, args = q+" AND "+condition, append(args, values...) }
	if f.Status != "" {
		add("f.status = ?", f.Status)
	}
	if f.Open {
		add("f.status IN ('asked','sending','processing','abnormal')")
	}
	if f.Number != "" {
		add("(f.no = ? OR f.order_no = ? OR f.refund_id = ?)", f.Number, f.Number, f.Number)
	}
	if f.RoomID != "" {
		add("f.room_id = ?", f.RoomID)
	}
	if f.After != "" {
		add("f.no < ?", f.After)
	}
	var out []ListedRefund
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, ListedRefund{})
		return scan(out[len(out)-1].dest()...)
	}, q+" ORDER BY f.no DESC LIMIT ?", append(args, f.Limit)...)
	return out, err
}

// ScopedRefund finds a refund of a room that the scope may see; [models.ErrNotFound]
// whether it does not exist or is somebody else's.
func ScopedRefund(tx *store.Tx, scope office.Scope, no string) (ListedRefund, error) {
	where, args := scope.And()
	var r ListedRefund
	return r, tx.QueryRow(r.dest(), listedRefundSelect+"f.no = ?"+where, append([]any{no}, args...)...)
}

// BorneByCompany tells whether an allocation's payment is none, but a refund in
// whose place the company settles the bill.
func BorneByCompany(tx *store.Tx, paymentID string) (bool, error) {
	if paymentID == "" {
		return false, nil
	}
	n := 0
	err := tx.QueryRow([]any{&n}, "SELECT COUNT(*) FROM refunds WHERE no = ?", paymentID)
	return n > 0, err
}

// WaitingRefunds are the refunds that wait for somebody: to be decided, to be paid by
// hand, or stuck at WeChat.
type WaitingRefunds struct {
	Asked    int64
	ByHand   int64
	Abnormal int64
	Stuck    int64 // approved for a day, and still not taken by WeChat
}

// Total is all of them.
func (w WaitingRefunds) Total() int64 { return w.Asked + w.ByHand + w.Abnormal + w.Stuck }

// CountWaitingRefunds counts the refunds that wait for somebody.
func CountWaitingRefunds(tx *store.Tx) (w WaitingRefunds, err error) {
	err = tx.QueryRow([]any{&w.Asked, &w.ByHand, &w.Abnormal, &w.Stuck}, `SELECT COALESCE(SUM(CASE WHEN status = 'asked' THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN status = 'sending' AND channel = 'hand' THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN status = 'abnormal' THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN status = 'sending' AND channel = 'wechat' AND decided_at < ? THEN 1 ELSE 0 END), 0)
		FROM refunds WHERE status IN ('asked','sending','abnormal')`, models.At(tx.Now.Add(-24*time.Hour)))
	return w, err
}
