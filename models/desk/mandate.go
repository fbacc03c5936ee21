package desk

import (
	"gorm.io/gorm/clause"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// States of a [BankMandate].
const (
	MandateActive = "active"
	MandateEnded  = "ended"
)

// BankMandate is an agreement 托收协议 by which a bank collects what an owner owes of a
// room. A room has one at most at a time, and a number stands for one at most in its
// community: ActiveRoomID and ActiveAgreement are those two while it holds, and unique.
// Holder and account number are sealed. The row never changes but for its end: another
// account is another row.
type BankMandate struct {
	ID              string
	CommunityID     string
	RoomID          string
	OwnerID         string // whose bills are collected
	ActiveRoomID    *string
	AgreementNo     string
	ActiveAgreement *string
	BankName        string
	HolderCipher    []byte
	AccountCipher   []byte
	AccountLast4    string // in clear, for lists
	Status          string
	MadeName        string
	EndedName       string
	EndedAt         models.Time
	CreatedAt       models.Time
	UpdatedAt       models.Time
}

var mandateTable = store.NewTable[BankMandate]("bank_mandates")

// A sealed value opens only in the column that it was sealed for; see [store.Vault].
const (
	columnHolder  = "bank_mandates.holder_cipher"
	columnAccount = "bank_mandates.account_cipher"
)

// SealMandate seals the holder's name and the account number into a new agreement.
func SealMandate(tx *store.Tx, m *BankMandate, holder, account string) {
	v := tx.Vault()
	m.HolderCipher, m.AccountCipher, m.AccountLast4 = v.Seal(columnHolder, holder), v.Seal(columnAccount, account), estate.Last4(account)
}

// OpenMandate returns the holder's name and the account number. It fails if they were
// sealed with another data key.
func OpenMandate(tx *store.Tx, m *BankMandate) (holder, account string, err error) {
	if holder, err = tx.Vault().Open(columnHolder, m.HolderCipher); err == nil {
		account, err = tx.Vault().Open(columnAccount, m.AccountCipher)
	}
	return holder, account, err
}

// ErrMandateTwice says that the room, or the number, has an agreement that holds.
var ErrMandateTwice = models.Refusal(models.KindConflict, "MANDATE_TWICE", "该房产已有生效的托收协议，或协议号已被使用")

// InsertMandate adds an agreement that holds from now on. It returns [ErrMandateTwice]
// if the room, or the number in the community, has one already.
func InsertMandate(tx *store.Tx, m *BankMandate) error {
	m.ID, m.Status, m.CreatedAt, m.UpdatedAt = models.NewID(), MandateActive, tx.Now, tx.Now
	m.ActiveRoomID, m.ActiveAgreement = &m.RoomID, &m.AgreementNo
	err := store.G[BankMandate](tx).Create(tx.Context(), m)
	if err != nil && tx.IsDuplicate(err) {
		return ErrMandateTwice
	}
	return err
}

// EndMandate ends an agreement, so that the room and the number may have another. It
// reports false if the agreement has ended already.
func EndMandate(tx *store.Tx, id string, by models.Actor) (bool, error) {
	n, err := store.G[BankMandate](tx).Where("id = ? AND status = ?", id, MandateActive).Set(clause.Assignments(map[string]any{
		"status": MandateEnded, "active_room_id": nil, "active_agreement": nil,
		"ended_name": by.Name, "ended_at": tx.Now, "updated_at": tx.Now,
	})).Update(tx.Context())
	return n == 1, err
}

// ActiveMandates returns the agreements of a community that hold.
func ActiveMandates(tx *store.Tx, communityID string) ([]BankMandate, error) {
	return store.G[BankMandate](tx).Where("community_id = ? AND status = ?", communityID, MandateActive).Order("id").Find(tx.Context())
}

// MandateOfRoom returns the agreement of a room that holds, or [models.ErrNotFound].
func MandateOfRoom(tx *store.Tx, roomID string) (BankMandate, error) {
	return store.G[BankMandate](tx).Where("active_room_id = ?", roomID).Take(tx.Context())
}

// MandateByID returns an agreement, also one that has ended.
func MandateByID(tx *store.Tx, id string) (BankMandate, error) {
	return store.G[BankMandate](tx).Where("id = ?", id).Take(tx.Context())
}

// MandateLine is an agreement that holds, as a list shows it.
type MandateLine struct {
	BankMandate
	Room      estate.Room `gorm:"embedded;embeddedPrefix:r_"`
	Community string
}

// Cursor is where the next page begins.
func (l MandateLine) Cursor() string { return l.ID }

// MandateLines returns a page of the agreements that hold and that the scope may see,
// newest first, of one community or of all (communityID empty).
func MandateLines(tx *store.Tx, s office.Scope, communityID, after string, limit int) ([]MandateLine, error) {
	scope, args := s.And()
	q := "SELECT " + mandateTable.Of("m") + ", " + estate.RoomTable.As("r", "r_") + `, c.name AS community
		FROM bank_mandates m JOIN rooms r ON r.id = m.room_id JOIN communities c ON c.id = m.community_id WHERE m.status = 'active'` + scope
	if communityID != "" {
		q, args = q+" AND m.community_id = ?", append(args, communityID)
	}
	if after != "" {
		q, args = q+" AND m.id < ?", append(args, after)
	}
	return store.Rows[MandateLine](tx, q+" ORDER BY m.id DESC LIMIT ?", append(args, limit)...)
}
