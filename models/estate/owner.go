package estate

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// OwnersOfSeveral gives those of the owners who hold more than one room now.
func OwnersOfSeveral(tx *store.Tx, ownerIDs []string) (map[string]bool, error) {
	out := map[string]bool{}
	for len(ownerIDs) > 0 {
		n := min(len(ownerIDs), 500)
		err := tx.QueryRows(func(scan func(...any) error) error {
			var id string
			if err := scan(&id); err != nil {
				return err
			}
			out[id] = true
			return nil
		}, "SELECT owner_id FROM tenures WHERE role = 'owner' AND to_on = '' AND owner_id IN ("+store.Placeholders(n)+") GROUP BY owner_id HAVING COUNT(*) > 1", store.Args(ownerIDs[:n])...)
		if err != nil {
			return nil, err
		}
		ownerIDs = ownerIDs[n:]
	}
	return out, nil
}

// OwnersByPhone gives the community's owners whose phone has one of the indexes
// ([PhoneIndex]), oldest first.
func OwnersByPhone(tx *store.Tx, communityID string, indexes []string) ([]Owner, error) {
	var out []Owner
	for len(indexes) > 0 {
		n := min(len(indexes), 500)
		err := tx.QueryRows(func(scan func(...any) error) error {
			var o Owner
			if err := scan(o.dest()...); err != nil {
				return err
			}
			// Not asked of the database: SQLite would go by the community and read it whole.
			if o.CommunityID == communityID {
				out = append(out, o)
			}
			return nil
		}, "SELECT "+ownerColumns+" FROM owners WHERE phone_index IN ("+store.Placeholders(n)+") ORDER BY id", store.Args(indexes[:n])...)
		if err != nil {
			return nil, err
		}
		indexes = indexes[n:]
	}
	return out, nil
}

// SetOwnerPhone gives an owner another phone number (digits).
func SetOwnerPhone(tx *store.Tx, o *Owner, phone string) error {
	v := tx.Vault()
	o.PhoneCipher, o.PhoneIndex, o.PhoneLast4, o.UpdatedAt = v.Seal(phoneColumnOwner, phone), v.Blind(phone), Last4(phone), tx.Now
	return tx.ExecOne("UPDATE owners SET phone_cipher = ?, phone_index = ?, phone_last4 = ?, updated_at = ? WHERE id = ?",
		o.PhoneCipher, o.PhoneIndex, o.PhoneLast4, o.UpdatedAt, o.ID)
}

// OwnersByID gives owners by id.
func OwnersByID(tx *store.Tx, ids []string) (map[string]Owner, error) {
	out := make(map[string]Owner, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), 500)
		err := tx.QueryRows(func(scan func(...any) error) error {
			var o Owner
			if err := scan(o.dest()...); err != nil {
				return err
			}
			out[o.ID] = o
			return nil
		}, "SELECT "+ownerColumns+" FROM owners WHERE id IN ("+store.Placeholders(n)+")", store.Args(ids[:n])...)
		if err != nil {
			return nil, err
		}
		ids = ids[n:]
	}
	return out, nil
}

// Owner is who is liable for a room's bills. The phone number is sealed; it is
// found by its blind index and shown masked.
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

// Roles of a [Tenure].
const (
	TenureOwner  = "owner"
	TenureTenant = "tenant"
)

const phoneColumnOwner = "owners.phone_cipher"

// NewOwner makes an owner ready to insert, with the phone (digits, or empty)
// sealed.
func NewOwner(tx *store.Tx, communityID, name, phone string) Owner {
	v := tx.Vault()
	return Owner{ID: models.NewID(), CommunityID: communityID, Name: name, PhoneCipher: v.Seal(phoneColumnOwner, phone),
		PhoneIndex: v.Blind(phone), PhoneLast4: Last4(phone), CreatedAt: tx.Now, UpdatedAt: tx.Now}
}

// PhoneIndex is the blind index of a phone number.
func PhoneIndex(tx *store.Tx, phone string) string { return tx.Vault().Blind(phone) }

// OwnerPhone opens the owner's phone number. Show it masked ([models.MaskPhone]).
func OwnerPhone(tx *store.Tx, o Owner) (string, error) {
	return tx.Vault().Open(phoneColumnOwner, o.PhoneCipher)
}

func Last4(phone string) string {
	if len(phone) < 4 {
		return ""
	}
	return phone[len(phone)-4:]
}

const ownerColumns = "id, community_id, name, phone_cipher, phone_index, phone_last4, created_at, updated_at"

func (o *Owner) dest() []any {
	return []any{&o.ID, &o.CommunityID, &o.Name, &o.PhoneCipher, &o.PhoneIndex, &o.PhoneLast4, &o.CreatedAt, &o.UpdatedAt}
}

func (o *Owner) values() []any {
	return []any{o.ID, o.CommunityID, o.Name, o.PhoneCipher, o.PhoneIndex, o.PhoneLast4, o.CreatedAt, o.UpdatedAt}
}

// RoomOwners gives who holds the room on a day, owners before tenants.
func RoomOwners(tx *store.Tx, roomID string, on models.Date) ([]Owner, error) {
	var out []Owner
	err := tx.QueryRows(func(scan func(...any) error) error {
		var o Owner
		if err := scan(o.dest()...); err != nil {
			return err
		}
		out = append(out, o)
		return nil
	}, `SELECT o.id, o.community_id, o.name, o.phone_cipher, o.phone_index, o.phone_last4, o.created_at, o.updated_at
		FROM tenures t JOIN owners o ON o.id = t.owner_id
		WHERE t.room_id = ? AND t.from_on <= ? AND (t.to_on = '' OR t.to_on >= ?) ORDER BY t.role, t.from_on DESC, t.id`, roomID, on, on)
	return out, err
}

// InsertOwners adds owners.
func InsertOwners(tx *store.Tx, owners []Owner) error {
	rows := make([][]any, len(owners))
	for i := range owners {
		rows[i] = owners[i].values()
	}
	_, err := tx.InsertRows(false, "owners", ownerColumns, rows)
	return err
}

// OwnerByID finds an owner.
func OwnerByID(tx *store.Tx, id string) (Owner, error) {
	var o Owner
	return o, tx.QueryRow(o.dest(), "SELECT "+ownerColumns+" FROM owners WHERE id = ?", id)
}

// RenameOwner corrects an owner's name, guarded by the name that was read.
func RenameOwner(tx *store.Tx, o *Owner, name string) error {
	if err := tx.ExecOne("UPDATE owners SET name = ?, updated_at = ? WHERE id = ? AND name = ?", name, tx.Now, o.ID, o.Name); err != nil {
		return err
	}
	o.Name, o.UpdatedAt = name, tx.Now
	return nil
}
