package fees

import (
	"errors"

	"wuyepay/models"
	"wuyepay/models/estate"
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
//
// OpenKey is community and period until the run is finished. It is unique, so that a
// community has one run at a time for March 2026, while one for April can be open
// beside it.
type BillingRun struct {
	ID            string
	CommunityID   string
	Period        string // 2026-03
	Status        string // RunDrafting …
	OpenKey       *string
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
	OffsetFen     models.Fen   // of IssuedFen, paid from prepayment at once
	Billed        int          // items passed over because their days are billed already
	Gaps          string       // which unbilled days of before it bills besides: see billing/issuing
	Summary       string       // JSON: what became of the rooms
	Items         string       // JSON: totals by fee item
	Oddities      string       // JSON: how many of each kind
	Note          string       // why it stopped, for staff
	MadeBy        models.Actor `gorm:"embedded;embeddedPrefix:made_"`
	IssuedBy      models.Actor `gorm:"embedded;embeddedPrefix:issued_"` // without a kind: not published yet
	CreatedAt     models.Time
	DraftedAt     models.Time
	PublishedAt   models.Time
	UpdatedAt     models.Time
}

var runTable = store.NewTable[BillingRun]("billing_runs")

// InsertRun adds a run by an actor, and fills in its id, times and number of rooms. It
// returns false if the community has another one open for the period.
func InsertRun(tx *store.Tx, by models.Actor, r *BillingRun) (bool, error) {
	key := r.CommunityID + "/" + r.Period
	r.ID, r.OpenKey, r.MadeBy, r.CreatedAt, r.UpdatedAt = models.NewID(), &key, by, tx.Now, tx.Now
	if _, err := OpenRun(tx, r.CommunityID, r.Period); !errors.Is(err, models.ErrNotFound) {
		return false, err
	}
	rooms, err := RoomsToBill(tx, r.CommunityID)
	if err != nil {
		return false, err
	}
	r.RoomsTotal = rooms
	if err := store.G[BillingRun](tx).Create(tx.Context(), r); err != nil {
		if tx.IsDuplicate(err) { // another one was made in this moment
			return false, nil
		}
		return false, err
	}
	return true, office.Audit(tx, by, "billing_run.made", "billing_run", r.ID,
		map[string]any{"period": r.Period, "at_once": r.AtOnce, "catch_up": r.CatchUp})
}

// RoomsToBill returns how many rooms a run of the community looks at.
func RoomsToBill(tx *store.Tx, communityID string) (int, error) {
	n, err := store.G[estate.Room](tx).Where("community_id = ?", communityID).Count(tx.Context(), "*")
	return int(n), err
}

// OpenRun returns the unfinished run of a community for a period.
func OpenRun(tx *store.Tx, communityID, period string) (BillingRun, error) {
	return store.G[BillingRun](tx).Where("open_key = ?", communityID+"/"+period).Take(tx.Context())
}

// OpenRuns returns the runs of a community that are not finished, oldest first.
func OpenRuns(tx *store.Tx, communityID string) ([]BillingRun, error) {
	return store.G[BillingRun](tx).Where("community_id = ? AND open_key IS NOT NULL", communityID).Order("id").Find(tx.Context())
}

// RunByID returns a run.
func RunByID(tx *store.Tx, id string) (BillingRun, error) {
	return store.G[BillingRun](tx).Where("id = ?", id).Take(tx.Context())
}

// LockRun reads a run for its next step. A transaction that locks the community as
// well locks the run first.
func LockRun(tx *store.Tx, id string) (BillingRun, error) {
	return runTable.Row(tx, "WHERE id = ?"+store.ForUpdate, id)
}

var updateRun = runTable.Update(`status, open_key, after_key, rooms_done, batches, batches_issued, bills, principal_fen, issued_bills,
	issued_fen, offset_fen, billed, rooms_total, gaps, summary, items, oddities, note, issued_kind, issued_id, issued_name,
	drafted_at, published_at, updated_at`, "id = ?")

// UpdateRun writes a run that was read with a lock, as it stands after a step. A
// finished run frees its community and period.
func UpdateRun(tx *store.Tx, r *BillingRun) error {
	if r.Status == RunPublished || r.Status == RunDiscarded {
		r.OpenKey = nil
	}
	r.UpdatedAt = tx.Now
	// The number of rows says nothing: a step of the same millisecond that adds
	// nothing changes nothing, and the row is locked.
	_, err := updateRun.Guarded(tx, r, r.ID)
	return err
}

// UnfinishedRuns returns the runs that are at work, oldest first: those that a process
// began and did not finish are among them, so that the next one takes them up.
func UnfinishedRuns(tx *store.Tx) ([]BillingRun, error) {
	return store.G[BillingRun](tx).Where("status IN ?", []string{RunDrafting, RunPublishing}).Order("id").Find(tx.Context())
}

// RunFilter chooses runs for staff, newest first.
type RunFilter struct {
	CommunityID string // empty: all
	After       string // id of the last one seen
	Limit       int
}

// BillingRuns returns a page of runs, newest first.
func BillingRuns(tx *store.Tx, f RunFilter) ([]BillingRun, error) {
	q := store.G[BillingRun](tx).Order("id DESC").Limit(f.Limit)
	if f.CommunityID != "" {
		q = q.Where("community_id = ?", f.CommunityID)
	}
	if f.After != "" {
		q = q.Where("id < ?", f.After)
	}
	return q.Find(tx.Context())
}
