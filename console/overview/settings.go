package overview

import (
	"wuyepay/console/ui"
	"wuyepay/models"
)

// settingsView is the page 设置检查: what was asked just now, with the time.
type settingsView struct {
	Checks []ui.Check
	At     models.Time
	Failed int
}

// Settings shows 设置检查.
func Settings(c *ui.Call) error {
	v := settingsView{}
	if c.Checks != nil {
		v.Checks = c.Checks(c.R.Context())
	}
	v.At = models.RealNow()
	for _, k := range v.Checks {
		if !k.OK {
			v.Failed++
		}
	}
	return c.Render("overview/settings", "设置检查", v)
}
