package proof

import (
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Finding is a difference between WeChat's bill of a day and our books. OursFen and
// TheirsFen are the amounts of the two sides; one is 0 where that side has nothing. For
// example, a payment of 100 yuan whose callback was lost has OursFen 0 and TheirsFen
// 10000. TransactionID holds the number of the refund if the difference is in a refund.
//
// A run or staff resolve a finding; only one that had gone by itself can be open again.
// Booking its money takes two persons: the Asked fields hold what the first one asked
// for, until the second decides.
type Finding struct {
	ID            string
	Merchant      string
	BillOn        models.Date
	Kind          string
	OrderNo       string
	TransactionID string
	OursFen       models.Fen
	TheirsFen     models.Fen
	Resolution    string
	ResolvedBy    string
	ResolvedAt    models.Time
	CreatedAt     models.Time
	Evidence      string // JSON, see package payment: what each side says, without personal data
	Reason        string // of the person who resolved it, or asked to
	AskedAction   string // AskSurplus or AskSuspense; empty: nothing is asked
	AskedRoomID   string
	AskedID       string
	AskedName     string
	AskedAt       models.Time
}

var findingTable = store.NewTable[Finding]("findings")

// sameFinding is the unique key of a finding. Runs of a day may be repeated as often as
// needed; by this key each difference stays one finding.
const sameFinding = "merchant = ? AND bill_on = ? AND kind = ? AND order_no = ? AND transaction_id = ?"

var (
	reopenFinding = findingTable.Update(`ours_fen, theirs_fen, evidence, resolution, resolved_by, resolved_at,
		asked_action, asked_room_id, asked_id, asked_name, asked_at, reason`, sameFinding+" AND resolution = 'gone'")
	updateFinding = findingTable.Update("ours_fen, theirs_fen, evidence", sameFinding+" AND resolution = 'open' AND asked_action = ''")
)

// KeepFinding adds a finding of a run, and sets its ID and CreatedAt. fresh reports
// whether it is new. If an earlier run has stored the same finding:
//
//   - an open one takes the figures of this run, unless a booking of it is asked for: a
//     second person must decide on the figures that the first one saw;
//   - one that had gone ([ResolutionGone]) is open again, and fresh;
//   - one that was resolved otherwise stays as it is.
func KeepFinding(tx *store.Tx, f *Finding) (fresh bool, err error) {
	f.ID, f.CreatedAt = models.NewID(), tx.Now
	if f.Resolution != ResolutionOpen {
		f.ResolvedAt = tx.Now
	}
	err = store.G[Finding](tx).Create(tx.Context(), f)
	if err == nil {
		return true, nil
	}
	if !tx.IsDuplicate(err) {
		return false, err
	}
	key := []any{f.Merchant, f.BillOn, f.Kind, f.OrderNo, f.TransactionID}
	again := Finding{OursFen: f.OursFen, TheirsFen: f.TheirsFen, Evidence: f.Evidence, Resolution: ResolutionOpen}
	fresh, err = reopenFinding.Guarded(tx, &again, key...)
	if err != nil || fresh {
		return fresh, err
	}
	_, err = updateFinding.Guarded(tx, &again, key...)
	return false, err
}

var (
	resolveFinding    = findingTable.Update("resolution, resolved_by, resolved_at", "id = ? AND resolution = 'open'")
	resolveFindingFor = findingTable.Update("resolution, resolved_by, resolved_at, reason", "id = ? AND resolution = 'open'")
)

// ResolveFinding resolves an open finding and writes an audit entry. It returns false if
// the finding was not open. A booking that staff had asked for, and that was not yet
// approved, can no longer be approved.
func ResolveFinding(tx *store.Tx, by models.Actor, id, resolution string) (bool, error) {
	return resolve(tx, by, resolveFinding, id, resolution, "")
}

// ResolveFindingFor is [ResolveFinding] with the reason that staff entered. It replaces
// the reason of an earlier request.
func ResolveFindingFor(tx *store.Tx, by models.Actor, id, resolution, reason string) (bool, error) {
	return resolve(tx, by, resolveFindingFor, id, resolution, reason)
}

// resolve runs the guarded update and its audit entry. An actor without a name, such as
// the system, is stored by its kind, because a resolved finding must name somebody.
func resolve(tx *store.Tx, by models.Actor, update *store.Update[Finding], id, resolution, reason string) (bool, error) {
	name := by.Name
	if name == "" {
		name = by.Kind
	}
	ok, err := update.Guarded(tx, &Finding{Resolution: resolution, ResolvedBy: name, ResolvedAt: tx.Now, Reason: reason}, id)
	if err != nil || !ok {
		return ok, err
	}
	var detail any
	if reason != "" {
		detail = map[string]string{"reason": reason}
	}
	return true, office.Audit(tx, by, "finding."+resolution, "finding", id, detail)
}

// Key returns what distinguishes the findings of a merchant's day, as the unique key of
// the database does.
func (f *Finding) Key() string { return f.Kind + "\x00" + f.OrderNo + "\x00" + f.TransactionID }

// Findings returns the findings of a merchant's day, in the order they were found.
func Findings(tx *store.Tx, merchant string, on models.Date) ([]Finding, error) {
	return store.G[Finding](tx).Where("merchant = ? AND bill_on = ?", merchant, on).Order("created_at, id").Find(tx.Context())
}

// FirstFindings returns the first findings of a merchant's day, open ones before those
// that are settled.
func FirstFindings(tx *store.Tx, merchant string, on models.Date, limit int) ([]Finding, error) {
	return store.G[Finding](tx).Where("merchant = ? AND bill_on = ?", merchant, on).
		Order("CASE WHEN resolution = 'open' THEN 0 ELSE 1 END, created_at, id").Limit(limit).Find(tx.Context())
}

// FindingByID returns a finding, or [models.ErrNotFound].
func FindingByID(tx *store.Tx, id string) (Finding, error) {
	return store.G[Finding](tx).Where("id = ?", id).Take(tx.Context())
}

// LockFinding is [FindingByID] with a lock on the row until the transaction ends, so that
// two persons cannot decide on one finding at the same time.
func LockFinding(tx *store.Tx, id string) (Finding, error) {
	return findingTable.Row(tx, "WHERE id = ?"+store.ForUpdate, id)
}
