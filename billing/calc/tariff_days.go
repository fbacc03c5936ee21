package calc

import "wuyepay/models/fees"

// TariffDays returns the days on which a tariff is in force.
func TariffDays(f fees.Tariff) Days {
	if f.ToOn == 0 {
		return Days{f.FromOn, Forever}
	}
	return Days{f.FromOn, f.ToOn}
}
