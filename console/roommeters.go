package console

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/billing"
	"wuyepay/models"
)

// roomMeters is the meters of a room: what they showed, and what was changed about
// them.
type roomMeters struct {
	Room      models.Room
	Community string
	Meters    []roomMeter
	Today     models.Date
	Items     []string // that a new meter may be for
	New       newMeter
	Error     string
}

// newMeter is the form of a meter that the room gets, as it was typed.
type newMeter struct{ Item, Serial, On, First, Multiplier, Digits, Note string }

// roomMeter is a meter with its readings, newest first.
type roomMeter struct {
	models.Meter
	Before   []models.MeterMultiplier
	Readings []roomReading
	Replaced string // serial of the meter that was in its place
}

type roomReading struct {
	models.Reading
	Usage  string // before the multiplier; empty for a base
	Newest bool
}

func (c *call) roomMeters() error {
	room, community, err := c.view.ScopedRoom(c.scope(), c.r.PathValue("id"))
	if err != nil {
		return err
	}
	return c.showMeters(200, roomMeters{Room: room, Community: community, New: newMeter{On: c.view.Today().String(), First: "0", Multiplier: "1"}})
}

func (c *call) showMeters(status int, p roomMeters) (err error) {
	room := p.Room
	p.Today = c.view.Today()
	if p.Items, err = billing.MeterItems(c.view, room.CommunityID); err != nil {
		return err
	}
	list, err := c.view.MetersOfRooms([]string{room.ID})
	if err != nil {
		return err
	}
	ids, serials := make([]string, len(list)), map[string]string{}
	for i, m := range list {
		ids[i], serials[m.ID] = m.ID, m.Serial
	}
	readings, err := c.view.ReadingsOfMeters(ids)
	if err != nil {
		return err
	}
	before, err := c.view.MultipliersOfMeters(ids)
	if err != nil {
		return err
	}
	for _, m := range list {
		x := roomMeter{Meter: m, Before: before[m.ID], Replaced: serials[m.Replaces]}
		for _, r := range readings {
			if r.MeterID != m.ID {
				continue
			}
			usage, err := billing.ReadingUsage(m, r)
			if err != nil {
				return err
			}
			line := roomReading{Reading: r, Newest: true}
			if r.Previous != "" {
				line.Usage = usage.String()
			}
			for i := range x.Readings {
				x.Readings[i].Newest = false
			}
			x.Readings = append([]roomReading{line}, x.Readings...)
		}
		p.Meters = append(p.Meters, x)
	}
	return c.renderAs(status, "roommeters", room.Name()+" 表计", p)
}

// changeMeter does something to a meter and shows its room; a refusal is shown there.
func (c *call) changeMeter(change func(tx *models.Tx, m models.Meter) error, done string) error {
	if err := c.form(); err != nil {
		return err
	}
	m, err := c.view.MeterByID(c.r.PathValue("id"))
	if err != nil {
		return err
	}
	room, community, err := c.view.ScopedRoom(c.scope(), m.RoomID)
	if err != nil {
		return err
	}
	err = c.DB.Write(c.r.Context(), func(tx *models.Tx) error { return change(tx, m) })
	if e, ok := models.AsError(err); ok {
		return c.showMeters(statusOf(e.Kind), roomMeters{Room: room, Community: community, Error: "表 " + m.Serial + "：" + e.Message,
			New: newMeter{On: c.view.Today().String(), First: "0", Multiplier: "1"}})
	}
	if err != nil {
		return err
	}
	c.say(done)
	return c.redirect("/staff/rooms/" + room.ID + "/meters")
}

// figures reads figures of the form; they must all be there.
func (c *call) figures(names ...string) (out []decimal.Decimal, err error) {
	for _, name := range names {
		d, err := billing.ParseReading(c.field(name))
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

func (c *call) dayField(name string) (models.Date, error) {
	d, err := models.ParseDate(c.field(name))
	if err != nil {
		return 0, billing.ErrReadDay
	}
	return d, nil
}

func (c *call) replaceMeter() error {
	return c.changeMeter(func(tx *models.Tx, m models.Meter) error {
		on, err := c.dayField("on")
		if err != nil {
			return err
		}
		f, err := c.figures("last", "first", "multiplier")
		if err != nil {
			return err
		}
		digits, err := c.digits()
		if err != nil {
			return err
		}
		_, err = billing.ReplaceMeter(tx, c.staff.Actor(), c.scope(), billing.Replacement{MeterID: m.ID, On: on, LastValue: f[0], LastRolled: c.field("rolled") != "",
			Serial: c.field("serial"), FirstValue: f[1], Multiplier: f[2], Digits: digits, Reason: strings.TrimSpace(c.field("reason"))})
		return err
	}, "meter_replaced")
}

// digits are those of a meter that the form may leave open: 0.
func (c *call) digits() (int, error) {
	text := strings.TrimSpace(c.field("digits"))
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, billing.ErrMeterDigits
	}
	return n, nil
}

// addMeter gives a room a meter with its base.
func (c *call) addMeter() error {
	if err := c.form(); err != nil {
		return err
	}
	room, community, err := c.view.ScopedRoom(c.scope(), c.r.PathValue("id"))
	if err != nil {
		return err
	}
	typed := newMeter{Item: c.field("item"), Serial: strings.TrimSpace(c.field("serial")), On: c.field("on"), First: c.field("first"),
		Multiplier: c.field("multiplier"), Digits: c.field("digits"), Note: strings.TrimSpace(c.field("note"))}
	err = c.DB.Write(c.r.Context(), func(tx *models.Tx) error {
		on, err := c.dayField("on")
		if err != nil {
			return err
		}
		f, err := c.figures("first", "multiplier")
		if err != nil {
			return err
		}
		digits, err := c.digits()
		if err != nil {
			return err
		}
		_, err = billing.AddMeter(tx, c.staff.Actor(), c.scope(), billing.NewMeter{RoomID: room.ID, Item: typed.Item, Serial: typed.Serial, On: on,
			FirstValue: f[0], Multiplier: f[1], Digits: digits, Note: typed.Note})
		return err
	})
	if e, ok := models.AsError(err); ok {
		return c.showMeters(statusOf(e.Kind), roomMeters{Room: room, Community: community, New: typed, Error: e.Message})
	}
	if err != nil {
		return err
	}
	c.say("meter_added")
	return c.redirect("/staff/rooms/" + room.ID + "/meters")
}

func (c *call) changeMultiplier() error {
	return c.changeMeter(func(tx *models.Tx, m models.Meter) error {
		on, err := c.dayField("on")
		if err != nil {
			return err
		}
		f, err := c.figures("value", "multiplier")
		if err != nil {
			return err
		}
		return billing.ChangeMultiplier(tx, c.staff.Actor(), c.scope(), billing.MultiplierChange{MeterID: m.ID, On: on, Value: f[0], Rolled: c.field("rolled") != "",
			Multiplier: f[1], Reason: strings.TrimSpace(c.field("reason"))})
	}, "meter_changed")
}

func (c *call) setDigits() error {
	return c.changeMeter(func(tx *models.Tx, m models.Meter) error {
		digits, err := strconv.Atoi(strings.TrimSpace(c.field("digits")))
		if err != nil {
			return billing.ErrMeterDigits
		}
		return billing.SetDigits(tx, c.staff.Actor(), c.scope(), m.ID, digits)
	}, "meter_changed")
}

func (c *call) doubtReading() error {
	return c.changeMeter(func(tx *models.Tx, m models.Meter) error {
		return billing.MarkEstimated(tx, c.staff.Actor(), c.scope(), m.ID, c.field("reading"), strings.TrimSpace(c.field("reason")))
	}, "reading_doubted")
}
