package estate

import (
	"errors"
	"fmt"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// States of a [LateRuleChange]. A request is decided once: approved or refused.
const (
	LateRuleRequested = "requested"
	LateRuleApproved  = "approved"
	LateRuleRefused   = "refused"
)

// LateRuleChange is a change of the default late-fee rule of a community. Once it is
// approved, bills without a rule of a tariff that are issued or imported from FromOn on
// take it: see [LateRuleOn]. With OpenBills it also counts for imported bills that are
// open then, as far as it is milder than theirs; WorkedTo and Done say how far that has
// come, Changed how many bills it was.
//
// Asked is who asked, Decided who approved or refused, zero until then: two persons.
// OpenKey is the community while the request is undecided, so that there is one at a
// time.
type LateRuleChange struct {
	ID          string
	CommunityID string
	LateRate    string
	GraceDays   int
	LateCap     string
	FromOn      models.Date
	OpenBills   bool
	Reason      string
	Status      string
	OpenKey     *string
	Asked       models.Actor `gorm:"embedded;embeddedPrefix:asked_"`
	Decided     models.Actor `gorm:"embedded;embeddedPrefix:decided_"`
	DecidedAt   models.Time
	Note        string // of who decided
	WorkedTo    string // id of the last open bill that was looked at
	Changed     int    // open bills that took the rule
	Done        bool   // no open bill is left to look at
	CreatedAt   models.Time
	UpdatedAt   models.Time
}

var lateRuleTable = store.NewTable[LateRuleChange]("late_rule_changes")

// Refusals of a change of the rule.
var (
	// ErrLateRuleOpen: another change of the community waits for its decision.
	ErrLateRuleOpen = models.Refusal(models.KindConflict, "LATE_RULE_OPEN", "该小区已有一个待审批的违约金规则调整，请先审批")
	// ErrLateRuleDecided: the change has been decided already.
	ErrLateRuleDecided = models.Refusal(models.KindConflict, "LATE_RULE_DECIDED", "该违约金规则调整已有结果")
)

// Rule returns the rule that the change brings.
func (c LateRuleChange) Rule() (LateRule, error) {
	return ParseLateRule(c.LateRate, c.GraceDays, c.LateCap)
}

// detail returns what the audit log keeps of the change.
func (c LateRuleChange) detail() map[string]any {
	return map[string]any{"late_rate": c.LateRate, "grace_days": c.GraceDays, "late_cap": c.LateCap, "from_on": c.FromOn.String(),
		"open_bills": c.OpenBills, "reason": c.Reason}
}

// InsertLateRuleChange adds a change in the state requested. It sets ID, Status, Asked
// and the times. While another change of the community is undecided it returns
// [ErrLateRuleOpen].
func InsertLateRuleChange(tx *store.Tx, by models.Actor, c *LateRuleChange) error {
	key := c.CommunityID
	c.ID, c.Status, c.Asked, c.OpenKey, c.CreatedAt, c.UpdatedAt = models.NewID(), LateRuleRequested, by, &key, tx.Now, tx.Now
	if err := store.G[LateRuleChange](tx).Create(tx.Context(), c); err != nil {
		if tx.IsDuplicate(err) {
			err = ErrLateRuleOpen
		}
		return err
	}
	return office.Audit(tx, by, "late_rule.requested", "community", c.CommunityID, c.detail())
}

// LockLateRuleChange returns a change for a decision, or [models.ErrNotFound].
func LockLateRuleChange(tx *store.Tx, id string) (LateRuleChange, error) {
	return lateRuleTable.Row(tx, "WHERE id = ?"+store.ForUpdate, id)
}

// LateRuleChangeByID returns a change, or [models.ErrNotFound].
func LateRuleChangeByID(tx *store.Tx, id string) (LateRuleChange, error) {
	return store.G[LateRuleChange](tx).Where("id = ?", id).Take(tx.Context())
}

var sqlDecideLateRule = lateRuleTable.Update(
	"status, open_key, from_on, note, done, decided_kind, decided_id, decided_name, decided_at, updated_at",
	"id = ? AND status = 'requested'")

// DecideLateRuleChange approves or refuses a change. If it is no longer requested it
// returns [ErrLateRuleDecided].
func DecideLateRuleChange(tx *store.Tx, by models.Actor, c *LateRuleChange, status, note string) error {
	c.Status, c.OpenKey, c.Note, c.Decided, c.DecidedAt, c.UpdatedAt = status, nil, note, by, tx.Now, tx.Now
	c.Done = status != LateRuleApproved || !c.OpenBills
	ok, err := sqlDecideLateRule.Guarded(tx, c, c.ID)
	if err == nil && !ok {
		err = ErrLateRuleDecided
	}
	if err != nil {
		return err
	}
	return office.Audit(tx, by, "late_rule."+status, "community", c.CommunityID, c.detail())
}

var sqlWorkLateRule = lateRuleTable.Update("worked_to, changed, done, updated_at", "id = ? AND status = 'approved' AND done = 0")

// KeepLateRuleWork writes how far a change has come over the open bills.
func KeepLateRuleWork(tx *store.Tx, c *LateRuleChange) error {
	c.UpdatedAt = tx.Now
	return sqlWorkLateRule.One(tx, c, c.ID)
}

// UnworkedLateRules returns the approved changes that open bills still wait for, those
// whose day has come.
func UnworkedLateRules(tx *store.Tx) ([]LateRuleChange, error) {
	return store.G[LateRuleChange](tx).Where("status = ? AND done = ? AND from_on <= ?", LateRuleApproved, false, tx.Today()).
		Order("id").Find(tx.Context())
}

// LateRuleChanges returns the changes of a community, or of all if it is empty, the
// newest first, at most limit. after is the id of the last one of the page before.
func LateRuleChanges(tx *store.Tx, communityID, after string, limit int) ([]LateRuleChange, error) {
	q := store.G[LateRuleChange](tx).Order("id DESC").Limit(limit)
	if communityID != "" {
		q = q.Where("community_id = ?", communityID)
	}
	if after != "" {
		q = q.Where("id < ?", after)
	}
	return q.Find(tx.Context())
}

// LateRuleOn returns the default rule of a community that a bill takes which is issued
// or imported on a day: that of the newest approved change from that day or before, else
// the rule that the community began with.
func LateRuleOn(tx *store.Tx, communityID string, day models.Date) (LateRule, error) {
	c, err := store.G[LateRuleChange](tx).Where("community_id = ? AND status = ? AND from_on <= ?", communityID, LateRuleApproved, day).
		Order("from_on DESC, decided_at DESC, id DESC").Take(tx.Context())
	if err == nil {
		rule, err := c.Rule()
		if err != nil {
			err = fmt.Errorf("late fee rule %s: %w", c.ID, err)
		}
		return rule, err
	}
	if !errors.Is(err, models.ErrNotFound) {
		return LateRule{}, err
	}
	community, err := CommunityByID(tx, communityID)
	if err != nil {
		return LateRule{}, err
	}
	return community.firstLateRule()
}
