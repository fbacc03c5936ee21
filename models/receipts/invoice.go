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

// InvoiceRequest is that somebody wants a tax invoice 发票 for a payment. Active is
// the payment while the request is asked or issued, and unique: one payment has one
// invoice. Finance issues it where tax invoices are made, and notes its number here.
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

const invoiceColumns = `id, community_id, room_id, payment_id, order_no, user_id, active, kind, title, tax_no, amount_fen, status, invoice_no, reason,
	decided_id, decided_name, created_at, decided_at`

func (r *InvoiceRequest) dest() []any {
	return []any{&r.ID, &r.CommunityID, &r.RoomID, &r.PaymentID, &r.OrderNo, &r.UserID, &r.Active, &r.Kind, &r.Title, &r.TaxNo, &r.AmountFen, &r.Status,
		&r.InvoiceNo, &r.Reason, &r.DecidedID, &r.DecidedName, &r.CreatedAt, &r.DecidedAt}
}

// ErrInvoiceAsked says that the payment has an invoice, or a request for one.
var ErrInvoiceAsked = models.Refusal(models.KindConflict, "INVOICE_ALREADY_ASKED", "该笔缴费已申请过发票")

// InsertInvoiceRequest adds a request; [ErrInvoiceAsked] if the payment has one.
func InsertInvoiceRequest(tx *store.Tx, r *InvoiceRequest) error {
	r.ID, r.Status, r.Active, r.CreatedAt = models.NewID(), InvoiceAsked, &r.PaymentID, tx.Now
	_, err := tx.Exec("INSERT INTO invoice_requests ("+invoiceColumns+") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", r.ID, r.CommunityID, r.RoomID, r.PaymentID, r.OrderNo,
		r.UserID, r.Active, r.Kind, r.Title, r.TaxNo, r.AmountFen, r.Status, r.InvoiceNo, r.Reason, r.DecidedID, r.DecidedName, r.CreatedAt, r.DecidedAt)
	if err != nil && tx.IsDuplicate(err) {
		return ErrInvoiceAsked
	}
	return err
}

// DecideInvoice moves a request from asked to issued, with its number, or to
// refused, with the reason; false if it was decided before.
func DecideInvoice(tx *store.Tx, r *InvoiceRequest, by models.Actor, status, invoiceNo, reason string) (bool, error) {
	active := &r.PaymentID
	if status == InvoiceRefused {
		active = nil // it may be asked for again
	}
	ok, err := tx.ExecGuarded(`UPDATE invoice_requests SET status = ?, invoice_no = ?, reason = ?, active = ?, decided_id = ?, decided_name = ?, decided_at = ?
		WHERE id = ? AND status = 'asked'`, status, invoiceNo, reason, active, by.ID, by.Name, tx.Now, r.ID)
	if err == nil && ok {
		r.Status, r.InvoiceNo, r.Reason, r.Active, r.DecidedID, r.DecidedName, r.DecidedAt = status, invoiceNo, reason, active, by.ID, by.Name, tx.Now
	}
	return ok, err
}

// InvoicesOfPayment gives the requests about a payment, the latest first.
func InvoicesOfPayment(tx *store.Tx, paymentID string) ([]InvoiceRequest, error) {
	var out []InvoiceRequest
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, InvoiceRequest{})
		return scan(out[len(out)-1].dest()...)
	}, "SELECT "+invoiceColumns+" FROM invoice_requests WHERE payment_id = ? ORDER BY id DESC", paymentID)
	return out, err
}

// InvoiceFilter chooses requests for staff, newest first.
type InvoiceFilter struct {
	Scope  office.Scope
	ID     string // one; empty: all
	Status string // empty: all
	After  string // id of the last one seen
	Limit  int
}

// ListedInvoice is a request with the room it is about.
type ListedInvoice struct {
	InvoiceRequest
	Room estate.Room
}

// InvoiceRequests gives a page of requests, newest first.
func InvoiceRequests(tx *store.Tx, f InvoiceFilter) ([]ListedInvoice, error) {
	scope, args := f.Scope.And()
	q := "SELECT " + store.Prefixed("i", invoiceColumns) + ", " + store.Prefixed("r", estate.RoomColumns) + " FROM invoice_requests i JOIN rooms r ON r.id = i.room_id WHERE 1 = 1" + scope
	add := func(condition string, value any) { q, args = q+" AND "+condition, append(args, value) }
	if f.ID != "" {
		add("i.id = ?", f.ID)
	}
	if f.Status != "" {
		add("i.status = ?", f.Status)
	}
	if f.After != "" {
		add("i.id < ?", f.After)
	}
	var out []ListedInvoice
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, ListedInvoice{})
		l := &out[len(out)-1]
		return scan(append(l.InvoiceRequest.dest(), l.Room.Dest()...)...)
	}, q+" ORDER BY i.id DESC LIMIT ?", append(args, f.Limit)...)
	return out, err
}

// ScopedInvoice finds a request about a room that the scope may see.
func ScopedInvoice(tx *store.Tx, scope office.Scope, id string) (ListedInvoice, error) {
	list, err := InvoiceRequests(tx, InvoiceFilter{Scope: scope, ID: id, Limit: 1})
	if err == nil && len(list) == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return ListedInvoice{}, err
	}
	return list[0], nil
}
