package models

import "errors"

// User is a person on a phone, known by the openid under our mini-program.
type User struct {
	ID          string
	AppID       string
	OpenID      string `gorm:"column:openid"`
	UnionID     string `gorm:"column:unionid"`
	PhoneCipher []byte
	PhoneIndex  string
	CreatedAt   Time
	UpdatedAt   Time
}

const phoneColumnUser = "users.phone_cipher"

const userColumns = "id, app_id, openid, unionid, phone_cipher, phone_index, created_at, updated_at"

func (u *User) dest() []any {
	return []any{&u.ID, &u.AppID, &u.OpenID, &u.UnionID, &u.PhoneCipher, &u.PhoneIndex, &u.CreatedAt, &u.UpdatedAt}
}

// EnsureUser finds the user of an openid, or makes them.
func (tx *Tx) EnsureUser(appID, openID, unionID string) (User, error) {
	u, err := tx.userByOpenID(appID, openID)
	if !errors.Is(err, ErrNotFound) {
		return u, err
	}
	u = User{ID: NewID(), AppID: appID, OpenID: openID, UnionID: unionID, CreatedAt: tx.Now, UpdatedAt: tx.Now}
	err = tx.create(&u)
	if err != nil && tx.isDuplicate(err) { // two first logins at once
		return tx.userByOpenID(appID, openID)
	}
	return u, err
}

func (tx *Tx) userByOpenID(appID, openID string) (User, error) {
	var u User
	return u, tx.one(u.dest(), "SELECT "+userColumns+" FROM users WHERE app_id = ? AND openid = ?", appID, openID)
}

var sqlUserByID = hot("SELECT " + userColumns + " FROM users WHERE id = ?")

// UserByID finds a user.
func (tx *Tx) UserByID(id string) (User, error) {
	var u User
	return u, tx.one(u.dest(), sqlUserByID, id)
}

var sqlUserOfToken = hot(`SELECT u.id, u.app_id, u.openid, u.unionid, u.phone_cipher, u.phone_index, u.created_at, u.updated_at
	FROM sessions s JOIN users u ON u.id = s.subject_id WHERE s.token_hash = ? AND s.subject = 'user' AND s.expires_at > ?`)

// UserOfToken gives the user whom a token signs in; [ErrUnauthorized] if it is
// unknown or expired. One statement, because every call of the owner API begins
// with it.
func (tx *Tx) UserOfToken(token string) (User, error) {
	var u User
	err := tx.one(u.dest(), sqlUserOfToken, tokenHash(token), RealNow())
	if errors.Is(err, ErrNotFound) {
		err = ErrUnauthorized
	}
	return u, err
}

// UserPhone opens the user's own phone number; empty if they never gave it.
func (tx *Tx) UserPhone(u User) (string, error) {
	return tx.db.vault.open(phoneColumnUser, u.PhoneCipher)
}

// SetUserPhone keeps the phone number that WeChat vouches for.
func (tx *Tx) SetUserPhone(userID, phone string) error {
	v := tx.db.vault
	return tx.must("UPDATE users SET phone_cipher = ?, phone_index = ?, updated_at = ? WHERE id = ?",
		v.seal(phoneColumnUser, phone), v.blind(phone), tx.Now, userID)
}
