package estate

import (
	"strings"

	"wuyepay/models"
	"wuyepay/models/store"
)

// FeeItem is a 费项 of a community. Item is the spelling in which it came first, which is
// kept and shown; ItemKey is [models.NameKey] of it, and unique in the community. What
// names an item elsewhere, such as a bill, names it as it stands here: everything that
// brings in an item passes it through [KeepItems].
type FeeItem struct {
	CommunityID string
	ItemKey     string
	Item        string
	CreatedAt   models.Time
}

var feeItemTable = store.NewTable[FeeItem]("fee_items")

var sqlFeeItems = store.Hot(feeItemTable.Select("WHERE community_id = ?"))

// ErrFeeItem is the refusal of a name that nobody could see.
var ErrFeeItem = models.Invalid("FEE_ITEM", "请填写收费项目（最多 40 个字）")

// ItemNames are the fee items of a community as they are kept, by their keys, and each by
// itself behind [exactly].
type ItemNames map[string]string

// exactly stands before an item as it is kept; no key has it.
const exactly = "\x00"

// Of returns the item as it is kept, and one that the community does not have as it is.
// Where a database from before names had keys has two spellings of one item, each stays
// what it was.
func (n ItemNames) Of(item string) string {
	if kept, ok := n[exactly+item]; ok {
		return kept
	}
	if kept, ok := n[models.NameKey(item)]; ok {
		return kept
	}
	return item
}

// FeeItems returns the fee items of a community.
func FeeItems(tx *store.Tx, communityID string) (ItemNames, error) {
	names := ItemNames{}
	return names, store.Each(tx, func(f *FeeItem) error {
		names[f.ItemKey], names[exactly+f.Item] = f.Item, f.Item
		return nil
	}, sqlFeeItems, communityID)
}

// KeepItems returns the fee items of a community, and enters those of a list that it does
// not have, each in its first spelling in the list. Of two that enter the same item at
// once, the database takes one, and both go on with it.
func KeepItems(tx *store.Tx, communityID string, items ...string) (ItemNames, error) {
	names, err := FeeItems(tx, communityID)
	if err != nil {
		return nil, err
	}
	var missing []FeeItem
	for _, item := range items {
		key := models.NameKey(item)
		if key == "" {
			return nil, ErrFeeItem
		}
		if _, ok := names[key]; ok {
			continue
		}
		names[key] = strings.TrimSpace(item)
		missing = append(missing, FeeItem{CommunityID: communityID, ItemKey: key, Item: names[key], CreatedAt: tx.Now})
	}
	if len(missing) == 0 {
		return names, nil
	}
	if _, err := feeItemTable.InsertNew(tx, missing...); err != nil {
		return nil, err
	}
	return FeeItems(tx, communityID)
}

// KeepItem is [KeepItems] for one item: it returns the item as it is kept.
func KeepItem(tx *store.Tx, communityID, item string) (string, error) {
	names, err := KeepItems(tx, communityID, item)
	return names.Of(item), err
}

// DropFeeItems removes the fee items of communities that are being removed themselves.
func DropFeeItems(tx *store.Tx, communityIDs []string) error {
	return store.InChunks(communityIDs, func(part []string) error {
		_, err := tx.Exec("DELETE FROM fee_items WHERE community_id IN ("+store.Placeholders(len(part))+")", store.Args(part)...)
		return err
	})
}
