package estate

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// States of an [FurtherPhone].
const (
	PhoneOK      = "ok"      // can be called
	PhoneStopped = "stopped" // 停机
	PhoneVacant  = "vacant"  // 空号
	PhoneWrong   = "wrong"   // somebody else's
	PhoneOff     = "off"     // the owner does not want to be called on it
)

// FurtherPhone is a further phone number of an owner, to call them: a partner's, a child's,
// a landline. The registered number, by which the owner binds, is the one in [Owner]; a
// number here gives no right to anything. It is sealed like that one, and its blind index
// is unique for an owner.
type FurtherPhone struct {
	ID          string
	OwnerID     string
	Label       string // whose it is: 配偶, 子女
	State       string
	PhoneCipher []byte
	PhoneIndex  string
	PhoneLast4  string
	CreatedAt   models.Time
	UpdatedAt   models.Time
}

var furtherTable = store.NewTable[FurtherPhone]("further_phones")

const phoneColumnFurther = "further_phones.phone_cipher"

// ErrPhoneThere says that the owner has the number already.
var ErrPhoneThere = models.Refusal(models.KindConflict, "PHONE_THERE", "该业主已登记这个号码")

// AddFurtherPhone adds a further number (digits) of an owner. If the owner has it already it
// returns [ErrPhoneThere].
func AddFurtherPhone(tx *store.Tx, ownerID, phone, label string) (FurtherPhone, error) {
	p := FurtherPhone{ID: models.NewID(), OwnerID: ownerID, Label: label, State: PhoneOK, CreatedAt: tx.Now, UpdatedAt: tx.Now}
	v := tx.Vault()
	p.PhoneCipher, p.PhoneIndex, p.PhoneLast4 = v.Seal(phoneColumnFurther, phone), v.Blind(phone), Last4(phone)
	err := furtherTable.Insert(tx, p)
	if err != nil && tx.IsDuplicate(err) {
		err = ErrPhoneThere
	}
	return p, err
}

// KeepFurtherPhone is [AddFurtherPhone] for a file, which names the same number at each import:
// it reports whether the number was new. The registered number is none of the further ones.
func KeepFurtherPhone(tx *store.Tx, o Owner, phone, label string) (added bool, err error) {
	index := PhoneIndex(tx, phone)
	if phone == "" || index == o.PhoneIndex {
		return false, nil
	}
	there, err := store.G[FurtherPhone](tx).Where("owner_id = ? AND phone_index = ?", o.ID, index).Limit(1).Find(tx.Context())
	if err != nil || len(there) > 0 {
		return false, err
	}
	_, err = AddFurtherPhone(tx, o.ID, phone, label)
	return err == nil, err
}

// FurtherPhones returns the further numbers of owners, by owner, oldest first.
func FurtherPhones(tx *store.Tx, ownerIDs []string) (map[string][]FurtherPhone, error) {
	list, err := store.RowsIn[FurtherPhone](tx, ownerIDs, nil, furtherTable.Select("WHERE owner_id (IN) ORDER BY owner_id, id"))
	return store.Group(list, func(p *FurtherPhone) string { return p.OwnerID }), err
}

// FurtherPhoneByID returns a further number for a change, or [models.ErrNotFound].
func FurtherPhoneByID(tx *store.Tx, id string) (FurtherPhone, error) {
	return furtherTable.Row(tx, "WHERE id = ?"+store.ForUpdate, id)
}

// FurtherNumber returns the number in clear. Show it masked ([models.MaskPhone]).
func FurtherNumber(tx *store.Tx, p FurtherPhone) (string, error) {
	return tx.Vault().Open(phoneColumnFurther, p.PhoneCipher)
}

var sqlFurtherLabel = furtherTable.Update("label, state, updated_at", "id = ?")

// LabelFurtherPhone writes whose a number is, and its state.
func LabelFurtherPhone(tx *store.Tx, p FurtherPhone) error {
	p.UpdatedAt = tx.Now
	return sqlFurtherLabel.One(tx, &p, p.ID)
}

// DropFurtherPhone forgets a further number.
func DropFurtherPhone(tx *store.Tx, p FurtherPhone) error {
	return tx.ExecOne("DELETE FROM further_phones WHERE id = ?", p.ID)
}
