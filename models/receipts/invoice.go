package receipts

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Kinds of title 抬头 of an [InvoiceRequest].
const (
	InvoicePersonal = "personal"
	InvoiceCompany  = "company"
)

// States of an [InvoiceRequest].
const (
	InvoiceAsked   = "asked"
	InvoiceIssued  = "issued"
	InvoiceRefused = "refused"
)

// InvoiceRequest asks for a tax invoice 发票 for a payment. Active is the payment while the
// request is asked or issued, and unique: one payment has one invoice. Finance issues it
// in the tax authority's system and notes its number here.
type InvoiceRequest struct {
	ID          string
	CommunityID string
	RoomID      string
	PaymentID   string
	OrderNo     string
	UserID      string
	Active      *string
	Kind        string
	Title       string
	TaxNo       string // of a company: 18 characters with a check digit
	AmountFen   models.Fen
	Status      string
	InvoiceNo   string
	Reason      string // why it was refused
	DecidedID   string
	DecidedName string
	CreatedAt   models.Time
	DecidedAt   models.Time
}

var invoiceTable = store.NewTable[InvoiceRequest]("invoice_requests")

// ErrInvoiceAsked says that the payment has an invoice, or a request for one.
var ErrInvoiceAsked = models.Refusal(models.KindConflict, "INVOICE_ALREADY_ASKED", "该笔缴费已申请过发票")

// InsertInvoiceRequest adds a request. It returns [ErrInvoiceAsked] if the payment has
// one that is asked or issued; after a refusal it may be asked for again.
func InsertInvoiceRequest(tx *store.Tx, r *InvoiceRequest) error {
	r.ID, r.Status, r.Active, r.CreatedAt = models.NewID(), InvoiceAsked, &r.PaymentID, tx.Now
	err := store.G[InvoiceRequest](tx).Create(tx.Context(), r)
	if err != nil && tx.IsDuplicate(err) {
		return ErrInvoiceAsked
	}
	return err
}

var decideInvoice = invoiceTable.Update("status, invoice_no, reason, active, decided_id, decided_name, decided_at",
	"id = ? AND status = 'asked'")

// DecideInvoice moves a request from asked to issued, with its number, or to refused,
// with the reason. It reports false if the request was decided before.
func DecideInvoice(tx *store.Tx, r *InvoiceRequest, by models.Actor, status, invoiceNo, reason string) (bool, error) {
	decided := *r
	decided.Active = &r.PaymentID
	if status == InvoiceRefused {
		decided.Active = nil // it may be asked for again
	}
	decided.Status, decided.InvoiceNo, decided.Reason = status, invoiceNo, reason
	decided.DecidedID, decided.DecidedName, decided.DecidedAt = by.ID, by.Name, tx.Now
	ok, err := decideInvoice.Guarded(tx, &decided, r.ID)
	if err == nil && ok {
		*r = decided
	}
	return ok, err
}

// InvoicesOfPayment returns the requests about a payment, the latest first.
func InvoicesOfPayment(tx *store.Tx, paymentID string) ([]InvoiceRequest, error) {
	return store.G[InvoiceRequest](tx).Where("payment_id = ?", paymentID).Order("id DESC").Find(tx.Context())
}

// InvoiceFilter chooses requests for staff, newest first.
type InvoiceFilter struct {
	Scope  office.Scope
	Status string // empty: all
	After  string // id of the last one of the page before
	Limit  int
}

// ListedInvoice is a request with the room it is about.
type ListedInvoice struct {
	InvoiceRequest
	Room estate.Room `gorm:"embedded;embeddedPrefix:r_"`
}

var listedInvoices = "SELECT " + invoiceTable.Of("i") + ", " + estate.RoomTable.As("r", "r_") +
	" FROM invoice_requests i JOIN rooms r ON r.id = i.room_id WHERE 1 = 1"

// InvoiceRequests returns a page of requests, newest first.
func InvoiceRequests(tx *store.Tx, f InvoiceFilter) ([]ListedInvoice, error) {
	scope, args := f.Scope.And()
	q := listedInvoices + scope
	add := func(condition string, value any) { q, args = q+" AND "+condition, append(args, value) }
	if f.Status != "" {
		add("i.status = ?", f.Status)
	}
	if f.After != "" {
		add("i.id < ?", f.After)
	}
	return store.Rows[ListedInvoice](tx, q+" ORDER BY i.id DESC LIMIT ?", append(args, f.Limit)...)
}

// ScopedInvoice returns a request about a room that the scope may see. It returns
// [models.ErrNotFound] both if there is none and if it is about another's room.
func ScopedInvoice(tx *store.Tx, scope office.Scope, id string) (ListedInvoice, error) {
	where, args := scope.And()
	return store.Row[ListedInvoice](tx, listedInvoices+where+" AND i.id = ?", append(args, id)...)
}
