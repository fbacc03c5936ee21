package office

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"time"

	"wuyepay/models"
	"wuyepay/models/store"
)

// Session is a signed-in user or member of staff. Only the SHA-256 of the token is
// kept, so a stolen database signs nobody in.
type Session struct {
	TokenHash string
	Subject   string // SessionUser or SessionStaff
	SubjectID string
	CreatedAt models.Time // real time, as is ExpiresAt
	ExpiresAt models.Time
}

var sessionTable = store.NewTable[Session]("sessions")

// Subjects of a session.
const (
	SessionUser  = "user"
	SessionStaff = "staff"
)

// TokenHash returns the SHA-256 of a token in hexadecimal, as it is kept.
func TokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// NewToken returns a random token of 256 bits, in characters that a URL and a header
// may hold.
func NewToken() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}

// StartSession signs a subject in for some time, and returns the token. Sessions keep
// real time: a set business clock must not lengthen or end them.
func StartSession(tx *store.Tx, subject, subjectID string, valid time.Duration) (token string, expires models.Time, err error) {
	token = NewToken()
	now := models.RealNow()
	expires = models.At(now.Add(valid))
	err = sessionTable.Insert(tx, Session{
		TokenHash: TokenHash(token), Subject: subject, SubjectID: subjectID, CreatedAt: now, ExpiresAt: expires,
	})
	return token, expires, err
}

var sqlSession = store.Hot("SELECT subject_id FROM sessions WHERE token_hash = ? AND subject = ? AND expires_at > ?")

// SessionSubject returns the id of the subject whom a token signs in;
// [models.ErrUnauthorized] if it is unknown, expired or another kind of subject's.
func SessionSubject(tx *store.Tx, subject, token string) (subjectID string, err error) {
	subjectID, err = store.Row[string](tx, sqlSession, TokenHash(token), subject, models.RealNow())
	if errors.Is(err, models.ErrNotFound) {
		err = models.ErrUnauthorized
	}
	return subjectID, err
}

// EndSession signs out. An unknown token is no error.
func EndSession(tx *store.Tx, token string) error {
	_, err := store.G[Session](tx).Where("token_hash = ?", TokenHash(token)).Delete(tx.Context())
	return err
}

// EndSessionsOf signs a subject out everywhere.
func EndSessionsOf(tx *store.Tx, subject, subjectID string) error {
	_, err := store.G[Session](tx).Where("subject = ? AND subject_id = ?", subject, subjectID).Delete(tx.Context())
	return err
}

// PurgeSessions removes expired sessions and returns their number.
func PurgeSessions(tx *store.Tx) (int64, error) {
	n, err := store.G[Session](tx).Where("expires_at <= ?", models.RealNow()).Delete(tx.Context())
	return int64(n), err
}
