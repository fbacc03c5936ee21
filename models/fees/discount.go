package fees

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// PaidYears gives rooms, in ascending order of id and beginning after one, all of
// whose bills by a tariff that lie in the days from..to are paid, none of them with a
// discount, and reach from the first of the days to the last.
func PaidYears(tx *store.Tx, communityID, tariffID string, from, to models.Date, after string, limit int) ([]string, error) {
	var out []string
	err := tx.QueryRows(func(scan func(...any) error) error {
		var id string
		if err := scan(&id); err != nil {
			return err
		}
		out = append(out, id)
		return nil
	}, `SELECT room_id FROM bills WHERE community_id = ? AND period_start >= ? AND period_start <= ? AND tariff_id = ? AND void_seq = 0 AND period_end <= ? AND room_id > ?
		GROUP BY room_id HAVING SUM(CASE WHEN status = 'paid' AND discount_fen = 0 THEN 0 ELSE 1 END) = 0 AND MIN(period_start) = ? AND MAX(period_end) = ?
		ORDER BY room_id LIMIT ?`, communityID, from, to, tariffID, to, after, from, to, limit)
	return out, err
}

// BillsOfYear gives a room's bills by a tariff, not void, that lie in the days
// from..to, earliest first.
func BillsOfYear(tx *store.Tx, roomID, tariffID string, from, to models.Date) ([]Bill, error) {
	return Bills(tx, "SELECT "+BillColumns+` FROM bills WHERE room_id = ? AND tariff_id = ? AND void_seq = 0 AND period_start >= ? AND period_end <= ?
		ORDER BY period_start`, roomID, tariffID, from, to)
}
