package sandbox

import (
	"encoding/json"
	"maps"
	"sync"
)

// Kinds of lines in the state file.
const (
	recordUser    = "user"
	recordMessage = "message"
)

// firstMsgID gives message ids WeChat's 13 digits.
const firstMsgID = 3_000_000_000_000

// users are the people of the mini-program: who they are, what they agreed to
// receive and what they received.
type users struct {
	core     *core
	byOpenID index[string, *user]
	list     sequence[*user]
	inbox    sequence[Message] // of all users
}

func newUsers(k *core) *users { return &users{core: k} }

// user is one person on the mini-program.
type user struct {
	openID string
	name   string // of dev-<name>, "" if minted

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
func (u *user) record() userRecord { return userRecord{u.openID, u.name, maps.Clone(u.quota)} }

// issued says whether the sandbox ever gave out this openid.
func (s *users) issued(openID string) bool {
	_, ok := s.byOpenID.get(openID)
	return ok
}

// openID is the openid of a named user of the mini-program, the same one that
// logging in with the code "dev-" + name gives. The user is issued by this.
func (s *users) openID(name string) string {
	openID := "o" + derive(27, "openid", s.core.cfg.AppID, name)
	s.issue(openID, name)
	return openID
}

// issue makes an openid known; knowing it already is fine.
func (s *users) issue(openID, name string) *user {
	if u, ok := s.byOpenID.get(openID); ok {
		return u
	}
	made := &user{openID: openID, name: name, quota: map[string]int{}}
	u, loaded := s.byOpenID.add(openID, made)
	if !loaded {
		s.list.append(made)
		s.core.store.queue(recordUser, made.record())
	}
	return u
}

// messages lists what reached one user's phone, oldest first; "" is everybody.
func (s *users) messages(openID string) []Message {
	if openID == "" {
		return s.inbox.snapshot()
	}
	u, ok := s.byOpenID.get(openID)
	if !ok {
		return nil
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.messages[:len(u.messages):len(u.messages)]
}

// newest is at most n of the users that were issued last, the last one first.
func (s *users) newest(n int) []*user { return s.list.newest(n) }

// newestMessages is at most n of the last messages, the last one first.
func (s *users) newestMessages(n int) []Message { return s.inbox.newest(n) }

// grant lets a user receive n more messages of a template and returns the
// ticket to wait for.
func (s *users) grant(openID, templateID string, n int) uint64 {
	u := s.issue(openID, "")
	u.mu.Lock()
	defer u.mu.Unlock()
	u.quota[templateID] += n
	return s.core.store.queue(recordUser, u.record())
}

// quota is how many messages of a template a user still accepts.
func (s *users) quota(openID, templateID string) int {
	u, ok := s.byOpenID.get(openID)
	if !ok {
		return 0
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.quota[templateID]
}

// receive spends one agreement and keeps the message, both or neither. It
// gives the message its id, and returns the ticket to wait for.
func (s *users) receive(m *Message) (uint64, bool) {
	u, ok := s.byOpenID.get(m.OpenID)
	if !ok {
		return 0, false
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.quota[m.TemplateID] <= 0 {
		return 0, false
	}
	u.quota[m.TemplateID]--
	m.MsgID = firstMsgID + s.core.next()
	u.messages = append(u.messages, *m)
	s.inbox.append(*m)
	s.core.store.queue(recordUser, u.record())
	return s.core.store.queue(recordMessage, m), true
}

// replay takes one line of the state file; known is false if it is not about
// users.
func (s *users) replay(kind string, value json.RawMessage) (known bool, err error) {
	switch kind {
	case recordUser:
		return true, s.replayUser(value)
	case recordMessage:
		return true, s.replayMessage(value)
	}
	return false, nil
}

// replayUser takes a user's last record; the last one wins.
func (s *users) replayUser(value json.RawMessage) error {
	var rec userRecord
	if err := json.Unmarshal(value, &rec); err != nil {
		return err
	}
	if rec.Quota == nil {
		rec.Quota = map[string]int{}
	}
	if u, ok := s.byOpenID.get(rec.OpenID); ok {
		u.quota = rec.Quota
		return nil
	}
	u := &user{openID: rec.OpenID, name: rec.Name, quota: rec.Quota}
	s.byOpenID.put(u.openID, u)
	s.list.append(u)
	return nil
}

// replayMessage puts a message back where it was received.
func (s *users) replayMessage(value json.RawMessage) error {
	var m Message
	if err := json.Unmarshal(value, &m); err != nil {
		return err
	}
	if u, ok := s.byOpenID.get(m.OpenID); ok {
		u.messages = append(u.messages, m)
		s.inbox.append(m)
	}
	s.core.raise(m.MsgID - firstMsgID)
	return nil
}
