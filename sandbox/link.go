package sandbox

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

const longestLink = 30 * 24 * time.Hour

// linkIn is what links and schemes are asked with.
type linkIn struct {
	Path           string `json:"path"`
	Query          string `json:"query"`
	ExpireType     int    `json:"expire_type"`
	ExpireTime     int64  `json:"expire_time"`
	ExpireInterval int    `json:"expire_interval"`
	EnvVersion     string `json:"env_version"`
}

// check applies the limits that URL links and schemes share.
func (in *linkIn) check() *appError {
	switch {
	case strings.ContainsAny(in.Path, "?#") || strings.Contains(in.Path, "://"):
		return &appError{40165, "invalid weapp pagepath"}
	case utf8.RuneCountInString(in.Query) > 1024:
		return &appError{40212, "invalid query"}
	case !validEnv(in.EnvVersion):
		return &appError{40097, "invalid args"}
	case in.ExpireType == 1:
		if in.ExpireInterval < 1 || in.ExpireInterval > 30 {
			return &appError{85401, "time limit between 1min and 1year"}
		}
	case in.ExpireType != 0:
		return &appError{40097, "invalid args"}
	case in.ExpireTime != 0:
		left := time.Until(time.Unix(in.ExpireTime, 0))
		if left < time.Minute || left > longestLink {
			return &appError{85401, "time limit between 1min and 1year"}
		}
	}
	return nil
}

func validEnv(env string) bool {
	return env == "" || env == "release" || env == "trial" || env == "develop"
}

// serveURLLink answers generate_urllink; the link leads nowhere.
func (s *miniService) serveURLLink(c *appCall) (any, error) {
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
	}{okReply, "https://wxaurl.cn/" + randomText(11)}, nil
}

// serveScheme answers generatescheme. The SDK nests the page in jump_wxa and
// leaves the expiry outside.
func (s *miniService) serveScheme(c *appCall) (any, error) {
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
	}{okReply, "weixin://dl/business/?t=" + randomText(11)}, nil
}

// sceneForm has no % in it, so nobody can escape Chinese into a scene.
var sceneForm = regexp.MustCompile(`^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}$`)

// serveQRCode answers getwxacodeunlimit with a picture that looks like a code
// and cannot be scanned.
func (s *miniService) serveQRCode(c *appCall) (any, error) {
	var in struct {
		Scene      string `json:"scene"`
		Page       string `json:"page"`
		Width      int    `json:"width"`
		EnvVersion string `json:"env_version"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	switch {
	case !sceneForm.MatchString(in.Scene):
		return nil, &appError{40169, "invalid scene"}
	case strings.HasPrefix(in.Page, "/") || strings.Contains(in.Page, "?"):
		return nil, &appError{41030, "invalid page"}
	case in.Width != 0 && (in.Width < 280 || in.Width > 1280), !validEnv(in.EnvVersion):
		return nil, &appError{40097, "invalid args"}
	}
	if in.Width == 0 {
		in.Width = 430
	}
	return picture(in.Scene+"@"+in.Page, in.Width)
}

// picture draws modules that depend on the text, with the three corner eyes
// people expect.
func picture(text string, width int) ([]byte, error) {
	const modules, border = 29, 2
	bits := ""
	for len(bits) < modules*modules {
		bits += derive(40, text, bits)
	}
	dark := func(x, y int) bool {
		for _, corner := range [][2]int{{0, 0}, {modules - 7, 0}, {0, modules - 7}} {
			dx, dy := x-corner[0], y-corner[1]
			if dx >= 0 && dx < 7 && dy >= 0 && dy < 7 {
				ring := min(dx, dy, 6-dx, 6-dy)
				return ring != 1
			}
		}
		return bits[y*modules+x]%2 == 0
	}
	img := image.NewGray(image.Rect(0, 0, width, width))
	for py := range width {
		for px := range width {
			x, y := px*(modules+2*border)/width-border, py*(modules+2*border)/width-border
			shade := color.Gray{Y: 255}
			if x >= 0 && y >= 0 && x < modules && y < modules && dark(x, y) {
				shade.Y = 0
			}
			img.SetGray(px, py, shade)
		}
	}
	var buf bytes.Buffer
	err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: 80})
	return buf.Bytes(), err
}
