package console

import "wuyepay/models"

// settingsView is 设置检查: only what was really asked just now, with the time.
type settingsView struct {
	Checks []Check
	At     models.Time
	Failed int
}

func (c *call) settings() error {
	v := settingsView{}
	if c.Checks != nil {
		v.Checks = c.Checks(c.r.Context())
	}
	v.At = models.RealNow()
	for _, k := range v.Checks {
		if !k.OK {
			v.Failed++
		}
	}
	return c.render("settings", "设置检查", v)
}
