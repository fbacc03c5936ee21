package user

import (
	"encoding/json"
	"maps"
	"sync"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/crypt"
	"wuyepay/sandbox/store"
)

// Kinds of lines in the state file.
const (
	recordUser    = "user"
	recordMessage = "message"
)

// firstMsgID gives message ids WeChat's 13 digits.
const firstMsgID = 3_000_000_000_000

// Set are the people of the mini-program: who they are, what they agreed to
// receive and what they received.
type Set struct {
	core     *core.Core
	byOpenID store.Index[string, *User]
	list     store.List[*User]
	inbox    store.List[Message] // of all users
}

func NewSet(k *core.Core) *Set { return &Set{core: k} }

// User is one person on the mini-program.
type User struct {
	OpenID string
	Name   string // of dev-<name>, "" if minted

	mu       sync.Mutex
	quota    map[string]int // sends left by template id
	messages []Message
}

type userRecord struct {
	OpenID string         `json:"openid"`
	Name   string         `json:"name,omitempty"`
	Quota  map[string]int `json:"quota,omitempty"`
}

// record is a copy for the store. mu held, or the user is not shared yet.
func (u *User) record() userRecord { return userRecord{u.OpenID, u.Name, maps.Clone(u.quota)} }

// Issued says whether the sandbox ever gave out this openid.
func (s *Set) Issued(openID string) bool {
	_, ok := s.byOpenID.Get(openID)
	return ok
}

// OpenID is the openid of a named user of the mini-program, the same one that
// logging in with the code "dev-" + name gives. The user is issued by this.
func (s *Set) OpenID(name string) string {
	openID := "o" + crypt.Derive(27, "openid", s.core.Config.AppID, name)
	s.Issue(openID, name)
	return openID
}

// Issue makes an openid known; knowing it already is fine.
func (s *Set) Issue(openID, name string) *User {
	if u, ok := s.byOpenID.Get(openID); ok {
		return u
	}
	made := &User{OpenID: openID, Name: name, quota: map[string]int{}}
	u, loaded := s.byOpenID.Add(openID, made)
	if !loaded {
		s.list.Append(made)
		s.core.Store.Queue(recordUser, made.record())
	}
	return u
}

// Messages lists what reached one user's phone, oldest first; "" is everybody.
func (s *Set) Messages(openID string) []Message {
	if openID == "" {
		return s.inbox.Snapshot()
	}
	u, ok := s.byOpenID.Get(openID)
	if !ok {
		return nil
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.messages[:len(u.messages):len(u.messages)]
}

// Newest is at most n of the users that were issued last, the last one first.
func (s *Set) Newest(n int) []*User { return s.list.Newest(n) }

// NewestMessages is at most n of the last messages, the last one first.
func (s *Set) NewestMessages(n int) []Message { return s.inbox.Newest(n) }

// Grant lets a user receive n more messages of a template and returns the
// ticket to wait for.
func (s *Set) Grant(openID, templateID string, n int) uint64 {
	u := s.Issue(openID, "")
	u.mu.Lock()
	defer u.mu.Unlock()
	u.quota[templateID] += n
	return s.core.Store.Queue(recordUser, u.record())
}

// Quota is how many messages of a template a user still accepts.
func (s *Set) Quota(openID, templateID string) int {
	u, ok := s.byOpenID.Get(openID)
	if !ok {
		return 0
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.quota[templateID]
}

// Receive spends one agreement and keeps the message, both or neither. It
// gives the message its id, and returns the ticket to wait for.
func (s *Set) Receive(m *Message) (uint64, bool) {
	u, ok := s.byOpenID.Get(m.OpenID)
	if !ok {
		return 0, false
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.quota[m.TemplateID] <= 0 {
		return 0, false
	}
	u.quota[m.TemplateID]--
	m.MsgID = firstMsgID + s.core.Next()
	u.messages = append(u.messages, *m)
	s.inbox.Append(*m)
	s.core.Store.Queue(recordUser, u.record())
	return s.core.Store.Queue(recordMessage, m), true
}

// Replay takes one line of the state file; known is false if it is not about
// users.
func (s *Set) Replay(kind string, value json.RawMessage) (known bool, err error) {
	switch kind {
	case recordUser:
		return true, s.replayUser(value)
	case recordMessage:
		return true, s.replayMessage(value)
	}
	return false, nil
}

// replayUser takes a user's last record; the last one wins.
func (s *Set) replayUser(value json.RawMessage) error {
	var rec userRecord
	if err := json.Unmarshal(value, &rec); err != nil {
		return err
	}
	if rec.Quota == nil {
		rec.Quota = map[string]int{}
	}
	if u, ok := s.byOpenID.Get(rec.OpenID); ok {
		u.quota = rec.Quota
		return nil
	}
	u := &User{OpenID: rec.OpenID, Name: rec.Name, quota: rec.Quota}
	s.byOpenID.Put(u.OpenID, u)
	s.list.Append(u)
	return nil
}

// replayMessage puts a message back where it was received.
func (s *Set) replayMessage(value json.RawMessage) error {
	var m Message
	if err := json.Unmarshal(value, &m); err != nil {
		return err
	}
	if u, ok := s.byOpenID.Get(m.OpenID); ok {
		u.messages = append(u.messages, m)
		s.inbox.Append(m)
	}
	s.core.Raise(m.MsgID - firstMsgID)
	return nil
}
