package mini

import (
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/pay"
)

// shippingIn is the part of upload_shipping_info that is checked.
type shippingIn struct {
	OrderKey struct {
		Type          int    `json:"order_number_type"`
		TransactionID string `json:"transaction_id"`
		MchID         string `json:"mchid"`
		OutTradeNo    string `json:"out_trade_no"`
	} `json:"order_key"`
	LogisticsType int  `json:"logistics_type"`
	DeliveryMode  int  `json:"delivery_mode"`
	AllDelivered  bool `json:"is_all_delivered"`
	List          []struct {
		ItemDesc string `json:"item_desc"`
	} `json:"shipping_list"`
	UploadTime string `json:"upload_time"`
	Payer      struct {
		OpenID string `json:"openid"`
	} `json:"payer"`
}

// check checks the form, before any order is looked up.
func (in *shippingIn) check() *refusal {
	switch {
	case in.OrderKey.Type != 1 && in.OrderKey.Type != 2:
		return &refusal{268485197, "order_number_type invalid"}
	case in.OrderKey.Type == 1 && (in.OrderKey.MchID == "" || in.OrderKey.OutTradeNo == ""),
		in.OrderKey.Type == 2 && in.OrderKey.TransactionID == "":
		return &refusal{268485224, "order_key incomplete"}
	case in.Payer.OpenID == "":
		return &refusal{268485226, "payer openid empty"}
	case in.LogisticsType < 1 || in.LogisticsType > 4:
		return &refusal{268485194, "logistics_type invalid"}
	case in.DeliveryMode != 1 && in.DeliveryMode != 2:
		return &refusal{268485195, "delivery_mode invalid"}
	case len(in.List) > 15:
		return &refusal{10060024, "shipping_list too long"}
	case len(in.List) == 0, in.DeliveryMode == 1 && len(in.List) != 1:
		return &refusal{268485228, "shipping_list must have exactly one item in unified delivery mode"}
	}
	for _, item := range in.List {
		if item.ItemDesc == "" || utf8.RuneCountInString(item.ItemDesc) > 120 {
			return &refusal{268485196, "item_desc invalid"}
		}
	}
	if _, err := time.Parse(time.RFC3339Nano, in.UploadTime); err != nil {
		return &refusal{268485216, "upload_time invalid"}
	}
	if !strings.HasSuffix(in.UploadTime, "+08:00") { // as every example has it
		return &refusal{268485216, "upload_time invalid"}
	}
	return nil
}

// serveShipping answers upload_shipping_info for an order of any merchant.
func (s *Service) serveShipping(c *call) (any, error) {
	var in shippingIn
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if e := in.check(); e != nil {
		return nil, e
	}
	switch err := s.pay.Ship(in.key(), in.Payer.OpenID); {
	case errors.Is(err, core.ErrNotFound):
		return nil, &refusal{10060001, "order not exist"}
	case errors.Is(err, pay.ErrRefundedWhole):
		return nil, &refusal{10060004, "order state not shippable"}
	case errors.Is(err, pay.ErrOtherPayer):
		return nil, &refusal{10060031, "openid mismatch"}
	case errors.Is(err, pay.ErrShippedTwice):
		return nil, &refusal{10060003, "reship chance used"}
	case err != nil:
		return nil, err
	}
	return okReply, nil
}

// key returns the order that the information is about. Each type of number has fields
// of its own.
func (in *shippingIn) key() pay.ShipmentKey {
	if in.OrderKey.Type == 1 {
		return pay.ShipmentKey{MchID: in.OrderKey.MchID, OutTradeNo: in.OrderKey.OutTradeNo}
	}
	return pay.ShipmentKey{TransactionID: in.OrderKey.TransactionID}
}

// serveTradeManaged answers that the mini-program is under 发货信息管理, so that a host which
// asks will also upload.
func (s *Service) serveTradeManaged(c *call) (any, error) {
	var in struct {
		AppID string `json:"appid"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.AppID != s.core.Config.AppID {
		return nil, &refusal{40013, "invalid appid"}
	}
	return struct {
		appOK
		IsTradeManaged bool `json:"is_trade_managed"`
	}{okReply, true}, nil
}
