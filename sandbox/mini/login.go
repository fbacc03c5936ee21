package mini

import (
	"crypto/rand"
	"encoding/base64"
	"regexp"
	"time"
)

// The codes that are always good.
var (
	devCode   = regexp.MustCompile(`^dev-([0-9A-Za-z-]{1,40})$`)
	phoneCode = regexp.MustCompile(`^phone-(1[0-9]{10})$`)
)

// sessionReply is the reply of jscode2session.
type sessionReply struct {
	SessionKey string `json:"session_key"`
	OpenID     string `json:"openid"`
}

// serveLogin answers jscode2session. The code dev-<name> is always good, so a developer
// needs no phone.
func (s *Service) serveLogin(c *call) (any, error) {
	q := c.r.URL.Query()
	if q.Get("grant_type") != "authorization_code" {
		return nil, &refusal{40002, "invalid grant_type"}
	}
	if e := s.checkApp(q.Get("appid"), q.Get("secret")); e != nil {
		return nil, e
	}
	code := q.Get("js_code")
	var openID string
	if m := devCode.FindStringSubmatch(code); m != nil {
		openID = s.users.OpenID(m[1])
	} else {
		var e *refusal
		if openID, e = s.codes.redeem(&s.codes.login, code); e != nil {
			return nil, e
		}
	}
	key := make([]byte, 16)
	rand.Read(key)
	return sessionReply{base64.StdEncoding.EncodeToString(key), openID}, nil
}

// phoneInfo is the phone number in the reply of getuserphonenumber.
type phoneInfo struct {
	PhoneNumber     string         `json:"phoneNumber"`
	PurePhoneNumber string         `json:"purePhoneNumber"`
	CountryCode     string         `json:"countryCode"` // a string, as clients require
	Watermark       phoneWatermark `json:"watermark"`
}

// phoneWatermark is the origin of a phone number.
type phoneWatermark struct {
	Timestamp int64  `json:"timestamp"`
	AppID     string `json:"appid"`
}

// servePhone answers getuserphonenumber. The code phone-<number> is always good for
// that number.
func (s *Service) servePhone(c *call) (any, error) {
	var in struct {
		Code   string `json:"code"`
		OpenID string `json:"openid"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	var phone string
	if m := phoneCode.FindStringSubmatch(in.Code); m != nil {
		phone = m[1]
	} else {
		var e *refusal
		if phone, e = s.codes.redeem(&s.codes.phone, in.Code); e != nil {
			if e.code == 40163 {
				e = &refusal{40029, "invalid code"}
			}
			return nil, e
		}
	}
	return struct {
		appOK
		PhoneInfo phoneInfo `json:"phone_info"`
	}{okReply, phoneInfo{
		PhoneNumber: phone, PurePhoneNumber: phone, CountryCode: "86",
		Watermark: phoneWatermark{time.Now().Unix(), s.core.Config.AppID},
	}}, nil
}

// MobileNumber reports whether a text is a phone number that a code can be for.
func MobileNumber(text string) bool { return phoneCode.MatchString("phone-" + text) }
