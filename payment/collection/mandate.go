package collection

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
)

// Refusals of agreements of bank collection. [desk.ErrMandateTwice] is another one, for
// a number that a second room of the community has.
var (
	ErrMandateField = models.Invalid("MANDATE_FIELD", "请填写协议号（最多 64 个字）、开户行（最多 60 个字）、户名（最多 60 个字）和 8 至 32 位数字的账号")
	ErrMandateOwner = models.Refusal(models.KindConflict, "MANDATE_OWNER", "这套房产没有登记现业主，不能登记托收协议")
	ErrMandateEnded = models.Refusal(models.KindConflict, "MANDATE_ENDED", "该托收协议已终止")
)

// MandateRequest is an agreement by which a bank collects what the present owner of
// a room owes. Holder is not compared with the owner: the account may be a relative's.
type MandateRequest struct {
	RoomID      string
	AgreementNo string
	BankName    string
	Holder      string // as the account is named
	Account     string // digits; spaces and hyphens are left out
}

// check brings a request into the form in which it is kept and compared, and returns
// [ErrMandateField] for what cannot be right. For example, the account "６２２２ 0210-0112"
// becomes "622202100112". Lengths are counted in characters.
func (r *MandateRequest) check() error {
	r.AgreementNo = strings.Join(strings.Fields(models.HalfWidth(r.AgreementNo)), "")
	r.BankName, r.Holder = strings.TrimSpace(r.BankName), strings.TrimSpace(r.Holder)
	r.Account = strings.NewReplacer(" ", "", "-", "", "　", "").Replace(models.HalfWidth(r.Account))
	fits := func(s string, most int) bool { n := utf8.RuneCountInString(s); return n > 0 && n <= most }
	digits := strings.IndexFunc(r.Account, func(c rune) bool { return c < '0' || c > '9' }) < 0
	if !fits(r.AgreementNo, 64) || !fits(r.BankName, 60) || !fits(r.Holder, 60) || !digits || len(r.Account) < 8 || len(r.Account) > 32 {
		return ErrMandateField
	}
	return nil
}

// SetMandate registers an agreement for a room that the scope may see. An agreement that
// the room has already is ended in the same transaction. It returns false, and changes
// nothing, if the room has the same agreement already.
//
// It returns [ErrMandateField], [ErrMandateOwner], [models.ErrNotFound] for a room out of
// scope, and [desk.ErrMandateTwice] if another room of the community has the number, or
// the room got an agreement at the same moment.
func SetMandate(ctx context.Context, s *payment.Service, by models.Actor, scope office.Scope,
	req MandateRequest) (changed bool, err error) {
	if err := req.check(); err != nil {
		return false, err
	}
	err = s.DB.Write(ctx, func(tx *store.Tx) (err error) {
		changed, err = setMandate(tx, by, scope, req)
		return err
	})
	return changed, err
}

// setMandate is [SetMandate] within a transaction, for a request that was checked. The
// old agreement ends before the new one is inserted, because a room has one at most by a
// unique key. It is never rewritten: lines of former batches refer to it.
//
// After a transfer the same account is a new agreement, since the owner has changed. Only
// the ids of room and former agreement are audited, not the account.
func setMandate(tx *store.Tx, by models.Actor, scope office.Scope, req MandateRequest) (bool, error) {
	room, _, err := estate.ScopedRoom(tx, scope, req.RoomID)
	if err != nil {
		return false, err
	}
	owner, err := presentOwner(tx, room.ID)
	if err != nil {
		return false, err
	}
	old, err := desk.MandateOfRoom(tx, room.ID)
	switch {
	case errors.Is(err, models.ErrNotFound):
	case err != nil:
		return false, err
	default:
		holder, account, err := desk.OpenMandate(tx, &old)
		if err != nil {
			return false, err
		}
		if old.OwnerID == owner && old.AgreementNo == req.AgreementNo && old.BankName == req.BankName &&
			holder == req.Holder && account == req.Account {
			return false, nil
		}
		if _, err := desk.EndMandate(tx, old.ID, by); err != nil {
			return false, err
		}
	}
	m := desk.BankMandate{
		CommunityID: room.CommunityID, RoomID: room.ID, OwnerID: owner, AgreementNo: req.AgreementNo, BankName: req.BankName,
		MadeName: by.Name,
	}
	desk.SealMandate(tx, &m, req.Holder, req.Account)
	if err := desk.InsertMandate(tx, &m); err != nil {
		return false, err
	}
	return true, office.Audit(tx, by, "mandate.made", "mandate", m.ID, map[string]string{"room": room.ID, "replaces": old.ID})
}

// presentOwner returns the id of the owner who holds a room today, or [ErrMandateOwner].
// Of several it returns the one whose tenure began last.
func presentOwner(tx *store.Tx, roomID string) (string, error) {
	holdings, err := estate.OwnerTenuresOfRooms(tx, []string{roomID})
	if err != nil {
		return "", err
	}
	for _, h := range holdings[roomID] {
		if h.Holds(tx.Today()) {
			return h.OwnerID, nil
		}
	}
	return "", ErrMandateOwner
}

// EndMandate ends an agreement: later batches leave the room out. A batch that was made
// before is not changed by it, and the bank may still collect its line.
//
// It returns [ErrMandateEnded] if the agreement has ended already, and
// [models.ErrNotFound] if there is none or the scope may not see its room.
func EndMandate(ctx context.Context, s *payment.Service, by models.Actor, scope office.Scope, id string) error {
	return s.DB.Write(ctx, func(tx *store.Tx) error {
		m, err := desk.MandateByID(tx, id)
		if err != nil {
			return err
		}
		if _, _, err := estate.ScopedRoom(tx, scope, m.RoomID); err != nil {
			return err
		}
		ended, err := desk.EndMandate(tx, id, by)
		if err == nil && !ended {
			err = ErrMandateEnded
		}
		if err != nil {
			return err
		}
		return office.Audit(tx, by, "mandate.ended", "mandate", id, map[string]string{"room": m.RoomID})
	})
}
