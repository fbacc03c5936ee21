package sandbox

import (
	"context"
	"iter"
)

// Pay plays the owner who types the password: the order becomes paid, enters the
// day's bill, and its notification is sent. It returns [ErrNotFound],
// [ErrOrderPaid], [ErrOrderClosed] or [ErrPrepayExpired] if the order cannot be
// paid.
func (s *Server) Pay(outTradeNo string) (Transaction, error) { return s.pay.Pay(outTradeNo) }

// PayWith is [Server.Pay] with options.
func (s *Server) PayWith(outTradeNo string, options PayOptions) (Transaction, error) {
	return s.pay.PayWith(outTradeNo, options)
}

// RequestPayment plays wx.requestPayment followed by the password: it checks the
// five parameters and their signature as the WeChat client does, then pays. It
// returns [ErrPaySign] besides the errors of [Server.Pay].
func (s *Server) RequestPayment(p PaymentRequest) (Transaction, error) {
	return s.pay.RequestPayment(p)
}

// Order returns the order with a number. It returns [ErrNotFound] if there is
// none.
func (s *Server) Order(outTradeNo string) (Transaction, error) { return s.pay.Order(outTradeNo) }

// Books returns every order in the order of creation, unpaid ones too. A seeded
// order appears only after something asked for it by its number;
// [Server.Transactions] has them all.
func (s *Server) Books() iter.Seq[Transaction] { return s.pay.Books() }

// Transactions returns the orders that were paid on a business day (yyyy-MM-dd)
// at any merchant, as they stand now. It includes seeded orders.
func (s *Server) Transactions(date string) []Transaction { return s.pay.Transactions(date) }

// Refund returns the refund with a number. It returns [ErrNotFound] if there is
// none.
func (s *Server) Refund(outRefundNo string) (Refund, error) { return s.pay.Refund(outRefundNo) }

// FinishRefund decides a refund as [RefundSuccess], [RefundAbnormal] or
// [RefundClosed] and sends its notification. An abnormal refund can be decided
// once more; a successful or closed one cannot.
func (s *Server) FinishRefund(outRefundNo string, status RefundStatus) error {
	return s.pay.FinishRefund(outRefundNo, status)
}

// SeedOrders adds paid orders that never sent a notification. It returns an error
// if another seed has the same prefix.
func (s *Server) SeedOrders(seed Seed) error { return s.pay.SeedOrders(seed) }

// SeededOrder returns order i of a seed as the books would show it, for a host
// that needs its own side of the same day.
func (s *Server) SeededOrder(seed Seed, i int) (Transaction, error) {
	return s.pay.SeededOrder(seed, i)
}

// Attempts returns every delivery of an order's notifications, those of its
// refunds too. The deliveries of one event are in the order they were made.
func (s *Server) Attempts(outTradeNo string) []Attempt { return s.pay.Attempts(outTradeNo) }

// Renotify sends all notifications of an order once more, at once and with their
// old event ids, as WeChat sometimes does without a reason.
func (s *Server) Renotify(outTradeNo string) error { return s.pay.Renotify(outTradeNo) }

// Drain blocks until every notification is answered with 2xx, lost or out of
// retries, or until ctx is done.
func (s *Server) Drain(ctx context.Context) error { return s.notices.Drain(ctx) }

// SetBillState overrides the clock for the bills of a day. A bill of the same day
// is still refused.
func (s *Server) SetBillState(date string, state BillState) error {
	return s.bills.SetBillState(date, state)
}

// EditBills passes every later bill through edit; nil ends it. An edited bill is
// held in memory.
func (s *Server) EditBills(edit BillEdit) { s.bills.EditBills(edit) }

// SetCallbackSigner sets the key that signs a merchant's callbacks from now on:
// [ModePublicKey], [ModeCertificate] or [ModeBoth] (alternating). It returns an
// error if the merchant's own mode lacks the key.
func (s *Server) SetCallbackSigner(merchantName string, mode Mode) error {
	return s.merchants.SetCallbackSigner(merchantName, mode)
}

// RotateCertificate adds a platform certificate to a merchant, signs callbacks
// with it and keeps serving the old ones. It returns the new serial.
func (s *Server) RotateCertificate(merchantName string) (serial string, err error) {
	return s.merchants.RotateCertificate(merchantName)
}

// RotateAPIv3Key replaces a merchant's APIv3 key. A callback that was sealed
// before keeps its old ciphertext at every retry.
func (s *Server) RotateAPIv3Key(merchantName string) (key string, err error) {
	return s.merchants.RotateAPIv3Key(merchantName)
}

// RotatePublicKey replaces WeChat Pay's public key of a merchant. Until
// [Server.EndRotation] callbacks are signed by the old and the new key in turn,
// and a reply by the one that the request names.
func (s *Server) RotatePublicKey(merchantName string) error {
	return s.merchants.RotatePublicKey(merchantName)
}

// RotateMerchantKey replaces a merchant's API certificate. Until
// [Server.EndRotation] requests under both are accepted.
func (s *Server) RotateMerchantKey(merchantName string) error {
	return s.merchants.RotateMerchantKey(merchantName)
}

// EndRotation drops the old keys of a merchant.
func (s *Server) EndRotation(merchantName string) error {
	return s.merchants.EndRotation(merchantName)
}
