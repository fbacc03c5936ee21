package estate

import (
	"strings"

	"wuyepay/models"
	"wuyepay/models/store"
)

// Owner is a person or company that owns or rents rooms of a community: whom a
// [Tenure] names. The phone number is sealed; it is found by its blind index and
// shown masked.
type Owner struct {
	ID          string
	CommunityID string
	Name        string
	PhoneCipher []byte
	PhoneIndex  string
	PhoneLast4  string
	CreatedAt   models.Time
	UpdatedAt   models.Time
}

var ownerTable = store.NewTable[Owner]("owners")

const phoneColumnOwner = "owners.phone_cipher"

// NewOwner returns an owner ready to insert, with the phone sealed. It is empty or in the
// one form of phone numbers: 13800000003, 01012345678, +85291234567.
func NewOwner(tx *store.Tx, communityID, name, phone string) Owner {
	o := Owner{ID: models.NewID(), CommunityID: communityID, Name: name, CreatedAt: tx.Now}
	o.setPhone(tx, phone)
	return o
}

func (o *Owner) setPhone(tx *store.Tx, phone string) {
	v := tx.Vault()
	o.PhoneCipher, o.PhoneIndex, o.PhoneLast4, o.UpdatedAt = v.Seal(phoneColumnOwner, phone), v.Blind(phone), Last4(phone), tx.Now
}

// PhoneIndex returns the blind index of a phone number in its one form, which says
// whether two numbers are the same and nothing else.
func PhoneIndex(tx *store.Tx, phone string) string { return tx.Vault().Blind(phone) }

// OwnerPhone returns the owner's phone number in clear; empty if they have none. Show
// it masked ([models.MaskPhone]).
func OwnerPhone(tx *store.Tx, o Owner) (string, error) {
	return tx.Vault().Open(phoneColumnOwner, o.PhoneCipher)
}

// Last4 returns the last four digits of a phone number, those before its extension;
// empty if it has fewer.
func Last4(phone string) string {
	phone, _, _ = strings.Cut(phone, "-")
	if len(phone) < 4 {
		return ""
	}
	return phone[len(phone)-4:]
}

// InsertOwners adds owners.
func InsertOwners(tx *store.Tx, owners []Owner) error { return ownerTable.Insert(tx, owners...) }

// OwnerByID returns an owner, or [models.ErrNotFound].
func OwnerByID(tx *store.Tx, id string) (Owner, error) {
	return store.G[Owner](tx).Where("id = ?", id).Take(tx.Context())
}

// OwnersByID returns owners by id. An id that is no owner's is missing.
func OwnersByID(tx *store.Tx, ids []string) (map[string]Owner, error) {
	list, err := store.RowsIn[Owner](tx, ids, nil, ownerTable.Select("WHERE id (IN)"))
	return store.Index(list, func(o *Owner) string { return o.ID }), err
}

// OwnersByPhone returns the community's owners whose phone has one of the indexes
// ([PhoneIndex]), oldest first.
func OwnersByPhone(tx *store.Tx, communityID string, indexes []string) ([]Owner, error) {
	var out []Owner
	err := store.EachIn(tx, indexes, func(o *Owner) error {
		// Not asked of the database: SQLite would search by the community and read it whole.
		if o.CommunityID == communityID {
			out = append(out, *o)
		}
		return nil
	}, nil, ownerTable.Select("WHERE phone_index (IN) ORDER BY id"))
	return out, err
}

// OwnersOfSeveral returns those of the owners who own more than one room without an
// end.
func OwnersOfSeveral(tx *store.Tx, ownerIDs []string) (map[string]bool, error) {
	out := map[string]bool{}
	return out, store.EachIn(tx, ownerIDs, func(id *string) error {
		out[*id] = true
		return nil
	}, nil, "SELECT owner_id FROM tenures WHERE role = 'owner' AND to_on = '' AND owner_id (IN) GROUP BY owner_id HAVING COUNT(*) > 1")
}

// RoomOwners returns who holds the room on a day, owners before tenants.
func RoomOwners(tx *store.Tx, roomID string, on models.Date) ([]Owner, error) {
	return store.Rows[Owner](tx, "SELECT "+ownerTable.Of("o")+` FROM tenures t JOIN owners o ON o.id = t.owner_id
		WHERE t.room_id = ? AND t.from_on <= ? AND (t.to_on = '' OR t.to_on >= ?) ORDER BY t.role, t.from_on DESC, t.id`, roomID, on, on)
}

var sqlOwnerPhone = ownerTable.Update("phone_cipher, phone_index, phone_last4, updated_at", "id = ?")

// SetOwnerPhone replaces the phone number of an owner by one in its one form.
func SetOwnerPhone(tx *store.Tx, o *Owner, phone string) error {
	o.setPhone(tx, phone)
	return sqlOwnerPhone.One(tx, o, o.ID)
}

// RenameOwner corrects an owner's name. It is guarded by the name that was read: that
// somebody else changed it meanwhile is an error.
func RenameOwner(tx *store.Tx, o *Owner, name string) error {
	if err := tx.ExecOne("UPDATE owners SET name = ?, updated_at = ? WHERE id = ? AND name = ?", name, tx.Now, o.ID, o.Name); err != nil {
		return err
	}
	o.Name, o.UpdatedAt = name, tx.Now
	return nil
}
