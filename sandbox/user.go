package sandbox

import (
	"crypto/sha256"
	"encoding/json"
	"maps"
	"math/big"
	"strings"
	"sync"
	"time"
)

// phones are the owners' phones: who they are, what they agreed to receive
// and what they received.
type phones struct {
	users      index[string, *user] // by openid
	list       sequence[*user]
	loginCodes index[string, mintedCode] // one-time, of wx.login
	phoneCodes index[string, mintedCode] // one-time, of the phone number button
	usedCodes  index[string, time.Time]
	inbox      sequence[Message] // of all phones
}

// mintedCode is a one-time code and what it stands for.
type mintedCode struct {
	value string // openid or phone number
	until time.Time
}

const codeLife = 5 * time.Minute

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
func (p *phones) issued(openID string) bool {
	_, ok := p.users.get(openID)
	return ok
}

// derive makes n base-62 characters out of words, always the same ones.
func derive(n int, words ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	text := new(big.Int).SetBytes(sum[:]).Text(62)
	return (text + strings.Repeat("0", n))[:n]
}

// OpenID is the openid of a named user of the mini-program, the same one that
// logging in with the code "dev-" + name gives. The user is issued by this.
func (s *Server) OpenID(name string) string {
	openID := "o" + derive(27, "openid", s.cfg.AppID, name)
	s.issueUser(openID, name)
	return openID
}

// issueUser makes an openid known; knowing it already is fine.
func (s *Server) issueUser(openID, name string) *user {
	if u, ok := s.phones.users.get(openID); ok {
		return u
	}
	made := &user{openID: openID, name: name, quota: map[string]int{}}
	u, loaded := s.phones.users.add(openID, made)
	if !loaded {
		s.phones.list.append(made)
		s.store.queue(recordUser, made.record())
	}
	return u
}

// MintLoginCode makes a one-time wx.login code for a user; the openid is
// issued if it is new, and made if it is "".
func (s *Server) MintLoginCode(openID string) string {
	if openID == "" {
		openID = "o" + randomText(27)
	}
	s.issueUser(openID, "")
	code := "0" + randomText(31)
	s.phones.loginCodes.put(code, mintedCode{openID, time.Now().Add(codeLife)})
	return code
}

// MintPhoneCode makes a one-time getPhoneNumber code for a phone number.
func (s *Server) MintPhoneCode(phone string) string {
	code := randomHex(64)
	s.phones.phoneCodes.put(code, mintedCode{phone, time.Now().Add(codeLife)})
	return code
}

// Messages lists what reached one user's phone, oldest first; "" is everybody.
func (s *Server) Messages(openID string) []Message {
	if openID == "" {
		return s.phones.inbox.snapshot()
	}
	u, ok := s.phones.users.get(openID)
	if !ok {
		return nil
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.messages[:len(u.messages):len(u.messages)]
}

// replayUser takes a user's last record; the last one wins.
func (p *phones) replayUser(value json.RawMessage) error {
	var rec userRecord
	if err := json.Unmarshal(value, &rec); err != nil {
		return err
	}
	if rec.Quota == nil {
		rec.Quota = map[string]int{}
	}
	if u, ok := p.users.get(rec.OpenID); ok {
		u.quota = rec.Quota
		return nil
	}
	u := &user{openID: rec.OpenID, name: rec.Name, quota: rec.Quota}
	p.users.put(u.openID, u)
	p.list.append(u)
	return nil
}

// replayMessage puts a message back where it was received and returns its id.
func (p *phones) replayMessage(value json.RawMessage) (int64, error) {
	var m Message
	if err := json.Unmarshal(value, &m); err != nil {
		return 0, err
	}
	if u, ok := p.users.get(m.OpenID); ok {
		u.messages = append(u.messages, m)
		p.inbox.append(m)
	}
	return m.MsgID, nil
}
