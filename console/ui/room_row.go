package ui

import "wuyepay/models"

type RoomRow struct {
	models.RoomLine
	OwnerName string // masked where the role may not read it
	Phone     string // always masked
}

func (c *Call) RoomRow(l models.RoomLine) (RoomRow, error) {
	phone, err := c.View.OwnerPhone(l.Owner)
	return RoomRow{RoomLine: l, OwnerName: c.OwnerName(l.Owner.Name), Phone: models.MaskPhone(phone)}, err
}
