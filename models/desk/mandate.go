package desk

import (
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

// BankMandate is an agreement 托收协议 by which a bank collects what an owner owes of
// a room. A room has one at most at a time. Holder and account number are sealed; the
// row never changes but for its end: another account is another row.
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
	AccountLast4    string
	Status          string
	MadeName        string
	EndedName       string
	EndedAt         models.Time
	CreatedAt       models.Time
	UpdatedAt       models.Time
}

const (
	columnHolder  = "bank_mandates.holder_cipher"
	columnAccount = "bank_mandates.account_cipher"
)

const mandateColumns = `id, community_id, room_id, owner_id, active_room_id, agreement_no, active_agreement, bank_name, holder_cipher, account_cipher, account_last4,
	status, made_name, ended_name, ended_at, created_at, updated_at`

func (m *BankMandate) dest() []any {
	return []any{&m.ID, &m.CommunityID, &m.RoomID, &m.OwnerID, &m.ActiveRoomID, &m.AgreementNo, &m.ActiveAgreement, &m.BankName, &m.HolderCipher, &m.AccountCipher, &m.AccountLast4,
		&m.Status, &m.MadeName, &m.EndedName, &m.EndedAt, &m.CreatedAt, &m.UpdatedAt}
}

// SealMandate seals the holder's name and the account number into a new agreement.
func SealMandate(tx *store.Tx, m *BankMandate, holder, account string) {
	v := tx.Vault()
	m.HolderCipher, m.AccountCipher, m.AccountLast4 = v.Seal(columnHolder, holder), v.Seal(columnAccount, account), estate.Last4(account)
}

// OpenMandate gives the holder's name and the account number.
func OpenMandate(tx *store.Tx, m *BankMandate) (holder, account string, err error) {
	if holder, err = tx.Vault().Open(columnHolder, m.HolderCipher); err == nil {
		account, err = tx.Vault().Open(columnAccount, m.AccountCipher)
	}
	return holder, account, err
}

// ErrMandateTwice says that the room or the number has an agreement that holds.
var ErrMandateTwice = models.Refusal(models.KindConflict, "MANDATE_TWICE", "该房产已有生效的托收协议，或协议号已被使用")

// InsertMandate adds an agreement that holds from now on; [ErrMandateTwice] if the
// room, or the number in the community, has one already.
func InsertMandate(tx *store.Tx, m *BankMandate) error {
	m.ID, m.Status, m.ActiveRoomID, m.ActiveAgreement, m.CreatedAt, m.UpdatedAt = models.NewID(), MandateActive, &m.RoomID, &m.AgreementNo, tx.Now, tx.Now
	_, err := tx.Exec("INSERT INTO bank_mandates ("+mandateColumns+") VALUES ("+store.Placeholders(17)+")", m.ID, m.CommunityID, m.RoomID, m.OwnerID, m.ActiveRoomID, m.AgreementNo,
		m.ActiveAgreement, m.BankName, m.HolderCipher, m.AccountCipher, m.AccountLast4, m.Status, m.MadeName, m.EndedName, m.EndedAt, m.CreatedAt, m.UpdatedAt)
	if err != nil && tx.IsDuplicate(err) {
		return ErrMandateTwice
	}
	return err
}

// EndMandate ends an agreement; false if it has ended.
func EndMandate(tx *store.Tx, id string, by models.Actor) (bool, error) {
	return tx.ExecGuarded("UPDATE bank_mandates SET status = 'ended', active_room_id = NULL, active_agreement = NULL, ended_name = ?, ended_at = ?, updated_at = ? WHERE id = ? AND status = 'active'",
		by.Name, tx.Now, tx.Now, id)
}

func mandates(tx *store.Tx, query string, args ...any) ([]BankMandate, error) {
	var out []BankMandate
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, BankMandate{})
		return scan(out[len(out)-1].dest()...)
	}, query, args...)
	return out, err
}

// ActiveMandates gives the agreements of a community that hold.
func ActiveMandates(tx *store.Tx, communityID string) ([]BankMandate, error) {
	return mandates(tx, "SELECT "+mandateColumns+" FROM bank_mandates WHERE community_id = ? AND status = 'active' ORDER BY id", communityID)
}

// MandateOfRoom finds the agreement of a room that holds.
func MandateOfRoom(tx *store.Tx, roomID string) (m BankMandate, err error) {
	return m, tx.QueryRow(m.dest(), "SELECT "+mandateColumns+" FROM bank_mandates WHERE active_room_id = ?", roomID)
}

// MandateByID finds an agreement, also one that has ended.
func MandateByID(tx *store.Tx, id string) (m BankMandate, err error) {
	return m, tx.QueryRow(m.dest(), "SELECT "+mandateColumns+" FROM bank_mandates WHERE id = ?", id)
}

// MandateLine is an agreement that holds, as a list shows it.
type MandateLine struct {
	BankMandate
	Room      estate.Room
	Community string
}

// Cursor is where the next page begins.
func (l MandateLine) Cursor() string { return l.ID }

// MandateLines gives a page of the agreements that hold, newest first.
func MandateLines(tx *store.Tx, s office.Scope, communityID, after string, limit int) ([]MandateLine, error) {
	scope, args := s.And()
	q := "SELECT " + store.Prefixed("m", mandateColumns) + ", " + store.Prefixed("r", estate.RoomColumns) + ", c.name FROM bank_mandates m JOIN rooms r ON r.id = m.room_id JOIN communities c ON c.id = m.community_id WHERE m.status = 'active'" + scope
	if communityID != "" {
		q, args = q+" AND m.community_id = ?", append(args, communityID)
	}
	if after != "" {
		q, args = q+" AND m.id < ?", append(args, after)
	}
	var out []MandateLine
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, MandateLine{})
		l := &out[len(out)-1]
		return scan(append(append(l.dest(), l.Room.Dest()...), &l.Community)...)
	}, q+" ORDER BY m.id DESC LIMIT ?", append(args, limit)...)
	return out, err
}
