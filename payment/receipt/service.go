package receipt

import "wuyepay/models/store"

// Service numbers and reads receipts, and takes requests for tax invoices. Receipts are
// issued by functions instead, within the transaction of their caller. It may be used by
// several goroutines at once, as long as its fields do not change.
type Service struct {
	DB *store.DB
	// Title is the company that receipts name as the payee. If it is empty, they name
	// the community. A change counts for receipts that are numbered afterwards.
	Title string
	// PublicURL is where the QR code of a receipt leads, without a slash at the end.
	PublicURL string
	// SharePaid, if set, is called once for an order that was made from a share and is
	// booked, in a transaction of its own soon after the booking, to tell the user who
	// shared. It must be quick and must not call out.
	SharePaid func(tx *store.Tx, userID, roomID, orderNo string) error
}
