package fees

import (
	"encoding/json"

	"wuyepay/models"
	"wuyepay/models/store"
)

// Kinds of [Request].
const (
	RequestWaiver     = "waiver"     // 减免违约金
	RequestCorrection = "correction" // 更正本金
	RequestVoid       = "void"       // 作废账单
	RequestInstalment = "instalment" // 分期
	RequestDispute    = "dispute"    // 异议
	RequestPromise    = "promise"    // 承诺缴费日
	RequestRefund     = "refund"     // 退还预存
)

// RequestKinds lists the kinds that are about bills, or what is owed of them.
var RequestKinds = []string{RequestWaiver, RequestCorrection, RequestVoid, RequestInstalment, RequestDispute, RequestPromise}

// States of a [Request].
const (
	RequestOpen     = "open"
	RequestApproved = "approved"
	RequestRejected = "rejected"
)

// Request is what an owner on a phone or a member of staff asked for, and what
// became of it. What the fields mean depends on the kind
//   - waiver: AmountFen of late fee, 0 for all that is due on the day of decision;
//   - correction: AmountFen is what the principal should be;
//   - instalment: Parts, whether late fee is Frozen, and BreakDays;
//   - dispute: Reason is what about; promise: PayOn is the promised day;
//   - refund: AmountFen of the room's prepayment. Approved, it goes back by refunds of
//     the payments that brought it, and what cannot, by hand.
//
// Who decides is never who asked.
type Request struct {
	ID          string
	CommunityID string
	RoomID      string
	Kind        string
	Status      string
	Active      string // the subject while it is open: one of a kind at a time
	Reason      string
	Text        string
	AmountFen   models.Fen
	PayOn       models.Date
	Parts       string // JSON of [RequestPart]
	Frozen      bool
	BreakDays   int
	AskedKind   string
	AskedID     string
	AskedName   string
	DecidedKind string
	DecidedID   string
	DecidedName string
	Note        string
	CreatedAt   models.Time
	DecidedAt   models.Time
	BillIDs     []string `gorm:"-"` // in the table request_bills
}

// RequestPart is a part of an instalment plan as it was asked for.
type RequestPart struct {
	DueOn     models.Date `json:"due_on"`
	AmountFen models.Fen  `json:"amount_fen"`
}

// Asked is who asked.
func (r *Request) Asked() models.Actor {
	return models.Actor{Kind: r.AskedKind, ID: r.AskedID, Name: r.AskedName}
}

// PartList reads Parts.
func (r *Request) PartList() ([]RequestPart, error) {
	var out []RequestPart
	if r.Parts == "" {
		return nil, nil
	}
	err := json.Unmarshal([]byte(r.Parts), &out)
	return out, err
}

// ErrRequestOpen says that the same was asked for already and is not decided yet.
var ErrRequestOpen = models.Refusal(models.KindConflict, "REQUEST_OPEN", "已有同类申请正在处理，请等待结果")

const requestColumns = `id, community_id, room_id, kind, status, active, reason, text, amount_fen, pay_on, parts, frozen, break_days,
	asked_kind, asked_id, asked_name, decided_kind, decided_id, decided_name, note, created_at, decided_at`

func (r *Request) dest() []any {
	return []any{&r.ID, &r.CommunityID, &r.RoomID, &r.Kind, &r.Status, &r.Active, &r.Reason, &r.Text, &r.AmountFen, &r.PayOn, &r.Parts, &r.Frozen, &r.BreakDays,
		&r.AskedKind, &r.AskedID, &r.AskedName, &r.DecidedKind, &r.DecidedID, &r.DecidedName, &r.Note, &r.CreatedAt, &r.DecidedAt}
}

// InsertRequest adds an open request; [ErrRequestOpen] if one of the kind is open
// for the same subject.
func InsertRequest(tx *store.Tx, r *Request) error {
	r.ID, r.Status, r.CreatedAt = models.NewID(), RequestOpen, tx.Now
	_, err := tx.Exec("INSERT INTO requests ("+requestColumns+") VALUES ("+store.Placeholders(22)+")", r.ID, r.CommunityID, r.RoomID, r.Kind, r.Status, r.Active, r.Reason, r.Text,
		r.AmountFen, r.PayOn, r.Parts, r.Frozen, r.BreakDays, r.AskedKind, r.AskedID, r.AskedName, "", "", "", "", r.CreatedAt, models.Time{})
	if err != nil && tx.IsDuplicate(err) {
		return ErrRequestOpen
	}
	if err != nil || len(r.BillIDs) == 0 {
		return err
	}
	rows := make([][]any, len(r.BillIDs))
	for i, id := range r.BillIDs {
		rows[i] = []any{r.ID, id}
	}
	_, err = tx.InsertRows(false, "request_bills", "request_id, bill_id", rows)
	return err
}

// LockRequest reads a request with its bills for a decision.
func LockRequest(tx *store.Tx, id string) (Request, error) {
	var r Request
	if err := tx.QueryRow(r.dest(), "SELECT "+requestColumns+" FROM requests WHERE id = ?"+store.ForUpdate, id); err != nil {
		return r, err
	}
	return r, requestBills(tx, []*Request{&r})
}

// RequestByID finds a request with its bills.
func RequestByID(tx *store.Tx, id string) (Request, error) {
	list, err := requests(tx, "SELECT "+requestColumns+" FROM requests WHERE id = ?", id)
	if err == nil && len(list) == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return Request{}, err
	}
	return list[0], nil
}

// DecideRequest moves an open request to approved or rejected; false if somebody
// else was quicker.
func DecideRequest(tx *store.Tx, r *Request, status, note string, by models.Actor) (bool, error) {
	ok, err := tx.ExecGuarded(`UPDATE requests SET status = ?, active = id, note = ?, decided_kind = ?, decided_id = ?, decided_name = ?, decided_at = ?
		WHERE id = ? AND status = 'open'`, status, note, by.Kind, by.ID, by.Name, tx.Now, r.ID)
	if err != nil || !ok {
		return ok, err
	}
	r.Status, r.Active, r.Note, r.DecidedKind, r.DecidedID, r.DecidedName, r.DecidedAt = status, r.ID, note, by.Kind, by.ID, by.Name, tx.Now
	return true, nil
}

func requests(tx *store.Tx, query string, args ...any) ([]Request, error) {
	var out []Request
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, Request{})
		return scan(out[len(out)-1].dest()...)
	}, query, args...)
	if err != nil {
		return nil, err
	}
	list := make([]*Request, len(out))
	for i := range out {
		list[i] = &out[i]
	}
	return out, requestBills(tx, list)
}

// requestBills fills in which bills the requests are about.
func requestBills(tx *store.Tx, list []*Request) error {
	if len(list) == 0 {
		return nil
	}
	byID := make(map[string]*Request, len(list))
	ids := make([]string, len(list))
	for i, r := range list {
		byID[r.ID], ids[i] = r, r.ID
	}
	return tx.QueryRows(func(scan func(...any) error) error {
		var request, bill string
		if err := scan(&request, &bill); err != nil {
			return err
		}
		byID[request].BillIDs = append(byID[request].BillIDs, bill)
		return nil
	}, "SELECT request_id, bill_id FROM request_bills WHERE request_id IN ("+store.Placeholders(len(ids))+") ORDER BY request_id, bill_id", store.Args(ids)...)
}
