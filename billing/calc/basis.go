package calc

// Basis holds how the principal of a bill was computed, in figures that the
// owner can follow. It is stored with the bill as JSON; all figures are decimal
// text. For example, 110.02 yuan for a month has kind area, area 137.52, price
// 0.80 and months 1.
type Basis struct {
	// Kind is area, fixed, meter, shared_area, shared_household, one_off or slip, or
	// opening for arrears that were imported.
	Kind       string       `json:"kind"`
	Area       string       `json:"area,omitempty"`
	Usage      string       `json:"usage,omitempty"` // value less previous, before the multiplier
	Multiplier string       `json:"multiplier,omitempty"`
	Previous   string       `json:"previous,omitempty"`
	Value      string       `json:"value,omitempty"`
	Meters     []MeterBasis `json:"meters,omitempty"` // if the room has more than one meter of the item
	// Rolled is what was added because the meter passed its last digit.
	// Estimated reports that Value is an estimate, and Corrects that Previous
	// was one, which this bill settles. Credit is the quantity that earlier
	// estimates billed too much, such as -5.
	Rolled    string `json:"rolled,omitempty"`
	Estimated bool   `json:"estimated,omitempty"`
	Corrects  bool   `json:"corrects,omitempty"`
	Credit    string `json:"credit,omitempty"`
	Price     string `json:"price,omitempty"`
	Months    string `json:"months,omitempty"`
	Days      string `json:"days,omitempty"` // the part months among Months, as days over days: 20/31
	Tiers     string `json:"tiers,omitempty"`
	// Share is the part of the price that an unsold room pays, if not all of
	// it.
	Share string `json:"share,omitempty"`
	// VacantMonths are those of Months in which the room was approved as
	// vacant. VacantShare is the part of the price that is charged for them.
	VacantMonths string `json:"vacant_months,omitempty"`
	VacantDays   string `json:"vacant_days,omitempty"` // the part months among VacantMonths
	VacantShare  string `json:"vacant_share,omitempty"`
	// Total, Rooms, Weight and TotalWeight belong to a shared cost: Total yuan
	// are divided over Rooms, and this room has Weight of TotalWeight.
	Total       string `json:"total,omitempty"`
	Rooms       int    `json:"rooms,omitempty"`
	Weight      string `json:"weight,omitempty"`
	TotalWeight string `json:"total_weight,omitempty"`
	Reason      string `json:"reason,omitempty"` // of a one-off charge, or what the shared cost or the slip was for
	// Slip is the number of the slip that was signed, Lines what it charges for, and
	// MoreLines how many of its lines stand on the slip only.
	Slip      string      `json:"slip,omitempty"`
	Lines     []SlipBasis `json:"lines,omitempty"`
	MoreLines int         `json:"more_lines,omitempty"`
}

// SlipBasis is one line of a slip in a [Basis]: a quantity of something at a price, and
// their product in yuan.
type SlipBasis struct {
	Name     string `json:"name"`
	Quantity string `json:"quantity"`
	Unit     string `json:"unit"`
	Price    string `json:"price"`
	Amount   string `json:"amount"`
}

// MeterBasis is one of several meters in a [Basis], or one of several runs of a
// meter whose multiplier changed. The fields are those of Basis.
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
