package office

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// StaffNamed gives the name of a member of staff, also of one whose account has
// ended.
func StaffNamed(tx *store.Tx, id string) (name string, err error) {
	return name, tx.QueryRow([]any{&name}, "SELECT name FROM staff WHERE id = ?", id)
}

// Refusals of a change to the accounts of staff.
var (
	ErrOwnAccount = models.Refusal(models.KindConflict, "OWN_ACCOUNT", "不能停用自己的账号")
	ErrLastAdmin  = models.Refusal(models.KindConflict, "LAST_ADMIN", "至少要保留一个可登录的管理员账号")
)

// StaffList gives every account, those that may sign in first, by role and name.
func StaffList(tx *store.Tx) ([]Staff, error) {
	var out []Staff
	err := tx.Gorm().Order("disabled, role, name, id").Find(&out).Error
	return out, err
}

// AnyStaff finds an account, also one that may not sign in.
func AnyStaff(tx *store.Tx, id string) (Staff, error) { return staffWhere(tx, "id = ?", id) }

// DisableStaff takes the right to sign in away and ends the sessions. Nobody can
// do that to themselves ([ErrOwnAccount]) nor to the last admin ([ErrLastAdmin]).
// One that is disabled already stays so.
func DisableStaff(tx *store.Tx, by models.Actor, id string) error {
	if by.Kind == models.ActorStaff && by.ID == id {
		return ErrOwnAccount
	}
	// The admins are locked, so that two of them cannot disable each other at once.
	admins := map[string]bool{}
	err := tx.QueryRows(func(scan func(...any) error) error {
		var admin string
		err := scan(&admin)
		admins[admin] = true
		return err
	}, "SELECT id FROM staff WHERE role = 'admin' AND disabled = 0 ORDER BY id"+store.ForUpdate)
	if err != nil {
		return err
	}
	if admins[id] && len(admins) == 1 {
		return ErrLastAdmin
	}
	return setDisabled(tx, by, id, true, "staff.disabled")
}

// EnableStaff lets a disabled account sign in again.
func EnableStaff(tx *store.Tx, by models.Actor, id string) error {
	return setDisabled(tx, by, id, false, "staff.enabled")
}

func setDisabled(tx *store.Tx, by models.Actor, id string, disabled bool, action string) error {
	s, err := AnyStaff(tx, id)
	if err != nil {
		return err
	}
	ok, err := tx.ExecGuarded("UPDATE staff SET disabled = ?, updated_at = ? WHERE id = ? AND disabled = ?", disabled, tx.Now, id, !disabled)
	if err != nil || !ok {
		return err
	}
	if err := EndSessionsOf(tx, SessionStaff, id); err != nil {
		return err
	}
	return Audit(tx, by, action, "staff", id, map[string]string{"username": s.Username})
}

// ErrPasswordChanged says that the password was changed by somebody else meanwhile.
var ErrPasswordChanged = models.Refusal(models.KindConflict, "PASSWORD_CHANGED", "密码刚刚已被修改，请重新登录后再试")

// SetStaffPassword writes a new hash in the place of the one that was read, and
// signs the account out everywhere.
func SetStaffPassword(tx *store.Tx, by models.Actor, s Staff, hash string) error {
	ok, err := tx.ExecGuarded("UPDATE staff SET password_hash = ?, updated_at = ? WHERE id = ? AND password_hash = ?", hash, tx.Now, s.ID, s.PasswordHash)
	if err != nil {
		return err
	}
	if !ok {
		return ErrPasswordChanged
	}
	if err := EndSessionsOf(tx, SessionStaff, s.ID); err != nil {
		return err
	}
	return Audit(tx, by, "staff.password", "staff", s.ID, map[string]string{"username": s.Username})
}
