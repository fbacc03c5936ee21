package ui

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
)

// OwnerLine is an owner as the role may read it.
type OwnerLine struct {
	Name  string
	Phone string // always masked
}

// OwnersToday returns those who own the room today. Tenants are not among them.
func (c *Call) OwnersToday(room estate.Room) ([]OwnerLine, error) {
	holdings, err := estate.OwnerTenuresOfRooms(c.View, []string{room.ID})
	if err != nil {
		return nil, err
	}
	var out []OwnerLine
	for _, h := range holdings[room.ID] {
		if !h.Holds(c.View.Today()) {
			continue
		}
		phone, err := estate.OwnerPhone(c.View, h.Owner)
		if err != nil {
			return nil, err
		}
		out = append(out, OwnerLine{Name: c.OwnerName(h.Owner.Name), Phone: models.MaskPhone(phone)})
	}
	return out, nil
}

// OwnerName returns an owner's name as the role may read it: in full or masked.
func (c *Call) OwnerName(name string) string {
	if c.Can(office.PermNames) {
		return name
	}
	return models.MaskName(name)
}
