package money

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// States of an [Order]; the diagram is in package payment.
const (
	OrderPending      = "pending"       // may be paid
	OrderPaid         = "paid"          // its money is booked
	OrderClosed       = "closed"        // is not to be paid any more; see ClosedAtWechat
	OrderException    = "exception"     // WeChat says that it was paid, but not as ordered
	OrderRefunding    = "refunding"     // paid, and a refund is under way
	OrderRefunded     = "refunded"      // paid, and all of it went back
	OrderPartRefunded = "part_refunded" // paid, and some of it went back
)

// Order is a request to pay through WeChat Pay. No is its out_trade_no there. Request
// is what was sent to WeChat, as JSON, so that a request that timed out can be repeated
// word for word.
type Order struct {
	No             string
	UserID         string
	RoomID         string
	CommunityID    string
	Merchant       string // the name of the merchant in the settings
	MchID          string
	SubMchID       string
	AppID          string
	OpenID         string     `gorm:"column:openid"` // of the payer
	AmountFen      models.Fen // PrepayFen included
	PrepayFen      models.Fen // paid in advance, on top of the lines
	PrepayItem     string     // the fee item that the prepayment is for; empty: any
	Status         string
	QuotedOn       models.Date // the day whose late fee was asked for
	Request        string
	PrepayID       string // WeChat's prepay_id; empty until it has answered
	TransactionID  string // WeChat's; empty until the order is paid
	CreatedAt      models.Time
	ExpiresAt      models.Time // until then the quoted late fee is final
	PaidAt         models.Time
	ClosedAtWechat bool // WeChat has confirmed that it can no longer be paid
	Checks         int  // how often WeChat was asked about it
	NextCheckAt    models.Time
	UpdatedAt      models.Time
	PlacedAt       models.Time // when PrepayID came
	SubAppID       string      // partner mode, the company's own mini-program: it, and AppID is the provider's app
}

// Inserted one at a time, at checkout.
var orderTable = store.NewTable[Order]("orders").Hot(1)

// WasPaid reports whether the order's money is booked, whatever went back since.
func (o *Order) WasPaid() bool {
	switch o.Status {
	case OrderPaid, OrderRefunding, OrderRefunded, OrderPartRefunded:
		return true
	}
	return false
}

var (
	sqlOrder     = store.Hot(orderTable.Select("WHERE no = ?"))
	sqlLockOrder = store.Hot(orderTable.Select("WHERE no = ?" + store.ForUpdate))
)

// OrderByNo returns an order, or [models.ErrNotFound].
func OrderByNo(tx *store.Tx, no string) (Order, error) { return store.Row[Order](tx, sqlOrder, no) }

// LockOrder returns an order for a change, or [models.ErrNotFound]. An order and its
// bills are locked in this sequence: the order first.
func LockOrder(tx *store.Tx, no string) (Order, error) { return store.Row[Order](tx, sqlLockOrder, no) }

// InsertOrder adds a pending order with its lines and claims its bills. If another
// open order holds one of them, the transaction ends with [ErrBillClaimed], at its
// commit at the latest.
func InsertOrder(tx *store.Tx, o *Order, lines []OrderLine) error {
	err := orderTable.DeferInsert(tx, *o)
	if err != nil || len(lines) == 0 {
		return err
	}
	return claim(tx, o.No, lines)
}
