package office

import (
	"strings"

	"wuyepay/models"
	"wuyepay/models/store"
)

// Staff is a person who signs in at the console. A steward sees the rooms whose
// Steward is their Name. A disabled account cannot sign in; it stays for the audit
// log.
type Staff struct {
	ID           string
	Username     string
	Name         string
	Role         string
	PasswordHash string // made by the caller
	Disabled     bool
	CreatedAt    models.Time
	UpdatedAt    models.Time
}

// TableName returns the table, for GORM.
func (Staff) TableName() string { return "staff" }

var _ = store.NewTable[Staff]("staff")

// Actor returns the member of staff as the actor of a change.
func (s Staff) Actor() models.Actor {
	return models.Actor{Kind: models.ActorStaff, ID: s.ID, Name: s.Name}
}

// ErrUsernameTaken says that an account of this name exists, disabled or not.
var ErrUsernameTaken = models.Refusal(models.KindConflict, "USERNAME_TAKEN", "该用户名已存在")

// AddStaff makes an account. It sets ID and the times, and an empty Name to the
// Username. The caller has hashed the password.
func AddStaff(tx *store.Tx, by models.Actor, s *Staff) error {
	s.ID, s.CreatedAt, s.UpdatedAt = models.NewID(), tx.Now, tx.Now
	if s.Name = strings.TrimSpace(s.Name); s.Name == "" {
		s.Name = s.Username
	}
	if err := store.G[Staff](tx).Create(tx.Context(), s); err != nil {
		if tx.IsDuplicate(err) {
			return ErrUsernameTaken
		}
		return err
	}
	return Audit(tx, by, "staff.added", "staff", s.ID, map[string]string{"username": s.Username, "role": s.Role})
}

// StaffByUsername returns an account that may sign in, or [models.ErrNotFound].
func StaffByUsername(tx *store.Tx, username string) (Staff, error) {
	return store.G[Staff](tx).Where("username = ? AND disabled = 0", username).Take(tx.Context())
}

// StaffByID returns an account that may sign in, or [models.ErrNotFound].
func StaffByID(tx *store.Tx, id string) (Staff, error) {
	return store.G[Staff](tx).Where("id = ? AND disabled = 0", id).Take(tx.Context())
}

// AnyStaff returns an account, also a disabled one, or [models.ErrNotFound].
func AnyStaff(tx *store.Tx, id string) (Staff, error) {
	return store.G[Staff](tx).Where("id = ?", id).Take(tx.Context())
}

// StaffNamed returns the name of a member of staff, also of a disabled one, or
// [models.ErrNotFound].
func StaffNamed(tx *store.Tx, id string) (name string, err error) {
	s, err := AnyStaff(tx, id)
	return s.Name, err
}

// StaffCount returns the number of accounts, disabled ones included.
func StaffCount(tx *store.Tx) (int64, error) { return store.G[Staff](tx).Count(tx.Context(), "*") }

// StaffList returns every account, those that may sign in first, by role and name.
func StaffList(tx *store.Tx) ([]Staff, error) {
	return store.G[Staff](tx).Order("disabled, role, name, id").Find(tx.Context())
}
