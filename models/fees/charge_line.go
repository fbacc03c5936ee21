package fees

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// ChargeLine is a room's part in a charge, in fen. Seq counts the lines of a charge
// from 0. Weight is what the part was computed by, for example the area of the room;
// the parts add up to the total to the fen, so that two rooms of one weight may differ
// by one.
type ChargeLine struct {
	ChargeID  string
	Seq       int
	RoomID    string
	Weight    string
	AmountFen models.Fen
	BillID    string // of the bill, once it is issued; empty where the part is 0
}

var chargeLineTable = store.NewTable[ChargeLine]("charge_lines")

// ChargeLines returns lines of a charge in order, from one on.
func ChargeLines(tx *store.Tx, id string, from, limit int) ([]ChargeLine, error) {
	return chargeLineTable.Rows(tx, "WHERE charge_id = ? AND seq >= ? ORDER BY seq LIMIT ?", id, from, limit)
}
