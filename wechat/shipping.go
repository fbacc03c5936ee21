package wechat

import (
	"context"
	"time"
	"unicode/utf8"

	sdkcontext "github.com/silenceper/wechat/v2/miniprogram/context"
	"github.com/silenceper/wechat/v2/miniprogram/order"
)

// The kinds that only [Client.Ship] returns.
const (
	// ErrShipOrder means that WeChat does not know the order. Right after a payment it
	// may not know it yet: try again later.
	ErrShipOrder Kind = "order not known for shipping"
	// ErrShipState means that the order cannot be shipped in its state, e.g. because it
	// was refunded. Do not repeat.
	ErrShipState Kind = "order not shippable"
	// ErrShipField means that a field is not accepted. It is a fault of configuration
	// or code.
	ErrShipField Kind = "shipping field not accepted"
)

// shipDone are the codes which mean that the report is there already: shipped before,
// the one change of it used, nothing new in it.
var shipDone = map[int64]bool{10060002: true, 10060003: true, 10060023: true}

var shipKinds = map[int64]Kind{
	10060001: ErrShipOrder, 10060004: ErrShipState, 10060012: ErrUnavailable, 10060014: ErrShipField,
	10060020: ErrShipField, 10060024: ErrShipField, 10060031: ErrOpenID, 268485194: ErrShipField,
	268485195: ErrShipField, 268485196: ErrShipField, 268485197: ErrShipField, 268485216: ErrShipField,
	268485224: ErrShipField, 268485226: ErrShipField, 268485227: ErrShipField, 268485228: ErrShipField,
}

// Shipment reports that what an order paid for has been delivered. A service is
// delivered at once.
type Shipment struct {
	TransactionID string // WeChat Pay's number of the payment
	OpenID        string // who paid
	Item          string // what was delivered, at most 120 characters
	At            time.Time
}

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Ship reports a virtual delivery (发货信息录入, logistics_type 3). It may be repeated: a
// report that is there already is no error.
//
// It returns ErrShipOrder (try later), ErrShipState, ErrShipField, ErrOpenID,
// ErrUnavailable (try later), ErrCredential or ErrRefused.
func (c *Client) Ship(ctx context.Context, s Shipment) error {
	const op = "ship"
	if s.TransactionID == "" || s.OpenID == "" || s.Item == "" || utf8.RuneCountInString(s.Item) > 120 {
		return &Error{Op: op, Kind: ErrShipField, Reason: "number, payer or item empty or too long"}
	}
	// Three digits of a second are documented. Go drops zeros at the end, so the last digit is not zero.
	at := s.At.In(shanghai).Truncate(10 * time.Millisecond).Add(time.Millisecond)
	request := &order.UploadShippingInfoRequest{
		OrderKey:      &order.ShippingOrderKey{OrderNumberType: 2, TransactionID: s.TransactionID},
		LogisticsType: 3, DeliveryMode: 1, IsAllDelivered: true,
		ShippingList: []*order.ShippingInfo{{ItemDesc: s.Item}}, UploadTime: &at, Payer: &order.ShippingPayer{Openid: s.OpenID},
	}
	err := c.withToken(ctx, op, func(_ context.Context, sdk *sdkcontext.Context) error {
		return order.NewShipping(sdk).UploadShippingInfo(request)
	})
	return shipped(err)
}

// shipped returns the error that an answer means for shipping.
func shipped(err error) error {
	e, ok := err.(*Error) //nolint:errorlint // withToken returns it bare
	if !ok {
		return err
	}
	if shipDone[e.Code] {
		return nil
	}
	if kind, known := shipKinds[e.Code]; known {
		e.Kind = kind
	}
	return e
}
