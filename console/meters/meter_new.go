package meters

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/billing/metering"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// figures returns fields of the form as numbers. All of them are needed.
func figures(c *ui.Call, names ...string) (out []decimal.Decimal, err error) {
	for _, name := range names {
		d, err := metering.ParseReading(c.Field(name))
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

func dayField(c *ui.Call, name string) (models.Date, error) {
	d, err := models.ParseDate(c.Field(name))
	if err != nil {
		return 0, metering.ErrReadDay
	}
	return d, nil
}

// digits returns how many digits the meter has, or 0 if the form leaves that open.
func digits(c *ui.Call) (int, error) {
	text := strings.TrimSpace(c.Field("digits"))
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, metering.ErrMeterDigits
	}
	return n, nil
}

// Add registers a meter of a room with its base.
func Add(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	room, community, err := estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	typed := newMeter{Item: c.Field("item"), Serial: strings.TrimSpace(c.Field("serial")), On: c.Field("on"), First: c.Field("first"),
		Multiplier: c.Field("multiplier"), Digits: c.Field("digits"), Note: strings.TrimSpace(c.Field("note"))}
	err = c.DB.Write(c.R.Context(), func(tx *store.Tx) error {
		on, err := dayField(c, "on")
		if err != nil {
			return err
		}
		f, err := figures(c, "first", "multiplier")
		if err != nil {
			return err
		}
		digits, err := digits(c)
		if err != nil {
			return err
		}
		_, err = metering.AddMeter(tx, c.Staff.Actor(), c.Scope(), metering.NewMeter{RoomID: room.ID, Item: typed.Item,
			Serial: typed.Serial, On: on, FirstValue: f[0], Multiplier: f[1], Digits: digits, Note: typed.Note})
		return err
	})
	if e, ok := models.AsError(err); ok {
		return showMeters(c, ui.StatusOf(e.Kind), roomMeters{Room: room, Community: community, New: typed, Error: e.Message})
	}
	if err != nil {
		return err
	}
	c.Say("meter_added")
	return c.Redirect("/staff/rooms/" + room.ID + "/meters")
}
