package models

// Owner is who is liable for a room's bills. The phone number is sealed; it is
// found by its blind index and shown masked.
type Owner struct {
	ID          string
	CommunityID string
	Name        string
	PhoneCipher []byte
	PhoneIndex  string
	PhoneLast4  string
	CreatedAt   Time
	UpdatedAt   Time
}

// Roles of a [Tenure].
const (
	TenureOwner  = "owner"
	TenureTenant = "tenant"
)

// Tenure says who holds a room from when to when, both days included; no end:
// still.
type Tenure struct {
	ID        string
	RoomID    string
	OwnerID   string
	Role      string
	FromOn    Date
	ToOn      Date
	CreatedAt Time
	Items     ItemList // what a tenant has agreed to pay; empty for an owner
}

const phoneColumnOwner = "owners.phone_cipher"

// NewOwner makes an owner ready to insert, with the phone (digits, or empty)
// sealed.
func (tx *Tx) NewOwner(communityID, name, phone string) Owner {
	v := tx.db.vault
	return Owner{ID: NewID(), CommunityID: communityID, Name: name, PhoneCipher: v.seal(phoneColumnOwner, phone),
		PhoneIndex: v.blind(phone), PhoneLast4: last4(phone), CreatedAt: tx.Now, UpdatedAt: tx.Now}
}

// PhoneIndex is the blind index of a phone number.
func (tx *Tx) PhoneIndex(phone string) string { return tx.db.vault.blind(phone) }

// OwnerPhone opens the owner's phone number. Show it masked ([MaskPhone]).
func (tx *Tx) OwnerPhone(o Owner) (string, error) {
	return tx.db.vault.open(phoneColumnOwner, o.PhoneCipher)
}

func last4(phone string) string {
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
func (tx *Tx) RoomOwners(roomID string, on Date) ([]Owner, error) {
	var out []Owner
	err := tx.each(func(scan func(...any) error) error {
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

// TenuresOfPhone gives, by room, how somebody who registered this phone holds it:
// as owner before as tenant. A former owner is among them as long as they owe
// something, unless they hold the room again.
func (tx *Tx) TenuresOfPhone(phone string, on Date) (map[string]Tenure, error) {
	out := map[string]Tenure{}
	if phone == "" {
		return out, nil
	}
	rank := func(t Tenure) int {
		switch {
		case t.ID == "":
			return 0
		case !t.Holds(on):
			return 1
		case t.Role == TenureTenant:
			return 2
		}
		return 3
	}
	err := tx.each(func(scan func(...any) error) error {
		var t Tenure
		if err := scan(t.dest()...); err != nil {
			return err
		}
		if rank(t) > rank(out[t.RoomID]) {
			out[t.RoomID] = t
		}
		return nil
	}, "SELECT "+prefixed("t", tenureColumns)+` FROM owners o JOIN tenures t ON t.owner_id = o.id
		WHERE o.phone_index = ? AND t.from_on <= ? AND (t.to_on = '' OR t.to_on >= ? OR EXISTS (SELECT 1 FROM bills b
		WHERE b.room_id = t.room_id AND b.owner_id = t.owner_id AND b.status IN ('unpaid','partial'))) ORDER BY t.from_on DESC, t.id DESC`,
		tx.PhoneIndex(phone), on, on)
	return out, err
}

// InsertOwners adds owners.
func (tx *Tx) InsertOwners(owners []Owner) error {
	rows := make([][]any, len(owners))
	for i := range owners {
		rows[i] = owners[i].values()
	}
	_, err := tx.insertRows(false, "owners", ownerColumns, rows)
	return err
}

// InsertTenures adds tenures.
func (tx *Tx) InsertTenures(tenures []Tenure) error {
	rows := make([][]any, len(tenures))
	for i, t := range tenures {
		rows[i] = []any{t.ID, t.RoomID, t.OwnerID, t.Role, t.FromOn, t.ToOn, t.CreatedAt, t.Items}
	}
	_, err := tx.insertRows(false, "tenures", tenureColumns, rows)
	return err
}
