package meters

import (
	"wuyepay/console/ui"
	"wuyepay/models"
)

// meterPlaces is 抄表: where there are meters to read.
type meterPlaces struct {
	On     models.Date
	Places []models.MeterPlace
}

func Places(c *ui.Call) error {
	places, err := c.View.MeterPlaces(c.Scope())
	if err != nil {
		return err
	}
	return c.Render("meters/meter_places", "抄表", meterPlaces{On: c.View.Today(), Places: places})
}
