package fees

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// MeterMultiplier is a multiplier that a meter had until a day, that day's reading
// included. ByName is the member of staff who changed it.
type MeterMultiplier struct {
	ID         string
	MeterID    string
	UntilOn    models.Date
	Multiplier string
	Reason     string
	ByName     string
	CreatedAt  models.Time
}

var multiplierTable = store.NewTable[MeterMultiplier]("meter_multipliers")

// MultipliersOfMeters returns the multipliers that the meters had before, by meter,
// oldest first.
func MultipliersOfMeters(tx *store.Tx, meterIDs []string) (map[string][]MeterMultiplier, error) {
	list, err := store.RowsIn[MeterMultiplier](tx, meterIDs, nil, multiplierTable.Select("WHERE meter_id (IN) ORDER BY meter_id, until_on"))
	return store.Group(list, func(m *MeterMultiplier) string { return m.MeterID }), err
}

// MultiplierOn returns the multiplier by which the reading of a day counts; before is
// what the meter had, oldest first. For example, of a meter with 20 until 31 March and
// 40 since, the reading of 31 March counts by 20 and that of 1 April by 40.
func (m Meter) MultiplierOn(on models.Date, before []MeterMultiplier) string {
	for _, b := range before {
		if on <= b.UntilOn {
			return b.Multiplier
		}
	}
	return m.Multiplier
}

// TakeBackMultiplier undoes the last change of a multiplier: the meter has the one of
// before again. It returns false if the multiplier was changed meanwhile.
func TakeBackMultiplier(tx *store.Tx, m Meter, had MeterMultiplier) (bool, error) {
	n, err := store.G[Meter](tx).Where("id = ? AND multiplier = ?", m.ID, m.Multiplier).Update(tx.Context(), "multiplier", had.Multiplier)
	if err != nil || n != 1 {
		return false, err
	}
	_, err = store.G[MeterMultiplier](tx).Where("id = ?", had.ID).Delete(tx.Context())
	return true, err
}

// ChangeMultiplier sets another multiplier of a meter and keeps the one it had until
// then. It returns false if the multiplier was changed meanwhile.
func ChangeMultiplier(tx *store.Tx, had MeterMultiplier, multiplier string) (bool, error) {
	n, err := store.G[Meter](tx).Where("id = ? AND multiplier = ?", had.MeterID, had.Multiplier).
		Update(tx.Context(), "multiplier", multiplier)
	if err != nil || n != 1 {
		return false, err
	}
	return true, store.G[MeterMultiplier](tx).Create(tx.Context(), &had)
}
