package proof

import (
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Finding is a difference between WeChat's bill of a day and our books. OursFen and
// TheirsFen are what each side holds; one is 0 where that side has nothing.
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
	Reason        string // of who resolved it, or asked to
	AskedAction   string // a booking that waits for a second person; empty: none
	AskedRoomID   string
	AskedID       string
	AskedName     string
	AskedAt       models.Time
}

var findingTable = store.NewTable[Finding]("findings")

// sameFinding is the unique key of a finding.
const sameFinding = "merchant = ? AND bill_on = ? AND kind = ? AND order_no = ? AND transaction_id = ?"

var (
	reopenFinding = findingTable.Update(`ours_fen, theirs_fen, evidence, resolution, resolved_by, resolved_at,
		asked_action, asked_room_id, asked_id, asked_name, asked_at, reason`, sameFinding+" AND resolution = 'gone'")
	updateFinding = findingTable.Update("ours_fen, theirs_fen, evidence", sameFinding+" AND resolution = 'open' AND asked_action = ''")
)

// KeepFinding adds a finding of a run; fresh reports that no run before has kept it. One
// that a run before has kept and that is resolved stays as it is. One that is still open
// takes the figures of this run, unless a second person is looking at them; one that had
// gone by itself is open again, and fresh.
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

// ResolveFinding moves an open finding to its end. It reports false if the finding was
// not open. What staff had asked for and nobody had approved is void with it.
func ResolveFinding(tx *store.Tx, by models.Actor, id, resolution string) (bool, error) {
	return resolve(tx, by, resolveFinding, id, resolution, "")
}

// ResolveFindingFor is ResolveFinding with the reason that staff gave.
func ResolveFindingFor(tx *store.Tx, by models.Actor, id, resolution, reason string) (bool, error) {
	return resolve(tx, by, resolveFindingFor, id, resolution, reason)
}

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

// Key tells findings of a merchant's day apart, as the database does.
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

// LockFinding returns a finding for its next step.
func LockFinding(tx *store.Tx, id string) (Finding, error) {
	return findingTable.Row(tx, "WHERE id = ?"+store.ForUpdate, id)
}
