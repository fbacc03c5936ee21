package ui

import (
	"wuyepay/console/words"
	"wuyepay/models/estate"
)

// RoomChangeLine is a line of the history of a room, in words.
type RoomChangeLine struct {
	estate.RoomChange
	Name string // of the field
	Old  string
	New  string
}

// ChangeLine returns a change in words.
func ChangeLine(x estate.RoomChange) RoomChangeLine {
	value := func(text string) string {
		switch x.Field {
		case "cycle":
			text = words.Cycle(text)
		case "occupancy":
			text = words.Occupancy[text]
		}
		return words.OrDash(text)
	}
	return RoomChangeLine{RoomChange: x, Name: words.Of(words.RoomFields, x.Field), Old: value(x.OldValue), New: value(x.NewValue)}
}

// RoomChanges returns the newest lines of the history of a room, and whether there are
// more.
func (c *Call) RoomChanges(roomID string, limit int) ([]RoomChangeLine, bool, error) {
	list, err := estate.RoomChanges(c.View, roomID, "", limit+1)
	list, more := FirstOf(list, limit)
	out := make([]RoomChangeLine, len(list))
	for i, x := range list {
		out[i] = ChangeLine(x)
	}
	return out, more, err
}
