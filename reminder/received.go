package reminder

import (
	"wuyepay/models/messages"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// stepReceived is the step of a payment receipt.
const stepReceived = "payment_received"

// PaymentReceived puts the receipt of a payment into the outbox, to the person who paid,
// in the transaction that books the payment: a single insert. Whether the person
// agreed to be told is looked at when it is sent, so that it never holds up the
// booking. A payment that is told twice is answered once.
func (s *Service) PaymentReceived(tx *store.Tx, o *money.Order, _ *money.Payment) error {
	if _, ok := s.templates[messages.TemplatePaymentReceived]; !ok || o == nil {
		return nil // who pays at the desk stands there, and no phone is known to have paid
	}
	return messages.QueueNotice(tx, &messages.Notice{
		Dedupe: stepReceived + "/" + o.No, Template: messages.TemplatePaymentReceived, Step: stepReceived, UserID: o.UserID,
		RoomID: o.RoomID, OrderNo: o.No,
	})
}

// SharePaid puts the same message into the outbox for the user whose share was paid
// by somebody else.
func (s *Service) SharePaid(tx *store.Tx, userID, roomID, orderNo string) error {
	if _, ok := s.templates[messages.TemplatePaymentReceived]; !ok {
		return nil
	}
	return messages.QueueNotice(tx, &messages.Notice{
		Dedupe: stepReceived + "/" + orderNo + "/" + userID, Template: messages.TemplatePaymentReceived, Step: stepReceived, UserID: userID,
		RoomID: roomID, OrderNo: orderNo,
	})
}
