package receipts

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// ReceiptFilter chooses receipts for staff, newest first.
type ReceiptFilter struct {
	Scope  office.Scope
	Status string      // empty: all
	On     models.Date // business day of issue; none: all
	Seq    int64       // of SeriesYear; 0: all
	Year   int
	After  string // id of the last one of the page before
	Limit  int
}

// ListedReceipt is a receipt with the room it is about.
type ListedReceipt struct {
	Receipt
	Room estate.Room `gorm:"embedded;embeddedPrefix:r_"`
}

var listedReceipts = "SELECT " + receiptTable.Of("p") + ", " + estate.RoomTable.As("r", "r_") +
	" FROM receipts p JOIN rooms r ON r.id = p.room_id WHERE 1 = 1"

// ListedReceipts returns a page of receipts, newest first.
func ListedReceipts(tx *store.Tx, f ReceiptFilter) ([]ListedReceipt, error) {
	scope, args := f.Scope.And()
	q := listedReceipts + scope
	add := func(condition string, values ...any) { q, args = q+" AND "+condition, append(args, values...) }
	if f.Status != "" {
		add("p.status = ?", f.Status)
	}
	if !f.On.IsZero() {
		add("p.created_at >= ? AND p.created_at < ?", models.At(f.On.Start()), models.At((f.On + 1).Start()))
	}
	if f.Seq != 0 {
		add("p.seq = ? AND p.series_year = ?", f.Seq, f.Year)
	}
	if f.After != "" {
		add("p.id < ?", f.After)
	}
	return store.Rows[ListedReceipt](tx, q+" ORDER BY p.id DESC LIMIT ?", append(args, f.Limit)...)
}
