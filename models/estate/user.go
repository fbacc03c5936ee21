package estate

import (
	"errors"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// UsersOfPhone gives the users whose phone number WeChat has vouched for.
func UsersOfPhone(tx *store.Tx, phone string) ([]string, error) {
	if phone == "" {
		return nil, nil
	}
	var out []string
	err := tx.QueryRows(func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		out = append(out, id)
		return err
	}, "SELECT id FROM users WHERE phone_index = ? ORDER BY id", PhoneIndex(tx, phone))
	return out, err
}

// User is a person on a phone, known by the openid under our mini-program.
type User struct {
	ID          string
	AppID       string
	OpenID      string `gorm:"column:openid"`
	UnionID     string `gorm:"column:unionid"`
	PhoneCipher []byte
	PhoneIndex  string
	CreatedAt   models.Time
	UpdatedAt   models.Time
}

const phoneColumnUser = "users.phone_cipher"

const userColumns = "id, app_id, openid, unionid, phone_cipher, phone_index, created_at, updated_at"

func (u *User) dest() []any {
	return []any{&u.ID, &u.AppID, &u.OpenID, &u.UnionID, &u.PhoneCipher, &u.PhoneIndex, &u.CreatedAt, &u.UpdatedAt}
}

// EnsureUser finds the user of an openid, or makes them.
func EnsureUser(tx *store.Tx, appID, openID, unionID string) (User, error) {
	u, err := userByOpenID(tx, appID, openID)
	if !errors.Is(err, models.ErrNotFound) {
		return u, err
	}
	u = User{ID: models.NewID(), AppID: appID, OpenID: openID, UnionID: unionID, CreatedAt: tx.Now, UpdatedAt: tx.Now}
	err = tx.Create(&u)
	if err != nil && tx.IsDuplicate(err) { // two first logins at once
		return userByOpenID(tx, appID, openID)
	}
	return u, err
}

func userByOpenID(tx *store.Tx, appID, openID string) (User, error) {
	var u User
	return u, tx.QueryRow(u.dest(), "SELECT "+userColumns+" FROM users WHERE app_id = ? AND openid = ?", appID, openID)
}

var sqlUserByID = store.Hot("SELECT " + userColumns + " FROM users WHERE id = ?")

// UserByID finds a user.
func UserByID(tx *store.Tx, id string) (User, error) {
	var u User
	return u, tx.QueryRow(u.dest(), sqlUserByID, id)
}

var sqlUserOfToken = store.Hot(`SELECT u.id, u.app_id, u.openid, u.unionid, u.phone_cipher, u.phone_index, u.created_at, u.updated_at
	FROM sessions s JOIN users u ON u.id = s.subject_id WHERE s.token_hash = ? AND s.subject = 'user' AND s.expires_at > ?`)

// UserOfToken gives the user whom a token signs in; [models.ErrUnauthorized] if it is
// unknown or expired. One statement, because every call of the owner API begins
// with it.
func UserOfToken(tx *store.Tx, token string) (User, error) {
	var u User
	err := tx.QueryRow(u.dest(), sqlUserOfToken, office.TokenHash(token), models.RealNow())
	if errors.Is(err, models.ErrNotFound) {
		err = models.ErrUnauthorized
	}
	return u, err
}

// UserPhone opens the user's own phone number; empty if they never gave it.
func UserPhone(tx *store.Tx, u User) (string, error) {
	return tx.Vault().Open(phoneColumnUser, u.PhoneCipher)
}

// SetUserPhone keeps the phone number that WeChat vouches for.
func SetUserPhone(tx *store.Tx, userID, phone string) error {
	v := tx.Vault()
	return tx.ExecOne("UPDATE users SET phone_cipher = ?, phone_index = ?, updated_at = ? WHERE id = ?",
		v.Seal(phoneColumnUser, phone), v.Blind(phone), tx.Now, userID)
}
