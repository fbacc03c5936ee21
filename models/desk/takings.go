package desk

import (
	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// ChannelTakings is what came in on a day by one channel. Count and SumFen are of the
// payments, by the day on which they were paid; the reversed figures are of what was
// undone, by the day that it counts in. No money came in where prepayment offset bills.
type ChannelTakings struct {
	Channel       string
	Count         int64
	SumFen        models.Fen
	SurplusFen    models.Fen // of SumFen: what went to prepayment
	ReversedCount int64
	ReversedFen   models.Fen
}

// NetFen is what came in less what was undone. It is below zero on a day on which more
// was undone than taken.
func (t ChannelTakings) NetFen() models.Fen { return t.SumFen - t.ReversedFen }

// TakingsFilter chooses a day, of one community or of all (CommunityID empty).
type TakingsFilter struct {
	On          models.Date
	CommunityID string
}

// where returns a condition on the day, and on the community if one is chosen.
func (f TakingsFilter) where(day, community string) (string, []any) {
	if f.CommunityID == "" {
		return " WHERE " + day + " = ?", []any{f.On}
	}
	return " WHERE " + day + " = ? AND " + community + " = ?", []any{f.On, f.CommunityID}
}

// TakingsByChannel returns the figures of a day for every channel that has any:
// channels with payments first, then those that have only reversals, each by name, and
// prepayment that offset bills ([money.ChannelOffset]) last. Count of the last is the
// number of bills.
func TakingsByChannel(tx *store.Tx, f TakingsFilter) ([]ChannelTakings, error) {
	where, args := f.where("paid_on", "community_id")
	out, err := store.Rows[ChannelTakings](tx, `SELECT channel, COUNT(*) AS count, SUM(amount_fen) AS sum_fen,
		SUM(surplus_fen) AS surplus_fen FROM payments`+where+" GROUP BY channel ORDER BY channel", args...)
	if err != nil {
		return nil, err
	}
	where, args = f.where("day_on", "community_id")
	undone, err := store.Rows[ChannelTakings](tx, `SELECT channel, COUNT(*) AS reversed_count, SUM(amount_fen) AS reversed_fen
		FROM payment_reversals`+where+" GROUP BY channel ORDER BY channel", args...)
	if err != nil {
		return nil, err
	}
	at := make(map[string]int, len(out))
	for i := range out {
		at[out[i].Channel] = i
	}
	for _, u := range undone {
		if i, ok := at[u.Channel]; ok {
			out[i].ReversedCount, out[i].ReversedFen = u.ReversedCount, u.ReversedFen
		} else {
			out = append(out, u)
		}
	}
	where, args = f.where("booked_on", "community_id")
	offset, err := store.Row[ChannelTakings](tx, `SELECT COUNT(DISTINCT bill_id) AS count, COALESCE(SUM(amount_fen), 0) AS sum_fen
		FROM journal`+where+" AND kind = 'prepaid_offset'", args...)
	if err == nil && offset.Count > 0 {
		offset.Channel = money.ChannelOffset
		out = append(out, offset)
	}
	return out, err
}

// ItemTakings is what of a day's money settled bills of one fee item.
type ItemTakings struct {
	Channel      string
	Item         string
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
}

// TakingsByItem returns what of the payments of a day has settled bills, by channel and
// fee item. A payment that was undone is left out: its allocations add up to nothing.
func TakingsByItem(tx *store.Tx, f TakingsFilter) ([]ItemTakings, error) {
	where, args := f.where("p.paid_on", "p.community_id")
	return store.Rows[ItemTakings](tx, `SELECT p.channel, b.item, SUM(a.principal_fen) AS principal_fen, SUM(a.late_fee_fen) AS late_fee_fen
		FROM payments p JOIN allocations a ON a.payment_id = p.id JOIN bills b ON b.id = a.bill_id`+where+
		" GROUP BY p.channel, b.item HAVING SUM(a.principal_fen) <> 0 OR SUM(a.late_fee_fen) <> 0 ORDER BY p.channel, b.item", args...)
}

// StaffTakings is what a cashier entered on a day by one channel.
type StaffTakings struct {
	StaffName string
	Channel   string
	Count     int64
	SumFen    models.Fen
}

// TakingsByStaff returns what the cashiers entered of a day, by name and channel. Two
// cashiers of one name are two rows.
func TakingsByStaff(tx *store.Tx, f TakingsFilter) ([]StaffTakings, error) {
	where, args := f.where("e.day_on", "e.community_id")
	return store.Rows[StaffTakings](tx, `SELECT e.staff_name, e.channel, COUNT(*) AS count, SUM(p.amount_fen) AS sum_fen
		FROM desk_entries e JOIN payments p ON p.id = e.payment_id`+where+
		" GROUP BY e.staff_id, e.staff_name, e.channel ORDER BY e.staff_name, e.channel", args...)
}
