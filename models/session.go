package models

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"time"
)

// Session is a signed-in user or member of staff. Only the SHA-256 of the token
// is kept, so a stolen database signs nobody in.
type Session struct {
	TokenHash string
	Subject   string
	SubjectID string
	CreatedAt Time
	ExpiresAt Time
}

// Subjects of a session.
const (
	SessionUser  = "user"
	SessionStaff = "staff"
)

func tokenHash(token string) string {
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
func (tx *Tx) StartSession(subject, subjectID string, valid time.Duration) (token string, expires Time, err error) {
	token = NewToken()
	now := RealNow()
	expires = At(now.Add(valid))
	_, err = tx.exec("INSERT INTO sessions (token_hash, subject, subject_id, created_at, expires_at) VALUES (?,?,?,?,?)",
		tokenHash(token), subject, subjectID, now, expires)
	return token, expires, err
}

var sqlSession = hot("SELECT subject_id FROM sessions WHERE token_hash = ? AND subject = ? AND expires_at > ?")

// SessionSubject gives whom a token signs in; [ErrUnauthorized] if it is unknown
// or expired.
func (tx *Tx) SessionSubject(subject, token string) (subjectID string, err error) {
	err = tx.one([]any{&subjectID}, sqlSession, tokenHash(token), subject, RealNow())
	if errors.Is(err, ErrNotFound) {
		err = ErrUnauthorized
	}
	return subjectID, err
}

// EndSession signs out; an unknown token is no error.
func (tx *Tx) EndSession(token string) error {
	_, err := tx.exec("DELETE FROM sessions WHERE token_hash = ?", tokenHash(token))
	return err
}

// EndSessionsOf signs a subject out everywhere.
func (tx *Tx) EndSessionsOf(subject, subjectID string) error {
	_, err := tx.exec("DELETE FROM sessions WHERE subject = ? AND subject_id = ?", subject, subjectID)
	return err
}

// PurgeSessions removes expired sessions and gives their number.
func (tx *Tx) PurgeSessions() (int64, error) {
	return tx.exec("DELETE FROM sessions WHERE expires_at <= ?", RealNow())
}
