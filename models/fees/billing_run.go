package fees

import (
	"errors"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// States of a [BillingRun].
const (
	RunDrafting   = "drafting"   // being computed for staff to look at
	RunDraft      = "draft"      // ready to be looked at and published
	RunPublishing = "publishing" // bills are being issued
	RunChanged    = "changed"    // stopped: what is to be issued is no longer what was looked at
	RunPublished  = "published"  // done
	RunDiscarded  = "discarded"  // given up before it was published
)

// BillingRun is a 账单批次: the billing of a community for a period. While it is a
// draft no bill exists: the bills are computed, added up and forgotten, and computed
// again, and held against the draft's digests, when it is published. AfterKey is how
// far the step under way has got; RoomsDone of RoomsTotal is the progress.
type BillingRun struct {
	ID            string
	CommunityID   string
	Period        string  // 2026-03
	Status        string  // RunDrafting …
	OpenKey       *string // community and period until the run is finished: one at a time
	CatchUp       bool
	AtOnce        bool // published without a draft
	AfterKey      string
	RoomsTotal    int
	RoomsDone     int
	Batches       int // parts that the draft consists of
	BatchesIssued int
	Bills         int // of the draft
	PrincipalFen  models.Fen
	IssuedBills   int
	IssuedFen     models.Fen
	OffsetFen     models.Fen // of IssuedFen, paid from prepayment at once
	Billed        int        // items passed over because their days are billed already
	Items         string     // JSON: totals by fee item
	Oddities      string     // JSON: how many of each kind
	Note          string     // why it stopped, for staff
	MadeKind      string
	MadeID        string
	MadeName      string
	IssuedKind    string
	IssuedID      string
	IssuedName    string
	CreatedAt     models.Time
	DraftedAt     models.Time
	PublishedAt   models.Time
	UpdatedAt     models.Time
}

// MadeBy is who asked for the run.
func (r *BillingRun) MadeBy() models.Actor {
	return models.Actor{Kind: r.MadeKind, ID: r.MadeID, Name: r.MadeName}
}

// IssuedBy is who published it; without a kind: nobody yet.
func (r *BillingRun) IssuedBy() models.Actor {
	return models.Actor{Kind: r.IssuedKind, ID: r.IssuedID, Name: r.IssuedName}
}

// SetIssuedBy notes who publishes it.
func (r *BillingRun) SetIssuedBy(by models.Actor) {
	r.IssuedKind, r.IssuedID, r.IssuedName = by.Kind, by.ID, by.Name
}

const runColumns = `id, community_id, period, status, open_key, catch_up, at_once, after_key, rooms_total, rooms_done, batches, batches_issued,
	bills, principal_fen, issued_bills, issued_fen, offset_fen, billed, items, oddities, note, made_kind, made_id, made_name,
	issued_kind, issued_id, issued_name, created_at, drafted_at, published_at, updated_at`

func (r *BillingRun) dest() []any {
	return []any{&r.ID, &r.CommunityID, &r.Period, &r.Status, &r.OpenKey, &r.CatchUp, &r.AtOnce, &r.AfterKey, &r.RoomsTotal, &r.RoomsDone,
		&r.Batches, &r.BatchesIssued, &r.Bills, &r.PrincipalFen, &r.IssuedBills, &r.IssuedFen, &r.OffsetFen, &r.Billed, &r.Items, &r.Oddities,
		&r.Note, &r.MadeKind, &r.MadeID, &r.MadeName, &r.IssuedKind, &r.IssuedID, &r.IssuedName, &r.CreatedAt, &r.DraftedAt, &r.PublishedAt, &r.UpdatedAt}
}

func runs(tx *store.Tx, query string, args ...any) ([]BillingRun, error) {
	var out []BillingRun
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, BillingRun{})
		return scan(out[len(out)-1].dest()...)
	}, query, args...)
	return out, err
}

func oneRun(tx *store.Tx, query string, args ...any) (BillingRun, error) {
	list, err := runs(tx, query, args...)
	if err == nil && len(list) == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return BillingRun{}, err
	}
	return list[0], nil
}

// InsertRun adds a run; the community must have no other one open for the period,
// or the answer is false.
func InsertRun(tx *store.Tx, by models.Actor, r *BillingRun) (bool, error) {
	key := r.CommunityID + "/" + r.Period
	r.ID, r.OpenKey, r.CreatedAt, r.UpdatedAt = models.NewID(), &key, tx.Now, tx.Now
	r.MadeKind, r.MadeID, r.MadeName = by.Kind, by.ID, by.Name
	if _, err := OpenRun(tx, r.CommunityID, r.Period); !errors.Is(err, models.ErrNotFound) {
		return false, err
	}
	if err := tx.QueryRow([]any{&r.RoomsTotal}, "SELECT COUNT(*) FROM rooms WHERE community_id = ?", r.CommunityID); err != nil {
		return false, err
	}
	if err := tx.Create(r); err != nil {
		if tx.IsDuplicate(err) { // another one was made in this moment
			return false, nil
		}
		return false, err
	}
	return true, office.Audit(tx, by, "billing_run.made", "billing_run", r.ID, map[string]any{"period": r.Period, "at_once": r.AtOnce, "catch_up": r.CatchUp})
}

// OpenRun finds the unfinished run of a community for a period.
func OpenRun(tx *store.Tx, communityID, period string) (BillingRun, error) {
	return oneRun(tx, "SELECT "+runColumns+" FROM billing_runs WHERE open_key = ?", communityID+"/"+period)
}

// RunByID finds a run.
func RunByID(tx *store.Tx, id string) (BillingRun, error) {
	return oneRun(tx, "SELECT "+runColumns+" FROM billing_runs WHERE id = ?", id)
}

// LockRun reads a run for its next step. Whoever locks the community as well locks
// the run first.
func LockRun(tx *store.Tx, id string) (BillingRun, error) {
	return oneRun(tx, "SELECT "+runColumns+" FROM billing_runs WHERE id = ?"+store.ForUpdate, id)
}

// UpdateRun writes a run that was read with a lock, as it stands after a step. A
// finished run frees its community and period.
func UpdateRun(tx *store.Tx, r *BillingRun) error {
	if r.Status == RunPublished || r.Status == RunDiscarded {
		r.OpenKey = nil
	}
	r.UpdatedAt = tx.Now
	// Not guarded by the number of rows: a step of the same millisecond that adds
	// nothing changes nothing, and the row is locked.
	_, err := tx.Exec(`UPDATE billing_runs SET status = ?, open_key = ?, after_key = ?, rooms_done = ?, batches = ?, batches_issued = ?, bills = ?,
		principal_fen = ?, issued_bills = ?, issued_fen = ?, offset_fen = ?, billed = ?, items = ?, oddities = ?, note = ?,
		issued_kind = ?, issued_id = ?, issued_name = ?, drafted_at = ?, published_at = ?, updated_at = ? WHERE id = ?`,
		r.Status, r.OpenKey, r.AfterKey, r.RoomsDone, r.Batches, r.BatchesIssued, r.Bills, r.PrincipalFen, r.IssuedBills, r.IssuedFen, r.OffsetFen,
		r.Billed, r.Items, r.Oddities, r.Note, r.IssuedKind, r.IssuedID, r.IssuedName, r.DraftedAt, r.PublishedAt, r.UpdatedAt, r.ID)
	return err
}

// UnfinishedRuns gives the runs that somebody has to work on, oldest first: those
// that a process began and did not finish are among them.
func UnfinishedRuns(tx *store.Tx) ([]BillingRun, error) {
	return runs(tx, "SELECT "+runColumns+" FROM billing_runs WHERE status IN ('drafting','publishing') ORDER BY id")
}

// RunFilter chooses runs for staff, newest first.
type RunFilter struct {
	CommunityID string // empty: all
	After       string // id of the last one seen
	Limit       int
}

// BillingRuns gives a page of runs, newest first.
func BillingRuns(tx *store.Tx, f RunFilter) ([]BillingRun, error) {
	q, args := "SELECT "+runColumns+" FROM billing_runs WHERE 1 = 1", []any{}
	if f.CommunityID != "" {
		q, args = q+" AND community_id = ?", append(args, f.CommunityID)
	}
	if f.After != "" {
		q, args = q+" AND id < ?", append(args, f.After)
	}
	return runs(tx, q+" ORDER BY id DESC LIMIT ?", append(args, f.Limit)...)
}
