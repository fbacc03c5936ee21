package mini

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"regexp"
	"strings"

	"wuyepay/sandbox/crypt"
)

// sceneForm has no %, so Chinese cannot be escaped into a scene.
var sceneForm = regexp.MustCompile(`^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}$`)

// serveQRCode answers getwxacodeunlimit with a picture that looks like a code and
// cannot be scanned.
func (s *Service) serveQRCode(c *call) (any, error) {
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
		return nil, &refusal{40169, "invalid scene"}
	case strings.HasPrefix(in.Page, "/") || strings.Contains(in.Page, "?"):
		return nil, &refusal{41030, "invalid page"}
	case in.Width != 0 && (in.Width < 280 || in.Width > 1280), !validEnv(in.EnvVersion):
		return nil, &refusal{40097, "invalid args"}
	}
	if in.Width == 0 {
		in.Width = 430
	}
	return picture(in.Scene+"@"+in.Page, in.Width)
}

// picture draws modules that depend on the text, with the three corner eyes of a code.
func picture(text string, width int) ([]byte, error) {
	const modules, border = 29, 2
	bits := ""
	for len(bits) < modules*modules {
		bits += crypt.Derive(40, text, bits)
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
