package models

import "strings"

// Roles of staff.
const (
	RoleCashier = "cashier" // 收费员
	RoleSteward = "steward" // 管家: sees only their buildings
	RoleFinance = "finance" // 财务
	RoleManager = "manager" // 项目经理
	RoleAdmin   = "admin"   // 管理员
)

// StaffRoles lists the roles.
var StaffRoles = []string{RoleCashier, RoleSteward, RoleFinance, RoleManager, RoleAdmin}

// Staff is a person who signs in at the console. A steward sees the rooms whose
// Steward is their Name.
type Staff struct {
	ID           string
	Username     string
	Name         string
	Role         string
	PasswordHash string
	Disabled     bool
	CreatedAt    Time
	UpdatedAt    Time
}

// TableName is the table.
func (Staff) TableName() string { return "staff" }

// Actor is the member of staff as who does something.
func (s Staff) Actor() Actor { return Actor{Kind: ActorStaff, ID: s.ID, Name: s.Name} }

// ErrUsernameTaken says that an account of this name exists.
var ErrUsernameTaken = Refusal(KindConflict, "USERNAME_TAKEN", "该用户名已存在")

// AddStaff makes an account. The password is hashed by the caller.
func (tx *Tx) AddStaff(by Actor, s *Staff) error {
	s.ID, s.CreatedAt, s.UpdatedAt = NewID(), tx.Now, tx.Now
	if s.Name = strings.TrimSpace(s.Name); s.Name == "" {
		s.Name = s.Username
	}
	if err := tx.create(s); err != nil {
		if tx.isDuplicate(err) {
			return ErrUsernameTaken
		}
		return err
	}
	return tx.Audit(by, "staff.added", "staff", s.ID, map[string]string{"username": s.Username, "role": s.Role})
}

// StaffByUsername finds an account that may sign in.
func (tx *Tx) StaffByUsername(username string) (Staff, error) {
	return tx.staffWhere("username = ? AND disabled = 0", username)
}

// StaffByID finds an account that may sign in.
func (tx *Tx) StaffByID(id string) (Staff, error) {
	return tx.staffWhere("id = ? AND disabled = 0", id)
}

func (tx *Tx) staffWhere(where string, arg any) (Staff, error) {
	var s Staff
	res := tx.g().Where(where, arg).Limit(1).Find(&s)
	if res.Error == nil && res.RowsAffected == 0 {
		return s, ErrNotFound
	}
	return s, res.Error
}

// StaffCount is the number of accounts.
func (tx *Tx) StaffCount() (int64, error) {
	var n int64
	err := tx.g().Model(&Staff{}).Count(&n).Error
	return n, err
}
