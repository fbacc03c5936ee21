package fees

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Kinds of [Charge].
const (
	ChargeShared = "shared"  // 公摊: a total divided over rooms
	ChargeOneOff = "one_off" // 一次性收费: an amount for each room
)

// States of a [Charge].
const (
	ChargeIssuing = "issuing" // its bills are being issued
	ChargeIssued  = "issued"
	ChargeVoiding = "voiding" // its bills are being made void
	ChargeVoid    = "void"
)

// Ways to divide a shared cost.
const (
	ShareByArea      = "area"
	ShareByHousehold = "household"
)

// Charge is a 公摊 or a 一次性收费: each room that takes part gets a bill. TotalFen is
// what the lines add up to. NextSeq is the line that the work under way comes to next:
// a step issues or voids a number of bills and notes here where the next one begins.
//
// VoidAsked asked for its bills to be made void, for VoidReason; another person,
// VoidApproved, has to approve. Both are without a kind while nobody has.
//
// OpenKey names what may be charged once until it is void, for example an item, a
// period and a building; it is unique.
type Charge struct {
	ID           string
	CommunityID  string
	Kind         string
	Item         string
	PeriodStart  models.Date
	PeriodEnd    models.Date
	TotalFen     models.Fen
	ShareBy      string
	Scope        string
	ScopeText    string
	OccupiedOnly bool
	Reason       string
	DueOn        models.Date
	LateRate     string
	GraceDays    int
	LateCap      string
	Rooms        int
	NextSeq      int
	Status       string
	OpenKey      *string
	MadeBy       models.Actor `gorm:"embedded;embeddedPrefix:made_"`
	VoidReason   string
	VoidAsked    models.Actor `gorm:"embedded;embeddedPrefix:void_"`
	VoidApproved models.Actor `gorm:"embedded;embeddedPrefix:approved_"`
	CreatedAt    models.Time
	UpdatedAt    models.Time
}

var chargeTable = store.NewTable[Charge]("charges")

// ErrChargedAlready says that the same was charged before and is not void.
var ErrChargedAlready = models.Refusal(models.KindConflict, "CHARGED_ALREADY",
	"同一项目、同一账期、同一范围已经收过，不能重复出账；如需重出，请先作废原来的账单")

// InsertCharge adds a charge with its lines. The same one again is
// [ErrChargedAlready].
func InsertCharge(tx *store.Tx, by models.Actor, c *Charge, lines []ChargeLine) (err error) {
	if c.Item, err = estate.KeepItem(tx, c.CommunityID, c.Item); err != nil {
		return err
	}
	c.MadeBy, c.CreatedAt, c.UpdatedAt = by, tx.Now, tx.Now
	if err := store.G[Charge](tx).Create(tx.Context(), c); err != nil {
		if tx.IsDuplicate(err) {
			return ErrChargedAlready
		}
		return err
	}
	for i := range lines {
		lines[i].ChargeID = c.ID
	}
	if err := chargeLineTable.Insert(tx, lines...); err != nil {
		return err
	}
	return office.Audit(tx, by, "charge."+c.Kind, "charge", c.ID, map[string]any{"item": c.Item,
		"period": c.PeriodStart.String() + ".." + c.PeriodEnd.String(), "total_fen": c.TotalFen, "rooms": c.Rooms})
}

// ChargeByID returns a charge.
func ChargeByID(tx *store.Tx, id string) (Charge, error) {
	return store.G[Charge](tx).Where("id = ?", id).Take(tx.Context())
}

// LockCharge reads a charge for its next step.
func LockCharge(tx *store.Tx, id string) (Charge, error) {
	return chargeTable.Row(tx, "WHERE id = ?"+store.ForUpdate, id)
}

var updateCharge = chargeTable.Update(`status, open_key, next_seq, void_reason, void_kind, void_id, void_name,
	approved_kind, approved_id, approved_name, updated_at`, "id = ?")

// UpdateCharge writes how far a charge that was read with a lock has got, and who
// asked for it to be void. A void charge frees its key: the same may be charged again.
func UpdateCharge(tx *store.Tx, c *Charge) error {
	if c.Status == ChargeVoid {
		c.OpenKey = nil
	}
	c.UpdatedAt = tx.Now
	_, err := updateCharge.Guarded(tx, c, c.ID) // the row is locked; see UpdateRun
	return err
}

// Charges returns a page of charges of a kind, newest first; after is the id of the
// last one seen.
func Charges(tx *store.Tx, kind, after string, limit int) ([]Charge, error) {
	q := store.G[Charge](tx).Where("kind = ?", kind).Order("id DESC").Limit(limit)
	if after != "" {
		q = q.Where("id < ?", after)
	}
	return q.Find(tx.Context())
}

// UnfinishedCharges returns the charges whose bills are being issued or made void,
// oldest first.
func UnfinishedCharges(tx *store.Tx) ([]Charge, error) {
	return store.G[Charge](tx).Where("status IN ?", []string{ChargeIssuing, ChargeVoiding}).Order("id").Find(tx.Context())
}
