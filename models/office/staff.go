package office

import (
	"strings"

	"wuyepay/models"
	"wuyepay/models/store"
)

// Staff is a person who signs in at the console. A steward sees the rooms whose
// Steward is their Name.
type Staff struct {
	ID           string
	Username     string
	Name         string
	Role         string
	PasswordHash string
	Disabled     bool
	CreatedAt    models.Time
	UpdatedAt    models.Time
}

// TableName is the table.
func (Staff) TableName() string { return "staff" }

// Actor is the member of staff as who does something.
func (s Staff) Actor() models.Actor {
	return models.Actor{Kind: models.ActorStaff, ID: s.ID, Name: s.Name}
}

// ErrUsernameTaken says that an account of this name exists.
var ErrUsernameTaken = models.Refusal(models.KindConflict, "USERNAME_TAKEN", "该用户名已存在")

// AddStaff makes an account. The password is hashed by the caller.
func AddStaff(tx *store.Tx, by models.Actor, s *Staff) error {
	s.ID, s.CreatedAt, s.UpdatedAt = models.NewID(), tx.Now, tx.Now
	if s.Name = strings.TrimSpace(s.Name); s.Name == "" {
		s.Name = s.Username
	}
	if err := tx.Create(s); err != nil {
		if tx.IsDuplicate(err) {
			return ErrUsernameTaken
		}
		return err
	}
	return Audit(tx, by, "staff.added", "staff", s.ID, map[string]string{"username": s.Username, "role": s.Role})
}

// StaffByUsername finds an account that may sign in.
func StaffByUsername(tx *store.Tx, username string) (Staff, error) {
	return staffWhere(tx, "username = ? AND disabled = 0", username)
}

// StaffByID finds an account that may sign in.
func StaffByID(tx *store.Tx, id string) (Staff, error) {
	return staffWhere(tx, "id = ? AND disabled = 0", id)
}

func staffWhere(tx *store.Tx, where string, arg any) (Staff, error) {
	var s Staff
	res := tx.Gorm().Where(where, arg).Limit(1).Find(&s)
	if res.Error == nil && res.RowsAffected == 0 {
		return s, models.ErrNotFound
	}
	return s, res.Error
}

// StaffCount is the number of accounts.
func StaffCount(tx *store.Tx) (int64, error) {
	var n int64
	err := tx.Gorm().Model(&Staff{}).Count(&n).Error
	return n, err
}
