package receipt

import "wuyepay/models/store"

// Service issues receipts and takes requests for tax invoices.
type Service struct {
	DB *store.DB
	// Title is the company that receipts name as the payee. If it is empty, they name
	// the community.
	Title string
	// PublicURL is where the QR code of a receipt leads, without a slash at the end.
	PublicURL string
	// SharePaid, if set, is called once for an order that was made from a share and is
	// booked, in a transaction of its own soon after the booking, to tell the user who
	// shared. It must be quick and must not call out.
	SharePaid func(tx *store.Tx, userID, roomID, orderNo string) error
}
