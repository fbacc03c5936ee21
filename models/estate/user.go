package estate

import (
	"errors"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// User is a person on a phone, known by the openid under our mini-program. The phone
// number is the one that WeChat vouched for; it is sealed, and found by its blind
// index.
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

var userTable = store.NewTable[User]("users")

const phoneColumnUser = "users.phone_cipher"

// EnsureUser returns the user of an openid under a mini-program, and makes them if
// there is none.
func EnsureUser(tx *store.Tx, appID, openID, unionID string) (User, error) {
	u, err := userByOpenID(tx, appID, openID)
	if !errors.Is(err, models.ErrNotFound) {
		return u, err
	}
	u = User{ID: models.NewID(), AppID: appID, OpenID: openID, UnionID: unionID, CreatedAt: tx.Now, UpdatedAt: tx.Now}
	err = store.G[User](tx).Create(tx.Context(), &u)
	if err != nil && tx.IsDuplicate(err) { // two first logins at once
		return userByOpenID(tx, appID, openID)
	}
	return u, err
}

func userByOpenID(tx *store.Tx, appID, openID string) (User, error) {
	return store.G[User](tx).Where("app_id = ? AND openid = ?", appID, openID).Take(tx.Context())
}

var (
	sqlUserByID    = store.Hot(userTable.Select("WHERE id = ?"))
	sqlUserOfToken = store.Hot("SELECT " + userTable.Of("u") +
		" FROM sessions s JOIN users u ON u.id = s.subject_id WHERE s.token_hash = ? AND s.subject = 'user' AND s.expires_at > ?")
)

// UserByID returns a user, or [models.ErrNotFound].
func UserByID(tx *store.Tx, id string) (User, error) { return store.Row[User](tx, sqlUserByID, id) }

// UserOfToken returns the user whom a token signs in; [models.ErrUnauthorized] if it is
// unknown or expired. It is one statement, because every call of the owner API begins
// with it.
func UserOfToken(tx *store.Tx, token string) (User, error) {
	u, err := store.Row[User](tx, sqlUserOfToken, office.TokenHash(token), models.RealNow())
	if errors.Is(err, models.ErrNotFound) {
		err = models.ErrUnauthorized
	}
	return u, err
}

// UsersOfPhone returns the ids of the users whose phone number (digits) WeChat has
// vouched for. An empty phone is nobody's.
func UsersOfPhone(tx *store.Tx, phone string) (ids []string, err error) {
	if phone == "" {
		return nil, nil
	}
	err = store.G[User](tx).Select("id").Where("phone_index = ?", PhoneIndex(tx, phone)).Order("id").Scan(tx.Context(), &ids)
	return ids, err
}

// UserPhone returns the user's own phone number in clear; empty if they never gave it.
func UserPhone(tx *store.Tx, u User) (string, error) {
	return tx.Vault().Open(phoneColumnUser, u.PhoneCipher)
}

// SetUserPhone keeps the phone number (digits) that WeChat vouches for.
func SetUserPhone(tx *store.Tx, userID, phone string) error {
	v := tx.Vault()
	return tx.ExecOne("UPDATE users SET phone_cipher = ?, phone_index = ?, updated_at = ? WHERE id = ?",
		v.Seal(phoneColumnUser, phone), v.Blind(phone), tx.Now, userID)
}
