package fees

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// BillBrief is what identifies a bill and what was fixed at its issue: enough to
// tell whether a period is billed already, at a tenth of the whole row.
type BillBrief struct {
	ID             string
	RoomID         string
	Item           string
	PeriodStart    models.Date
	PeriodEnd      models.Date
	DueOn          models.Date
	PrincipalFen   models.Fen
	OpeningPaidFen models.Fen
	Source         string
	Void           bool // taken back: the period is free again
}

// BillBriefs gives the bills of the rooms, void ones included, whose period
// touches the days from..to, by room, earliest period first.
func BillBriefs(tx *store.Tx, roomIDs []string, from, to models.Date) (map[string][]BillBrief, error) {
	out := make(map[string][]BillBrief, len(roomIDs))
	for len(roomIDs) > 0 {
		n := min(len(roomIDs), 500)
		err := tx.QueryRows(func(scan func(...any) error) error {
			var b BillBrief
			var seq int
			if err := scan(&b.ID, &b.RoomID, &b.Item, &b.PeriodStart, &b.PeriodEnd, &b.DueOn, &b.PrincipalFen, &b.OpeningPaidFen, &b.Source, &seq); err != nil {
				return err
			}
			b.Void = seq != 0 // void_seq 0 is the one that is alive
			out[b.RoomID] = append(out[b.RoomID], b)
			return nil
		}, "SELECT id, room_id, item, period_start, period_end, due_on, principal_fen, opening_paid_fen, source, void_seq FROM bills WHERE room_id IN ("+
			store.Placeholders(n)+") AND period_start <= ? AND period_end >= ? ORDER BY period_start, id", append(store.Args(roomIDs[:n]), to, from)...)
		if err != nil {
			return nil, err
		}
		roomIDs = roomIDs[n:]
	}
	return out, nil
}
