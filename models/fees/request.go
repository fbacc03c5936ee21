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
// Decided is never who Asked. Active is the subject (the room) while the request is
// open and its own id afterwards; kind and Active together are unique, so that a room
// has one open request of a kind, and any number of decided ones.
type Request struct {
	ID          string
	CommunityID string
	RoomID      string
	Kind        string
	Status      string
	Active      string
	Reason      string
	Text        string
	AmountFen   models.Fen
	PayOn       models.Date
	Parts       string // JSON of [RequestPart]
	Frozen      bool
	BreakDays   int
	Asked       models.Actor `gorm:"embedded;embeddedPrefix:asked_"`
	Decided     models.Actor `gorm:"embedded;embeddedPrefix:decided_"` // without a kind: not decided yet
	Note        string       // what the decider wrote
	CreatedAt   models.Time
	DecidedAt   models.Time
	BillIDs     []string `gorm:"-"` // in the table request_bills
}

// RequestPart is a part of an instalment plan as it was asked for.
type RequestPart struct {
	DueOn     models.Date `json:"due_on"`
	AmountFen models.Fen  `json:"amount_fen"`
}

// requestBill is that a request is about a bill.
type requestBill struct {
	RequestID string
	BillID    string
}

var (
	requestTable     = store.NewTable[Request]("requests")
	requestBillTable = store.NewTable[requestBill]("request_bills")
)

// PartList returns what Parts holds; nil for none.
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

// InsertRequest adds an open request with its bills, and fills in its id and time. It
// returns [ErrRequestOpen] if one of the kind is open for the same subject.
func InsertRequest(tx *store.Tx, r *Request) error {
	r.ID, r.Status, r.CreatedAt = models.NewID(), RequestOpen, tx.Now
	if err := store.G[Request](tx).Create(tx.Context(), r); err != nil {
		if tx.IsDuplicate(err) {
			return ErrRequestOpen
		}
		return err
	}
	bills := make([]requestBill, len(r.BillIDs))
	for i, id := range r.BillIDs {
		bills[i] = requestBill{r.ID, id}
	}
	return requestBillTable.Insert(tx, bills...)
}

// LockRequest reads a request with its bills for a decision.
func LockRequest(tx *store.Tx, id string) (Request, error) {
	r, err := requestTable.Row(tx, "WHERE id = ?"+store.ForUpdate, id)
	if err != nil {
		return r, err
	}
	return r, fillBills(tx, &r)
}

// RequestByID returns a request with its bills.
func RequestByID(tx *store.Tx, id string) (Request, error) {
	r, err := store.G[Request](tx).Where("id = ?", id).Take(tx.Context())
	if err != nil {
		return r, err
	}
	return r, fillBills(tx, &r)
}

var decideRequest = requestTable.Update(
	"status, active, note, decided_kind, decided_id, decided_name, decided_at", "id = ? AND status = 'open'")

// DecideRequest moves an open request to approved or rejected. It returns false if
// somebody else was quicker.
func DecideRequest(tx *store.Tx, r *Request, status, note string, by models.Actor) (bool, error) {
	decided := *r
	decided.Status, decided.Active, decided.Note, decided.Decided, decided.DecidedAt = status, r.ID, note, by, tx.Now
	ok, err := decideRequest.Guarded(tx, &decided, r.ID)
	if ok {
		*r = decided
	}
	return ok, err
}

// withBills fills in which bills the requests are about; err is of the query that
// found them.
func withBills(tx *store.Tx, list []Request, err error) ([]Request, error) {
	if err != nil {
		return nil, err
	}
	all := make([]*Request, len(list))
	for i := range list {
		all[i] = &list[i]
	}
	return list, fillBills(tx, all...)
}

func fillBills(tx *store.Tx, list ...*Request) error {
	byID := make(map[string]*Request, len(list))
	ids := make([]string, len(list))
	for i, r := range list {
		byID[r.ID], ids[i] = r, r.ID
	}
	return store.EachIn(tx, ids, func(b *requestBill) error {
		r := byID[b.RequestID]
		r.BillIDs = append(r.BillIDs, b.BillID)
		return nil
	}, nil, requestBillTable.Select("WHERE request_id (IN) ORDER BY request_id, bill_id"))
}
