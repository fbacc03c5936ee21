package models

// Refusals of a change to the accounts of staff.
var (
	ErrOwnAccount = Refusal(KindConflict, "OWN_ACCOUNT", "不能停用自己的账号")
	ErrLastAdmin  = Refusal(KindConflict, "LAST_ADMIN", "至少要保留一个可登录的管理员账号")
)

// StaffList gives every account, those that may sign in first, by role and name.
func (tx *Tx) StaffList() ([]Staff, error) {
	var out []Staff
	err := tx.g().Order("disabled, role, name, id").Find(&out).Error
	return out, err
}

// AnyStaff finds an account, also one that may not sign in.
func (tx *Tx) AnyStaff(id string) (Staff, error) { return tx.staffWhere("id = ?", id) }

// DisableStaff takes the right to sign in away and ends the sessions. Nobody can
// do that to themselves ([ErrOwnAccount]) nor to the last admin ([ErrLastAdmin]).
// One that is disabled already stays so.
func (tx *Tx) DisableStaff(by Actor, id string) error {
	if by.Kind == ActorStaff && by.ID == id {
		return ErrOwnAccount
	}
	// The admins are locked, so that two of them cannot disable each other at once.
	admins := map[string]bool{}
	err := tx.each(func(scan func(...any) error) error {
		var admin string
		err := scan(&admin)
		admins[admin] = true
		return err
	}, "SELECT id FROM staff WHERE role = 'admin' AND disabled = 0 ORDER BY id"+forUpdate)
	if err != nil {
		return err
	}
	if admins[id] && len(admins) == 1 {
		return ErrLastAdmin
	}
	return tx.setDisabled(by, id, true, "staff.disabled")
}

// EnableStaff lets a disabled account sign in again.
func (tx *Tx) EnableStaff(by Actor, id string) error {
	return tx.setDisabled(by, id, false, "staff.enabled")
}

func (tx *Tx) setDisabled(by Actor, id string, disabled bool, action string) error {
	s, err := tx.AnyStaff(id)
	if err != nil {
		return err
	}
	ok, err := tx.guarded("UPDATE staff SET disabled = ?, updated_at = ? WHERE id = ? AND disabled = ?", disabled, tx.Now, id, !disabled)
	if err != nil || !ok {
		return err
	}
	if err := tx.EndSessionsOf(SessionStaff, id); err != nil {
		return err
	}
	return tx.Audit(by, action, "staff", id, map[string]string{"username": s.Username})
}

// ErrPasswordChanged says that the password was changed by somebody else meanwhile.
var ErrPasswordChanged = Refusal(KindConflict, "PASSWORD_CHANGED", "密码刚刚已被修改，请重新登录后再试")

// SetStaffPassword writes a new hash in the place of the one that was read, and
// signs the account out everywhere.
func (tx *Tx) SetStaffPassword(by Actor, s Staff, hash string) error {
	ok, err := tx.guarded("UPDATE staff SET password_hash = ?, updated_at = ? WHERE id = ? AND password_hash = ?", hash, tx.Now, s.ID, s.PasswordHash)
	if err != nil {
		return err
	}
	if !ok {
		return ErrPasswordChanged
	}
	if err := tx.EndSessionsOf(SessionStaff, s.ID); err != nil {
		return err
	}
	return tx.Audit(by, "staff.password", "staff", s.ID, map[string]string{"username": s.Username})
}
