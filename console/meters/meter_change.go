package meters

import (
	"strconv"
	"strings"

	"wuyepay/billing/metering"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// change does something to a meter and shows its room, with the refusal if there is one.
func change(c *ui.Call, change func(tx *store.Tx, m fees.Meter) error, done string) error {
	if err := c.Form(); err != nil {
		return err
	}
	m, err := fees.MeterByID(c.View, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	room, community, err := estate.ScopedRoom(c.View, c.Scope(), m.RoomID)
	if err != nil {
		return err
	}
	err = c.DB.Write(c.R.Context(), func(tx *store.Tx) error { return change(tx, m) })
	if e, ok := models.AsError(err); ok {
		return showMeters(c, ui.StatusOf(e.Kind), roomMeters{Room: room, Community: community, Error: "表 " + m.Serial + "：" + e.Message,
			New: newMeter{On: c.View.Today().String(), First: "0", Multiplier: "1"}})
	}
	if err != nil {
		return err
	}
	c.Say(done)
	return c.Redirect("/staff/rooms/" + room.ID + "/meters")
}

// Replace puts another meter in the place of one.
func Replace(c *ui.Call) error {
	return change(c, func(tx *store.Tx, m fees.Meter) error {
		on, err := dayField(c, "on")
		if err != nil {
			return err
		}
		f, err := figures(c, "last", "first", "multiplier")
		if err != nil {
			return err
		}
		digits, err := digits(c)
		if err != nil {
			return err
		}
		_, err = metering.ReplaceMeter(tx, c.Staff.Actor(), c.Scope(), metering.Replacement{MeterID: m.ID, On: on, LastValue: f[0],
			LastRolled: c.Field("rolled") != "", Serial: c.Field("serial"), FirstValue: f[1], Multiplier: f[2], Digits: digits,
			Reason: strings.TrimSpace(c.Field("reason"))})
		return err
	}, "meter_replaced")
}

// ChangeMultiplier changes the multiplier of a meter from a day on.
func ChangeMultiplier(c *ui.Call) error {
	return change(c, func(tx *store.Tx, m fees.Meter) error {
		on, err := dayField(c, "on")
		if err != nil {
			return err
		}
		f, err := figures(c, "value", "multiplier")
		if err != nil {
			return err
		}
		return metering.ChangeMultiplier(tx, c.Staff.Actor(), c.Scope(), metering.MultiplierChange{MeterID: m.ID, On: on, Value: f[0],
			Rolled: c.Field("rolled") != "", Multiplier: f[1], Reason: strings.TrimSpace(c.Field("reason"))})
	}, "meter_changed")
}

// SetDigits sets how many digits a meter has.
func SetDigits(c *ui.Call) error {
	return change(c, func(tx *store.Tx, m fees.Meter) error {
		digits, err := strconv.Atoi(strings.TrimSpace(c.Field("digits")))
		if err != nil {
			return metering.ErrMeterDigits
		}
		return metering.SetDigits(tx, c.Staff.Actor(), c.Scope(), m.ID, digits)
	}, "meter_changed")
}

// DoubtReading marks a reading as estimated.
func DoubtReading(c *ui.Call) error {
	return change(c, func(tx *store.Tx, m fees.Meter) error {
		return metering.MarkEstimated(tx, c.Staff.Actor(), c.Scope(), m.ID, c.Field("reading"), strings.TrimSpace(c.Field("reason")))
	}, "reading_doubted")
}

// WithdrawReading asks for a reading to be withdrawn.
func WithdrawReading(c *ui.Call) error {
	return change(c, func(tx *store.Tx, m fees.Meter) error {
		r, err := fees.ReadingByID(tx, c.Field("reading"))
		if err != nil || r.MeterID != m.ID {
			return models.ErrNotFound
		}
		_, err = metering.RequestWithdrawal(tx, c.Staff.Actor(), c.Scope(), r.ID, c.Field("reason"))
		return err
	}, "reading_withdrawal_asked")
}

// DecideWithdrawal approves or refuses that a reading is withdrawn.
func DecideWithdrawal(c *ui.Call) error {
	return change(c, func(tx *store.Tx, m fees.Meter) error {
		w, err := fees.WithdrawalByID(tx, c.Field("withdrawal"))
		if err != nil || w.MeterID != m.ID {
			return models.ErrNotFound
		}
		return metering.DecideWithdrawal(tx, c.Staff, w.ID, c.Field("decision") == "approve", strings.TrimSpace(c.Field("note")))
	}, "reading_withdrawal_decided")
}
