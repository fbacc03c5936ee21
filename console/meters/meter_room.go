package meters

import (
	"slices"

	"wuyepay/billing/metering"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// roomMeters is the page of the meters of a room: what they showed, and what was changed
// about them.
type roomMeters struct {
	Room      estate.Room
	Community string
	Meters    []roomMeter
	Today     models.Date
	Items     []string // that a new meter may be for
	New       newMeter
	Error     string
}

// newMeter is the form of a new meter, as it was typed.
type newMeter struct{ Item, Serial, On, First, Multiplier, Digits, Note string }

// roomMeter is a meter with its readings, newest first.
type roomMeter struct {
	fees.Meter
	Before   []fees.MeterMultiplier
	Readings []roomReading
	Replaced string // serial of the meter that was in its place
	Gone     []goneReading
}

// goneReading is a reading that somebody withdrew or asked to withdraw, newest first.
type goneReading struct {
	fees.Reading
	fees.ReadingWithdrawal
}

// Open reports whether nobody has decided yet.
func (g goneReading) Open() bool { return g.Status == fees.WithdrawalRequested }

type roomReading struct {
	fees.Reading
	Usage  string // before the multiplier; empty for a base
	Newest bool
	Asked  bool // somebody has asked to withdraw it
}

// RoomMeters shows the meters of a room.
func RoomMeters(c *ui.Call) error {
	room, community, err := estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	return showMeters(c, 200, roomMeters{Room: room, Community: community, New: newMeter{On: c.View.Today().String(), First: "0",
		Multiplier: "1"}})
}

func showMeters(c *ui.Call, status int, p roomMeters) (err error) {
	room := p.Room
	p.Today = c.View.Today()
	if p.Items, err = metering.MeterItems(c.View, room.CommunityID); err != nil {
		return err
	}
	list, err := fees.MetersOfRooms(c.View, []string{room.ID})
	if err != nil {
		return err
	}
	ids, serials := make([]string, len(list)), map[string]string{}
	for i, m := range list {
		ids[i], serials[m.ID] = m.ID, m.Serial
	}
	readings, err := fees.ReadingsOfMeters(c.View, ids)
	if err != nil {
		return err
	}
	before, err := fees.MultipliersOfMeters(c.View, ids)
	if err != nil {
		return err
	}
	gone, asked, err := withdrawals(c, ids)
	if err != nil {
		return err
	}
	for _, m := range list {
		x := roomMeter{Meter: m, Before: before[m.ID], Replaced: serials[m.Replaces], Gone: gone[m.ID]}
		for _, r := range readings {
			if r.MeterID != m.ID {
				continue
			}
			usage, err := metering.ReadingUsage(m, r)
			if err != nil {
				return err
			}
			line := roomReading{Reading: r, Newest: true, Asked: asked[r.ID]}
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
	return c.RenderAs(status, "meters/meter_room", room.Name()+" 表计", p)
}

// withdrawals returns the requests to withdraw readings of the meters, by meter, newest
// first, and the readings about which one is open.
func withdrawals(c *ui.Call, meterIDs []string) (map[string][]goneReading, map[string]bool, error) {
	out, open := map[string][]goneReading{}, map[string]bool{}
	list, err := fees.WithdrawalsOfMeters(c.View, meterIDs)
	if err != nil {
		return out, open, err
	}
	for id, of := range list {
		for _, w := range slices.Backward(of) {
			r, err := fees.ReadingByID(c.View, w.ReadingID)
			if err != nil {
				return out, open, err
			}
			out[id] = append(out[id], goneReading{Reading: r, ReadingWithdrawal: w})
			open[w.ReadingID] = open[w.ReadingID] || w.Status == fees.WithdrawalRequested
		}
	}
	return out, open, nil
}
