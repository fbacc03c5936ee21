package sandbox

import "time"

// codes are the one-time codes that were not used yet.
type codes struct {
	login index[string, mintedCode] // of wx.login
	phone index[string, mintedCode] // of the phone number button
	used  index[string, time.Time]
}

// mintedCode is a one-time code and what it stands for.
type mintedCode struct {
	value string // openid or phone number
	until time.Time
}

const codeLife = 5 * time.Minute

// MintLoginCode makes a one-time wx.login code for a user; the openid is
// issued if it is new, and made if it is "".
func (s *miniService) MintLoginCode(openID string) string {
	if openID == "" {
		openID = "o" + randomText(27)
	}
	s.users.issue(openID, "")
	code := "0" + randomText(31)
	s.codes.login.put(code, mintedCode{openID, time.Now().Add(codeLife)})
	return code
}

// MintPhoneCode makes a one-time getPhoneNumber code for a phone number.
func (s *miniService) MintPhoneCode(phone string) string {
	code := randomHex(64)
	s.codes.phone.put(code, mintedCode{phone, time.Now().Add(codeLife)})
	return code
}

// redeem uses up a one-time code.
func (c *codes) redeem(from *index[string, mintedCode], code string) (string, *appError) {
	minted, ok := from.take(code)
	if !ok {
		if _, used := c.used.get(code); used {
			return "", &appError{40163, "code been used"}
		}
		return "", &appError{40029, "invalid code"}
	}
	c.used.put(code, minted.until)
	if time.Now().After(minted.until) {
		return "", &appError{40029, "invalid code"}
	}
	return minted.value, nil
}
