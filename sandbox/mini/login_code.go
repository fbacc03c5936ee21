package mini

import (
	"time"

	"wuyepay/sandbox/crypt"
	"wuyepay/sandbox/store"
)

// codes holds the one-time codes.
type codes struct {
	login store.Index[string, mintedCode] // of wx.login
	phone store.Index[string, mintedCode] // of the phone number button
	used  store.Index[string, time.Time]
}

// mintedCode is a one-time code and what it stands for.
type mintedCode struct {
	value string // openid or phone number
	until time.Time
}

// codeLife is how long a one-time code is good, in real time.
const codeLife = 5 * time.Minute

// MintLoginCode returns a one-time wx.login code for a user. A new openid is issued,
// and an empty one is made up.
func (s *Service) MintLoginCode(openID string) string {
	if openID == "" {
		openID = "o" + crypt.RandomText(27)
	}
	s.users.Issue(openID, "")
	code := "0" + crypt.RandomText(31)
	s.codes.login.Put(code, mintedCode{openID, time.Now().Add(codeLife)})
	return code
}

// MintPhoneCode returns a one-time getPhoneNumber code for a phone number.
func (s *Service) MintPhoneCode(phone string) string {
	code := crypt.RandomHex(64)
	s.codes.phone.Put(code, mintedCode{phone, time.Now().Add(codeLife)})
	return code
}

// redeem uses up a one-time code and returns what it stands for.
func (c *codes) redeem(from *store.Index[string, mintedCode], code string) (string, *refusal) {
	minted, ok := from.Take(code)
	if !ok {
		if _, used := c.used.Get(code); used {
			return "", &refusal{40163, "code been used"}
		}
		return "", &refusal{40029, "invalid code"}
	}
	c.used.Put(code, minted.until)
	if time.Now().After(minted.until) {
		return "", &refusal{40029, "invalid code"}
	}
	return minted.value, nil
}
