package ui

import (
	"wuyepay/models"
	"wuyepay/models/estate"
)

// RoomRow is a line of a list of rooms.
type RoomRow struct {
	estate.RoomLine
	OwnerName string // masked where the role may not read it
	Phone     string // always masked
}

// RoomRow returns a line of a list of rooms, with what the role may read of the owner.
func (c *Call) RoomRow(l estate.RoomLine) (RoomRow, error) {
	phone, err := estate.OwnerPhone(c.View, l.Owner)
	return RoomRow{RoomLine: l, OwnerName: c.OwnerName(l.Owner.Name), Phone: models.MaskPhone(phone)}, err
}
