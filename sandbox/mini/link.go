package mini

import (
	"strings"
	"time"
	"unicode/utf8"

	"wuyepay/sandbox/crypt"
)

// longestLink is how long a link may be valid.
const longestLink = 30 * 24 * time.Hour

// linkIn is a request for a link or a scheme.
type linkIn struct {
	Path           string `json:"path"`
	Query          string `json:"query"`
	ExpireType     int    `json:"expire_type"`
	ExpireTime     int64  `json:"expire_time"`
	ExpireInterval int    `json:"expire_interval"`
	EnvVersion     string `json:"env_version"`
}

// check applies the limits that URL links and schemes share.
func (in *linkIn) check() *refusal {
	switch {
	case strings.ContainsAny(in.Path, "?#") || strings.Contains(in.Path, "://"):
		return &refusal{40165, "invalid weapp pagepath"}
	case utf8.RuneCountInString(in.Query) > 1024:
		return &refusal{40212, "invalid query"}
	case !validEnv(in.EnvVersion):
		return &refusal{40097, "invalid args"}
	case in.ExpireType == 1:
		if in.ExpireInterval < 1 || in.ExpireInterval > 30 {
			return &refusal{85401, "time limit between 1min and 1year"}
		}
	case in.ExpireType != 0:
		return &refusal{40097, "invalid args"}
	case in.ExpireTime != 0:
		left := time.Until(time.Unix(in.ExpireTime, 0))
		if left < time.Minute || left > longestLink {
			return &refusal{85401, "time limit between 1min and 1year"}
		}
	}
	return nil
}

// validEnv reports whether there is such a version of the mini-program.
func validEnv(env string) bool {
	return env == "" || env == "release" || env == "trial" || env == "develop"
}

// serveURLLink answers generate_urllink. The link leads nowhere.
func (s *Service) serveURLLink(c *call) (any, error) {
	var in linkIn
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if e := in.check(); e != nil {
		return nil, e
	}
	return struct {
		appOK
		URLLink string `json:"url_link"`
	}{okReply, "https://wxaurl.cn/" + crypt.RandomText(11)}, nil
}

// serveScheme answers generatescheme. The SDK nests the page in jump_wxa and leaves the
// expiry outside.
func (s *Service) serveScheme(c *call) (any, error) {
	var in struct {
		JumpWxa linkIn `json:"jump_wxa"`
		linkIn
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	in.linkIn.Path, in.linkIn.Query, in.linkIn.EnvVersion = in.JumpWxa.Path, in.JumpWxa.Query, in.JumpWxa.EnvVersion
	if e := in.linkIn.check(); e != nil {
		return nil, e
	}
	return struct {
		appOK
		OpenLink string `json:"openlink"`
	}{okReply, "weixin://dl/business/?t=" + crypt.RandomText(11)}, nil
}
