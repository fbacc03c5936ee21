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

// Session is a signed-in user or member of staff. Only the SHA-256 of the token
// is kept, so a stolen database signs nobody in.
type Session struct {
	TokenHash string
	Subject   string
	SubjectID string
	CreatedAt models.Time
	ExpiresAt models.Time
}

// Subjects of a session.
const (
	SessionUser  = "user"
	SessionStaff = "staff"
)

func TokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// NewToken makes a random token of 256 bits.
func NewToken() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}

// StartSession signs a subject in for some time. Sessions keep real time: a set
// business clock must not lengthen or end them.
func StartSession(tx *store.Tx, subject, subjectID string, valid time.Duration) (token string, expires models.Time, err error) {
	token = NewToken()
	now := models.RealNow()
	expires = models.At(now.Add(valid))
	_, err = tx.Exec("INSERT INTO sessions (token_hash, subject, subject_id, created_at, expires_at) VALUES (?,?,?,?,?)",
		TokenHash(token), subject, subjectID, now, expires)
	return token, expires, err
}

var sqlSession = store.Hot("SELECT subject_id FROM sessions WHERE token_hash = ? AND subject = ? AND expires_at > ?")

// SessionSubject gives whom a token signs in; [models.ErrUnauthorized] if it is unknown
// or expired.
func SessionSubject(tx *store.Tx, subject, token string) (subjectID string, err error) {
	err = tx.QueryRow([]any{&subjectID}, sqlSession, TokenHash(token), subject, models.RealNow())
	if errors.Is(err, models.ErrNotFound) {
		err = models.ErrUnauthorized
	}
	return subjectID, err
}

// EndSession signs out; an unknown token is no error.
func EndSession(tx *store.Tx, token string) error {
	_, err := tx.Exec("DELETE FROM sessions WHERE token_hash = ?", TokenHash(token))
	return err
}

// EndSessionsOf signs a subject out everywhere.
func EndSessionsOf(tx *store.Tx, subject, subjectID string) error {
	_, err := tx.Exec("DELETE FROM sessions WHERE subject = ? AND subject_id = ?", subject, subjectID)
	return err
}

// PurgeSessions removes expired sessions and gives their number.
func PurgeSessions(tx *store.Tx) (int64, error) {
	return tx.Exec("DELETE FROM sessions WHERE expires_at <= ?", models.RealNow())
}
