package calc

// Basis says how the principal of a bill was computed, in figures that the owner
// can follow. It is kept with the bill as JSON; all figures are decimal text.
type Basis struct {
	Kind       string       `json:"kind"` // area, fixed, meter, shared_area, shared_household, one_off; opening for arrears taken over
	Area       string       `json:"area,omitempty"`
	Usage      string       `json:"usage,omitempty"` // value less previous, before the multiplier
	Multiplier string       `json:"multiplier,omitempty"`
	Previous   string       `json:"previous,omitempty"`
	Value      string       `json:"value,omitempty"`
	Meters     []MeterBasis `json:"meters,omitempty"` // where a room has more than one meter of the item
	// Rolled is what was added because the meter passed its last digit; Estimated, that
	// Value is an estimate; Corrects, that Previous was one, which this bill settles;
	// Credit, the quantity that earlier estimates had billed too much, as -5.
	Rolled    string `json:"rolled,omitempty"`
	Estimated bool   `json:"estimated,omitempty"`
	Corrects  bool   `json:"corrects,omitempty"`
	Credit    string `json:"credit,omitempty"`
	Price     string `json:"price,omitempty"`
	Months    string `json:"months,omitempty"`
	Days      string `json:"days,omitempty"` // broken months among them: 20/31
	Tiers     string `json:"tiers,omitempty"`
	// Share is the part of the price that an unsold room pays, where it is not all.
	Share string `json:"share,omitempty"`
	// VacantMonths are those of Months on which the room was approved as vacant, and
	// VacantShare the part of the price for them.
	VacantMonths string `json:"vacant_months,omitempty"`
	VacantDays   string `json:"vacant_days,omitempty"` // broken months among them
	VacantShare  string `json:"vacant_share,omitempty"`
	// Of a shared cost: Total yuan divided over Rooms by Weight of TotalWeight.
	Total       string `json:"total,omitempty"`
	Rooms       int    `json:"rooms,omitempty"`
	Weight      string `json:"weight,omitempty"`
	TotalWeight string `json:"total_weight,omitempty"`
	Reason      string `json:"reason,omitempty"` // of a one-off charge, or what the shared cost was
}

// MeterBasis is one of several meters in a [Basis], or one of several stretches of a
// meter whose multiplier changed. The fields mean what they do there.
type MeterBasis struct {
	Serial     string `json:"serial"`
	Usage      string `json:"usage"`
	Multiplier string `json:"multiplier"`
	Previous   string `json:"previous"`
	Value      string `json:"value"`
	Rolled     string `json:"rolled,omitempty"`
	Estimated  bool   `json:"estimated,omitempty"`
	Corrects   bool   `json:"corrects,omitempty"`
}
