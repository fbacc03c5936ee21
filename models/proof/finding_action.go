package proof

import (
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// What staff may ask to have booked of a finding.
const (
	AskSurplus  = "surplus"  // into a room's prepayment
	AskSuspense = "suspense" // into suspense
)

// FindingByID finds a finding.
func FindingByID(tx *store.Tx, id string) (Finding, error) { return finding(tx, id, "") }

// LockFinding reads a finding for its next step.
func LockFinding(tx *store.Tx, id string) (Finding, error) { return finding(tx, id, store.ForUpdate) }

func finding(tx *store.Tx, id, lock string) (Finding, error) {
	held := ""
	if err := tx.QueryRow([]any{&held}, "SELECT id FROM findings WHERE id = ?"+lock, id); err != nil {
		return Finding{}, err
	}
	var f Finding
	return f, tx.Gorm().Where("id = ?", id).Take(&f).Error
}

// AskFinding keeps that staff want the money of an open finding booked, until a
// second person decides; false if it is not open, or something is asked already.
func AskFinding(tx *store.Tx, by models.Actor, id, action, roomID, reason string) (bool, error) {
	ok, err := tx.ExecGuarded(`UPDATE findings SET asked_action = ?, asked_room_id = ?, asked_id = ?, asked_name = ?, asked_at = ?, reason = ?
		WHERE id = ? AND resolution = 'open' AND asked_action = ''`, action, roomID, by.ID, by.Name, tx.Now, reason, id)
	if err != nil || !ok {
		return ok, err
	}
	return true, office.Audit(tx, by, "finding.asked_"+action, "finding", id, map[string]string{"reason": reason, "room": roomID})
}

// RefuseFinding takes back what was asked; false if nothing waits any more.
func RefuseFinding(tx *store.Tx, by models.Actor, id string) (bool, error) {
	ok, err := tx.ExecGuarded(`UPDATE findings SET asked_action = '', asked_room_id = '', asked_id = '', asked_name = '', asked_at = 0, reason = ''
		WHERE id = ? AND resolution = 'open' AND asked_action <> ''`, id)
	if err != nil || !ok {
		return ok, err
	}
	return true, office.Audit(tx, by, "finding.refused", "finding", id, nil)
}

// TransactionBooked tells whether a transaction of WeChat's is money in our books:
// a payment, or booked from a finding.
func TransactionBooked(tx *store.Tx, id string) (bool, error) {
	n := 0
	err := tx.QueryRow([]any{&n}, `SELECT (SELECT COUNT(*) FROM payments WHERE transaction_id = ?) + (SELECT COUNT(*) FROM finding_bookings WHERE transaction_id = ?)`, id, id)
	return n > 0, err
}

// FindingFilter says which findings a list wants.
type FindingFilter struct {
	Open     bool
	Merchant string
	Kind     string
	After    string // the id of the last of the page before
	Limit    int
}

// FindingPage gives findings of all days, oldest first.
func FindingPage(tx *store.Tx, f FindingFilter) ([]Finding, error) {
	q := tx.Gorm().Order("id").Limit(f.Limit)
	if f.Open {
		q = q.Where("resolution = 'open'")
	}
	if f.Merchant != "" {
		q = q.Where("merchant = ?", f.Merchant)
	}
	if f.Kind != "" {
		q = q.Where("kind = ?", f.Kind)
	}
	if f.After != "" {
		q = q.Where("id > ?", f.After)
	}
	var out []Finding
	return out, q.Find(&out).Error
}

// AgeBand is the open findings that have been open for some days.
type AgeBand struct {
	From, To int // days, both included; To 0: and more
	Count    int
	SumFen   models.Fen // of the larger side of each
}

// FindingAges puts the open findings into bands of days since they were found. The
// bounds are the first days of each band but the first, ascending.
func FindingAges(tx *store.Tx, bounds ...int) ([]AgeBand, error) {
	bands := make([]AgeBand, len(bounds)+1)
	for i, b := range bounds {
		bands[i].To, bands[i+1].From = b-1, b
	}
	today := tx.Today()
	err := tx.QueryRows(func(scan func(...any) error) error {
		var found models.Time
		var ours, theirs models.Fen
		if err := scan(&found, &ours, &theirs); err != nil {
			return err
		}
		days, at := int(today-found.Date()), 0
		for at < len(bounds) && days >= bounds[at] {
			at++
		}
		bands[at].Count++
		bands[at].SumFen = bands[at].SumFen.Plus(max(ours, -ours, theirs, -theirs))
		return nil
	}, "SELECT created_at, ours_fen, theirs_fen FROM findings WHERE resolution = 'open'")
	return bands, err
}
