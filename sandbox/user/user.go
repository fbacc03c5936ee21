package user

import (
	"encoding/json"
	"maps"
	"sync"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/crypt"
	"wuyepay/sandbox/store"
)

// The kinds of lines in the state file.
const (
	recordUser    = "user"
	recordMessage = "message"
)

// firstMsgID is where message ids begin: they have 13 digits, as at WeChat.
const firstMsgID = 3_000_000_000_000

// Set holds the users of the mini-program.
type Set struct {
	core     *core.Core
	byOpenID store.Index[string, *User]
	list     store.List[*User]
	inbox    store.List[Message] // of all users
}

// NewSet returns a set without users.
func NewSet(k *core.Core) *Set { return &Set{core: k} }

// User is a person on the mini-program.
type User struct {
	OpenID string
	Name   string // of dev-<name>; "" if the openid was minted

	mu       sync.Mutex
	quota    map[string]int // sends left by template id
	messages []Message
}

// userRecord is a user in the state file.
type userRecord struct {
	OpenID string         `json:"openid"`
	Name   string         `json:"name,omitempty"`
	Quota  map[string]int `json:"quota,omitempty"`
}

// record returns a copy for the state file. The caller holds mu, or is the only one who
// knows the user.
func (u *User) record() userRecord { return userRecord{u.OpenID, u.Name, maps.Clone(u.quota)} }

// Issued reports whether the sandbox ever issued an openid.
func (s *Set) Issued(openID string) bool {
	_, ok := s.byOpenID.Get(openID)
	return ok
}

// OpenID returns the openid of a named user. It is the one that a login with the code
// "dev-" + name returns, and counts as issued from now on.
func (s *Set) OpenID(name string) string {
	openID := "o" + crypt.Derive(27, "openid", s.core.Config.AppID, name)
	s.Issue(openID, name)
	return openID
}

// Issue issues an openid. It returns the user who has it if it was issued before.
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

// Messages returns the messages that reached a user's phone, oldest first. An empty
// openid stands for all users.
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

// Newest returns the n users who were issued last, the last one first.
func (s *Set) Newest(n int) []*User { return s.list.Newest(n) }

// NewestMessages returns the last n messages, the last one first.
func (s *Set) NewestMessages(n int) []Message { return s.inbox.Newest(n) }

// Grant allows n more messages of a template to a user. It returns the ticket to wait
// for.
func (s *Set) Grant(openID, templateID string, n int) uint64 {
	u := s.Issue(openID, "")
	u.mu.Lock()
	defer u.mu.Unlock()
	u.quota[templateID] += n
	return s.core.Store.Queue(recordUser, u.record())
}

// Quota returns how many messages of a template a user still accepts.
func (s *Set) Quota(openID, templateID string) int {
	u, ok := s.byOpenID.Get(openID)
	if !ok {
		return 0
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.quota[templateID]
}

// Receive spends one allowed message of the user and keeps m, or does neither and
// returns false. It sets the id of m and returns the ticket to wait for.
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

// Replay takes one line of the state file. It reports in known whether the line is
// about users.
func (s *Set) Replay(kind string, value json.RawMessage) (known bool, err error) {
	switch kind {
	case recordUser:
		return true, s.replayUser(value)
	case recordMessage:
		return true, s.replayMessage(value)
	}
	return false, nil
}

// replayUser takes a record of a user. The last one counts.
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

// replayMessage puts a message back on the phone that received it.
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
