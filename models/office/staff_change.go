package office

import (
	"slices"

	"gorm.io/gorm/clause"

	"wuyepay/models"
	"wuyepay/models/store"
)

// Refusals of a change to the accounts of staff.
var (
	ErrOwnAccount = models.Refusal(models.KindConflict, "OWN_ACCOUNT", "不能停用自己的账号")
	ErrLastAdmin  = models.Refusal(models.KindConflict, "LAST_ADMIN", "至少要保留一个可登录的管理员账号")
)

// DisableStaff takes the right to sign in away and ends the sessions. Nobody can do
// that to themselves ([ErrOwnAccount]) nor to the last admin ([ErrLastAdmin]). One that
// is disabled already stays so.
func DisableStaff(tx *store.Tx, by models.Actor, id string) error {
	if by.Kind == models.ActorStaff && by.ID == id {
		return ErrOwnAccount
	}
	// The admins are locked, so that two of them cannot disable each other at once.
	admins, err := store.Rows[string](tx, "SELECT id FROM staff WHERE role = 'admin' AND disabled = 0 ORDER BY id"+store.ForUpdate)
	if err != nil {
		return err
	}
	if slices.Equal(admins, []string{id}) {
		return ErrLastAdmin
	}
	return setDisabled(tx, by, id, true, "staff.disabled")
}

// EnableStaff lets a disabled account sign in again. One that may sign in already
// stays so.
func EnableStaff(tx *store.Tx, by models.Actor, id string) error {
	return setDisabled(tx, by, id, false, "staff.enabled")
}

func setDisabled(tx *store.Tx, by models.Actor, id string, disabled bool, action string) error {
	s, err := AnyStaff(tx, id)
	if err != nil {
		return err
	}
	n, err := store.G[Staff](tx).Where("id = ? AND disabled = ?", id, !disabled).
		Set(clause.Assignments(map[string]any{"disabled": disabled, "updated_at": tx.Now})).Update(tx.Context())
	if err != nil || n == 0 {
		return err
	}
	if err := EndSessionsOf(tx, SessionStaff, id); err != nil {
		return err
	}
	return Audit(tx, by, action, "staff", id, map[string]string{"username": s.Username})
}

// ErrPasswordChanged says that the password was changed by somebody else meanwhile.
var ErrPasswordChanged = models.Refusal(models.KindConflict, "PASSWORD_CHANGED", "密码刚刚已被修改，请重新登录后再试")

// SetStaffPassword writes a new hash in the place of the one that was read, and signs
// the account out everywhere. If another hash is there now, it returns
// [ErrPasswordChanged].
func SetStaffPassword(tx *store.Tx, by models.Actor, s Staff, hash string) error {
	n, err := store.G[Staff](tx).Where("id = ? AND password_hash = ?", s.ID, s.PasswordHash).
		Set(clause.Assignments(map[string]any{"password_hash": hash, "updated_at": tx.Now})).Update(tx.Context())
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrPasswordChanged
	}
	if err := EndSessionsOf(tx, SessionStaff, s.ID); err != nil {
		return err
	}
	return Audit(tx, by, "staff.password", "staff", s.ID, map[string]string{"username": s.Username})
}
