package estate

import (
	"cmp"
	"errors"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Community is a 小区 whose fees are collected. Name is in the spelling in which it came
// first; NameKey is [models.NameKey] of it, and unique.
type Community struct {
	ID         string
	Name       string
	NameKey    string
	LateRate   string // the default late-fee rule that it began with: see [LateRuleOn]
	GraceDays  int
	LateCap    string
	Settlement string // LateFeeFirst or PrincipalFirst
	Merchant   string // key in wechatpay.merchants; empty: the only or first one
	BillDay    int    // day of the month, 1-28, on which its bills are issued; 0: only when asked
	CreatedAt  models.Time
	UpdatedAt  models.Time
}

var communityTable = store.NewTable[Community]("communities")

// firstLateRule returns the default rule that the community began with. [LateRuleOn]
// returns the one in force.
func (c Community) firstLateRule() (LateRule, error) {
	return ParseLateRule(c.LateRate, c.GraceDays, c.LateCap)
}

// ErrCommunityName is the refusal of a name that nobody could see.
var ErrCommunityName = models.Invalid("COMMUNITY_NAME", "请填写小区名称")

// EnsureCommunity returns the community of a name in any spelling. If there is none, it
// makes one with the default rules; added reports that.
func EnsureCommunity(tx *store.Tx, by models.Actor, name string) (c Community, added bool, err error) {
	c, err = CommunityByName(tx, name)
	if !errors.Is(err, models.ErrNotFound) {
		return c, false, err
	}
	key := models.NameKey(name)
	if key == "" {
		return c, false, ErrCommunityName
	}
	rule := DefaultLateRule()
	c = Community{
		ID: models.NewID(), Name: name, NameKey: key, LateRate: rule.Rate.String(), GraceDays: rule.GraceDays, LateCap: rule.CapText(),
		Settlement: LateFeeFirst, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
	if err := store.G[Community](tx).Create(tx.Context(), &c); tx.IsDuplicate(err) {
		c, err = CommunityByName(tx, name) // somebody else has just made it
		return c, false, err
	} else if err != nil {
		return c, false, err
	}
	return c, true, office.Audit(tx, by, "community.added", "community", c.ID, map[string]string{"name": name})
}

// CommunityByName returns the community of a name in any spelling, or
// [models.ErrNotFound]. Where a database from before names had keys has two for one name,
// the exact spelling decides.
func CommunityByName(tx *store.Tx, name string) (Community, error) {
	list, err := store.G[Community](tx).Where("name = ? OR name_key = ?", name, models.NameKey(name)).Find(tx.Context())
	if err != nil || len(list) == 0 {
		return Community{}, cmp.Or[error](err, models.ErrNotFound)
	}
	for _, c := range list {
		if c.Name == name {
			return c, nil
		}
	}
	return list[0], nil
}

// CommunityByID returns a community, or [models.ErrNotFound].
func CommunityByID(tx *store.Tx, id string) (Community, error) {
	return store.G[Community](tx).Where("id = ?", id).Take(tx.Context())
}

// Communities returns the communities whose name contains a text in any spelling, by name,
// at most limit. An empty text is in every name.
func Communities(tx *store.Tx, contains string, limit int) ([]Community, error) {
	like := "%" + store.Like(models.NameKey(contains)) + "%"
	return store.G[Community](tx).Where("name_key LIKE ? ESCAPE '!'", like).Order("name").Limit(limit).Find(tx.Context())
}

// LockCommunity holds the community until the transaction ends, so that imports and
// billing runs of one community come one after the other. It refuses with
// [office.ErrImporting] while an import writes to the community, which takes many
// transactions. Payments do not take this lock.
func LockCommunity(tx *store.Tx, id string) error { return lockCommunity(tx, id, "") }

// LockCommunityFor is [LockCommunity] for an import, which from then on holds the
// community until [office.ReleaseImportHolds].
func LockCommunityFor(tx *store.Tx, id, importID string) error {
	return lockCommunity(tx, id, importID)
}

func lockCommunity(tx *store.Tx, id, importID string) error {
	if _, err := communityTable.Row(tx, "WHERE id = ?"+store.ForUpdate, id); err != nil {
		return err
	}
	held, err := office.CheckImportHold(tx, id, importID)
	if err != nil || held || importID == "" {
		return err
	}
	return office.HoldForImport(tx, id, importID)
}
