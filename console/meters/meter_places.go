package meters

import (
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/fees"
)

// meterPlaces is the page 抄表: where there are meters to read.
type meterPlaces struct {
	On     models.Date
	Places []fees.MeterPlace
	Open   []fees.WithdrawalLine // readings that somebody asked to withdraw
}

// maxOpen is how many requests to withdraw a reading the page shows.
const maxOpen = 100

// Places shows 抄表: the buildings with meters to read.
func Places(c *ui.Call) error {
	places, err := fees.MeterPlaces(c.View, c.Scope())
	if err != nil {
		return err
	}
	open, err := fees.Withdrawals(c.View, c.Scope(), true, maxOpen)
	if err != nil {
		return err
	}
	return c.Render("meters/meter_places", "抄表", meterPlaces{On: c.View.Today(), Places: places, Open: open})
}
