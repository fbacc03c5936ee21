package proof

import (
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Finding is a difference between WeChat's bill and ours.
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

// KeepFinding adds a finding of a run; fresh tells that no run before has kept it.
// One that a run before has kept and somebody has resolved stays as it is. One that
// is still open takes the figures of this run, unless a second person is looking at
// them; one that had gone by itself is open again, and fresh.
func KeepFinding(tx *store.Tx, f *Finding) (fresh bool, err error) {
	f.ID, f.CreatedAt = models.NewID(), tx.Now
	if f.Resolution != ResolutionOpen {
		f.ResolvedAt = tx.Now
	}
	err = tx.Create(f)
	if err == nil {
		return true, nil
	}
	if !tx.IsDuplicate(err) {
		return false, err
	}
	key := []any{f.OursFen, f.TheirsFen, f.Evidence, f.Merchant, f.BillOn, f.Kind, f.OrderNo, f.TransactionID}
	const same = " WHERE merchant = ? AND bill_on = ? AND kind = ? AND order_no = ? AND transaction_id = ?"
	fresh, err = tx.ExecGuarded(`UPDATE findings SET ours_fen = ?, theirs_fen = ?, evidence = ?, resolution = 'open', resolved_by = '', resolved_at = 0,
		asked_action = '', asked_room_id = '', asked_id = '', asked_name = '', asked_at = 0, reason = ''`+same+" AND resolution = 'gone'", key...)
	if err != nil || fresh {
		return fresh, err
	}
	_, err = tx.ExecGuarded("UPDATE findings SET ours_fen = ?, theirs_fen = ?, evidence = ?"+same+" AND resolution = 'open' AND asked_action = ''", key...)
	return false, err
}

// ResolveFinding moves an open finding to its end; false if it was not open. What
// staff had asked for and nobody had approved is forgotten with it.
func ResolveFinding(tx *store.Tx, by models.Actor, id, resolution string) (bool, error) {
	return resolveFinding(tx, by, id, resolution, "", "")
}

// ResolveFindingFor is ResolveFinding with the reason that staff gave.
func ResolveFindingFor(tx *store.Tx, by models.Actor, id, resolution, reason string) (bool, error) {
	return resolveFinding(tx, by, id, resolution, ", reason = ?", reason)
}

func resolveFinding(tx *store.Tx, by models.Actor, id, resolution, set, reason string) (bool, error) {
	name := by.Name
	if name == "" {
		name = by.Kind
	}
	args := []any{resolution, name, tx.Now}
	if set != "" {
		args = append(args, reason)
	}
	ok, err := tx.ExecGuarded("UPDATE findings SET resolution = ?, resolved_by = ?, resolved_at = ?"+set+" WHERE id = ? AND resolution = 'open'", append(args, id)...)
	if err != nil || !ok {
		return ok, err
	}
	var detail any
	if reason != "" {
		detail = map[string]string{"reason": reason}
	}
	return true, office.Audit(tx, by, "finding."+resolution, "finding", id, detail)
}

// Findings gives the findings of a merchant's day, in the order they were found.
func Findings(tx *store.Tx, merchant string, on models.Date) ([]Finding, error) {
	var out []Finding
	err := tx.Gorm().Where("merchant = ? AND bill_on = ?", merchant, on).Order("created_at, id").Find(&out).Error
	return out, err
}

// OpenFindings counts the open findings by kind, for metrics and dashboard.
func OpenFindings(tx *store.Tx) (map[string]int64, error) {
	out := map[string]int64{}
	err := tx.QueryRows(func(scan func(...any) error) error {
		var kind string
		var n int64
		err := scan(&kind, &n)
		out[kind] = n
		return err
	}, "SELECT kind, COUNT(*) FROM findings WHERE resolution = 'open' GROUP BY kind")
	return out, err
}

// Key tells findings of a merchant's day apart, as the database does.
func (f *Finding) Key() string { return f.Kind + "\x00" + f.OrderNo + "\x00" + f.TransactionID }

// FirstFindings gives the first findings of a merchant's day, open ones before
// those that are settled.
func FirstFindings(tx *store.Tx, merchant string, on models.Date, limit int) ([]Finding, error) {
	var out []Finding
	err := tx.Gorm().Where("merchant = ? AND bill_on = ?", merchant, on).
		Order("CASE WHEN resolution = 'open' THEN 0 ELSE 1 END, created_at, id").Limit(limit).Find(&out).Error
	return out, err
}

// FindingCount is how many findings a merchant's day has, and how many of them
// are open.
type FindingCount struct {
	Merchant string
	BillOn   models.Date
	All      int
	Open     int
}

// FindingCounts counts the findings of the days between two dates, both included.
// Days without findings are missing.
func FindingCounts(tx *store.Tx, from, to models.Date) ([]FindingCount, error) {
	var out []FindingCount
	err := tx.QueryRows(func(scan func(...any) error) error {
		var c FindingCount
		if err := scan(&c.Merchant, &c.BillOn, &c.All, &c.Open); err != nil {
			return err
		}
		out = append(out, c)
		return nil
	}, `SELECT merchant, bill_on, COUNT(*), SUM(CASE WHEN resolution = 'open' THEN 1 ELSE 0 END) FROM findings
		WHERE bill_on BETWEEN ? AND ? GROUP BY merchant, bill_on`, from, to)
	return out, err
}

// OldestOpenFinding is the first day that has an open finding; no date if none has.
func OldestOpenFinding(tx *store.Tx) (models.Date, error) {
	var on models.Date
	err := tx.QueryRow([]any{&on}, "SELECT COALESCE(MIN(bill_on), '') FROM findings WHERE resolution = 'open'")
	return on, err
}
