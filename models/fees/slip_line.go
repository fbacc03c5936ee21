package fees

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// Kinds of [SlipLine].
const (
	SlipService = "service" // 服务项目
	SlipPart    = "part"    // 材料配件
	SlipLabour  = "labour"  // 人工工时
	SlipExtra   = "other"
)

// SlipLineKinds lists the kinds.
var SlipLineKinds = []string{SlipService, SlipPart, SlipLabour, SlipExtra}

// SlipLine is one line of a slip: Quantity of something at Price yuan for a Unit. AmountFen
// is their product, rounded once. Seq counts the lines from 0.
type SlipLine struct {
	SlipID    string
	Seq       int
	Kind      string
	Name      string
	Quantity  string
	Unit      string
	Price     string
	AmountFen models.Fen
}

var slipLineTable = store.NewTable[SlipLine]("slip_lines")

func insertSlipLines(tx *store.Tx, slipID string, lines []SlipLine) error {
	for i := range lines {
		lines[i].SlipID, lines[i].Seq = slipID, i
	}
	return slipLineTable.Insert(tx, lines...)
}

// SlipLines returns the lines of slips in order, by slip.
func SlipLines(tx *store.Tx, slipIDs ...string) (map[string][]SlipLine, error) {
	list, err := store.RowsIn[SlipLine](tx, slipIDs, nil, slipLineTable.Select("WHERE slip_id (IN) ORDER BY slip_id, seq"))
	return store.Group(list, func(l *SlipLine) string { return l.SlipID }), err
}
