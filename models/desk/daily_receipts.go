package desk

import (
	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// ChannelTakings is what came in on a day by one channel. Count and SumFen are of
// the payments, by the day they were paid; ReversedFen is what was undone, by the
// day it counts in. Of prepayment that offset bills no money came in.
type ChannelTakings struct {
	Channel       string
	Count         int64
	SumFen        models.Fen
	SurplusFen    models.Fen // of it to prepayment
	ReversedCount int64
	ReversedFen   models.Fen
}

// NetFen is what came in less what was undone.
func (t ChannelTakings) NetFen() models.Fen { return t.SumFen - t.ReversedFen }

// ItemTakings is what of a day's money settled bills of one fee item.
type ItemTakings struct {
	Channel      string
	Item         string
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
}

// TakingsFilter chooses a day, of one community or all (CommunityID empty).
type TakingsFilter struct {
	On          models.Date
	CommunityID string
}

func (f TakingsFilter) and(column string) (string, []any) {
	if f.CommunityID == "" {
		return "", nil
	}
	return " AND " + column + " = ?", []any{f.CommunityID}
}

// TakingsByChannel gives a day's figures of every channel that has any, prepayment
// that offset bills among them.
func TakingsByChannel(tx *store.Tx, f TakingsFilter) ([]ChannelTakings, error) {
	where, args := f.and("community_id")
	var out []ChannelTakings
	at := func(channel string) *ChannelTakings {
		for i := range out {
			if out[i].Channel == channel {
				return &out[i]
			}
		}
		out = append(out, ChannelTakings{Channel: channel})
		return &out[len(out)-1]
	}
	err := tx.QueryRows(func(scan func(...any) error) error {
		t := ChannelTakings{}
		if err := scan(&t.Channel, &t.Count, &t.SumFen, &t.SurplusFen); err != nil {
			return err
		}
		out = append(out, t)
		return nil
	}, "SELECT channel, COUNT(*), SUM(amount_fen), SUM(surplus_fen) FROM payments WHERE paid_on = ?"+where+" GROUP BY channel ORDER BY channel", append([]any{f.On}, args...)...)
	if err != nil {
		return nil, err
	}
	err = tx.QueryRows(func(scan func(...any) error) error {
		t := ChannelTakings{}
		if err := scan(&t.Channel, &t.ReversedCount, &t.ReversedFen); err != nil {
			return err
		}
		x := at(t.Channel)
		x.ReversedCount, x.ReversedFen = t.ReversedCount, t.ReversedFen
		return nil
	}, "SELECT channel, COUNT(*), SUM(amount_fen) FROM payment_reversals WHERE day_on = ?"+where+" GROUP BY channel ORDER BY channel", append([]any{f.On}, args...)...)
	if err != nil {
		return nil, err
	}
	var offset ChannelTakings
	err = tx.QueryRow([]any{&offset.Count, &offset.SumFen}, "SELECT COUNT(DISTINCT bill_id), COALESCE(SUM(amount_fen), 0) FROM journal WHERE booked_on = ? AND kind = 'prepaid_offset'"+where,
		append([]any{f.On}, args...)...)
	if err == nil && offset.Count > 0 {
		x := at(money.ChannelOffset)
		x.Count, x.SumFen = offset.Count, offset.SumFen
	}
	return out, err
}

// TakingsByItem gives what of a day's payments has settled bills, by channel and fee
// item, payments that were undone left out.
func TakingsByItem(tx *store.Tx, f TakingsFilter) ([]ItemTakings, error) {
	where, args := f.and("p.community_id")
	var out []ItemTakings
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, ItemTakings{})
		t := &out[len(out)-1]
		return scan(&t.Channel, &t.Item, &t.PrincipalFen, &t.LateFeeFen)
	}, `SELECT p.channel, b.item, SUM(a.principal_fen), SUM(a.late_fee_fen) FROM payments p JOIN allocations a ON a.payment_id = p.id JOIN bills b ON b.id = a.bill_id
		WHERE p.paid_on = ?`+where+" GROUP BY p.channel, b.item HAVING SUM(a.principal_fen) <> 0 OR SUM(a.late_fee_fen) <> 0 ORDER BY p.channel, b.item", append([]any{f.On}, args...)...)
	return out, err
}

// StaffTakings is what a cashier entered on a day by one channel.
type StaffTakings struct {
	StaffName string
	Channel   string
	Count     int64
	SumFen    models.Fen
}

// TakingsByStaff gives what the cashiers entered of a day, by name and channel.
func TakingsByStaff(tx *store.Tx, f TakingsFilter) ([]StaffTakings, error) {
	where, args := f.and("e.community_id")
	var out []StaffTakings
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, StaffTakings{})
		t := &out[len(out)-1]
		return scan(&t.StaffName, &t.Channel, &t.Count, &t.SumFen)
	}, `SELECT e.staff_name, e.channel, COUNT(*), SUM(p.amount_fen) FROM desk_entries e JOIN payments p ON p.id = e.payment_id
		WHERE e.day_on = ?`+where+" GROUP BY e.staff_id, e.staff_name, e.channel ORDER BY e.staff_name, e.channel", append([]any{f.On}, args...)...)
	return out, err
}
