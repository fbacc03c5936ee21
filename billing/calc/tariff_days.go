package calc

import "wuyepay/models/fees"

// TariffDays are the days on which a tariff holds.
func TariffDays(f fees.Tariff) Days {
	if f.ToOn == 0 {
		return Days{f.FromOn, Forever}
	}
	return Days{f.FromOn, f.ToOn}
}
