package words

import "wuyepay/models/estate"

// PrepaidTo are the ways that prepayment goes at a transfer.
var PrepaidTo = map[string]string{estate.PrepaidStays: "随房屋转给新业主", estate.PrepaidFormer: "转出，应退原业主"}

// PrepaidItem returns the fee item that prepayment is kept for, or a word for any.
func PrepaidItem(item string) string {
	if item == "" {
		return "通用"
	}
	return item
}
