package fees

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// States of a [Bill]. A bill is paid when neither principal nor late fee is owed.
const (
	BillUnpaid  = "unpaid"
	BillPartial = "partial"
	BillPaid    = "paid"
	BillVoid    = "void"
)

// Where a bill came from.
const (
	SourceImport = "import" // opening arrears of a file
	SourceRun    = "run"    // a billing run
	SourceShared = "shared" // a shared cost
	SourceOneOff = "one_off"
	SourceSlip   = "slip" // a slip of paid work that the owner signed
)

// Bill is one room x fee item x period. Amounts are fen; the dates are explained in
// the package comment.
//
// OwnerID is who owes it; empty is the owner of the room at the time. The late-fee
// rule is frozen at issue: a new tariff never changes an issued bill. A milder default
// rule may, by an entry of two persons.
//
// PrincipalFen is what was charged and DiscountFen what of it was given up, so that
// their difference is to be paid. OpeningPaidFen is what had been paid before the bill
// was imported; it is part of PaidPrincipalFen, and late fee never accrues on it.
type Bill struct {
	ID               string
	CommunityID      string
	RoomID           string
	OwnerID          string
	Item             string
	PeriodStart      models.Date
	PeriodEnd        models.Date
	IssuedOn         models.Date
	DueOn            models.Date
	Status           string
	PrincipalFen     models.Fen
	DiscountFen      models.Fen
	OpeningPaidFen   models.Fen
	PaidPrincipalFen models.Fen
	PaidLateFeeFen   models.Fen
	WaivedLateFeeFen models.Fen
	LateRate         string
	GraceDays        int
	LateCap          string
	Basis            string // JSON: how the principal was computed
	TariffID         string
	Source           string
	BatchID          string // what issued it: a billing run, a charge or a slip; empty for imports
	Disputed         bool
	VoidSeq          int    // 0, or for a void bill its number among those of one room, item and period
	EntryCount       int    // number of its [BillEntry] rows; 0: nothing but money ever changed it
	PlanID           string // the last instalment plan it was put into, or empty
	CreatedAt        models.Time
	UpdatedAt        models.Time
}

// BillTable keeps bills. A billing run inserts them by the full statement.
var BillTable = store.NewTable[Bill]("bills").HotFull()

// OutstandingFen returns the principal still owed, in fen. A void bill owes nothing.
func (b *Bill) OutstandingFen() models.Fen {
	if b.Status == BillVoid {
		return 0
	}
	return b.PrincipalFen - b.DiscountFen - b.PaidPrincipalFen
}

// SettledFen returns a number that grows by what is settled of the bill, whether by
// money, waiver, discount or correction. Only differences of it mean something: a plan
// keeps it when it is made, to know later how much was settled since.
func (b *Bill) SettledFen() models.Fen {
	return b.PaidPrincipalFen + b.PaidLateFeeFen + b.WaivedLateFeeFen + b.DiscountFen - b.PrincipalFen
}

// LateRule returns the rule that the bill was issued with.
func (b *Bill) LateRule() (estate.LateRule, error) {
	return estate.ParseLateRule(b.LateRate, b.GraceDays, b.LateCap)
}

// RuleText returns the rule of the bill as an entry keeps it: rate;grace;cap.
func (b *Bill) RuleText() string { return fmt.Sprintf("%s;%d;%s", b.LateRate, b.GraceDays, b.LateCap) }

// SetRuleText sets the rule of the bill to that of an entry.
func (b *Bill) SetRuleText(text string) error {
	rule, err := RuleOfText(text)
	if err == nil {
		b.SetLateRule(rule)
	}
	return err
}

// RuleOfText returns the rule that [Bill.RuleText] was made of.
func RuleOfText(text string) (estate.LateRule, error) {
	part := strings.Split(text, ";")
	if len(part) != 3 {
		return estate.LateRule{}, fmt.Errorf("fees: %q is no late-fee rule", text)
	}
	grace, err := strconv.Atoi(part[1])
	if err != nil {
		return estate.LateRule{}, fmt.Errorf("fees: late-fee rule %q: %w", text, err)
	}
	return estate.ParseLateRule(part[0], grace, part[2])
}

// SetLateRule freezes a rule into a new bill, or into one whose rule is corrected.
func (b *Bill) SetLateRule(r estate.LateRule) {
	b.LateRate, b.GraceDays, b.LateCap = r.Rate.String(), r.GraceDays, r.CapText()
}

// BillByID returns a bill.
func BillByID(tx *store.Tx, id string) (Bill, error) { return BillTable.Row(tx, "WHERE id = ?", id) }

// BillsByIDs returns bills by their ids; one that does not exist is missing.
func BillsByIDs(tx *store.Tx, ids []string) (map[string]Bill, error) {
	list, err := store.RowsIn[Bill](tx, ids, nil, BillTable.Select("WHERE id (IN)"))
	if err != nil {
		return nil, err
	}
	return store.Index(list, func(b *Bill) string { return b.ID }), nil
}

// InsertBills adds bills. With ignore, bills that exist already (the same room,
// item and period) are left as they are; the result is the number added. The item of each
// becomes the one that its community keeps, so that the unique key knows a bill in any
// spelling.
func InsertBills(tx *store.Tx, bills []Bill, ignore bool) (int64, error) {
	if err := keepItems(tx, bills); err != nil {
		return 0, err
	}
	if ignore {
		return BillTable.InsertNew(tx, bills...)
	}
	if err := BillTable.Insert(tx, bills...); err != nil {
		return 0, err
	}
	return int64(len(bills)), nil
}

// keepItems is one statement for each community of the bills, which is one in a billing run.
func keepItems(tx *store.Tx, bills []Bill) error {
	items := map[string][]string{}
	for _, b := range bills {
		if !slices.Contains(items[b.CommunityID], b.Item) {
			items[b.CommunityID] = append(items[b.CommunityID], b.Item)
		}
	}
	names := map[string]estate.ItemNames{}
	for _, id := range slices.Sorted(maps.Keys(items)) {
		var err error
		if names[id], err = estate.KeepItems(tx, id, items[id]...); err != nil {
			return err
		}
	}
	for i := range bills {
		b := &bills[i]
		b.Item = names[b.CommunityID].Of(b.Item)
	}
	return nil
}

// SetBillOwner writes who owes a bill that was read with a lock. It returns
// [estate.ErrBillMoved] if owner or status is no longer what was read.
func SetBillOwner(tx *store.Tx, b *Bill, ownerID string) error {
	ok, err := tx.ExecGuarded("UPDATE bills SET owner_id = ?, updated_at = ? WHERE id = ? AND owner_id = ? AND status = ?",
		ownerID, tx.Now, b.ID, b.OwnerID, b.Status)
	if err == nil && !ok {
		err = estate.ErrBillMoved
	}
	if err == nil {
		b.OwnerID = ownerID
	}
	return err
}
