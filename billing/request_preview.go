package billing

import (
	"slices"
	"time"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// RequestPreview is what a request would do if it were approved today.
type RequestPreview struct {
	Effects   []Effect           // on each bill, earliest due first; none for a plan or a promise
	Parts     []fees.RequestPart // of a plan
	TotalFen  models.Fen         // that a plan covers
	WaivedFen models.Fen         // late fee given up in all
	CreditFen models.Fen         // to the room's prepayment, in all
}

// PreviewRequest shows what staff would ask for. It refuses what [Requests.AskAsStaff]
// refuses of the figures, and changes nothing.
func PreviewRequest(tx *store.Tx, a Asking) (RequestPreview, error) {
	var p RequestPreview
	found, err := fees.BillsByIDs(tx, a.BillIDs)
	if err != nil {
		return p, err
	}
	bills := make([]fees.Bill, 0, len(found))
	for _, b := range found {
		if b.RoomID != a.RoomID {
			return p, models.ErrNotFound
		}
		bills = append(bills, b)
	}
	if len(bills) == 0 {
		return p, ErrRequestBills
	}
	states, err := States(tx, bills, tx.Today())
	if err != nil {
		return p, err
	}
	slices.SortFunc(states, dueFirst)
	list := []Adjustment{{Kind: entryKind[a.Kind], BillID: states[0].ID, AmountFen: a.AmountFen}}
	switch a.Kind {
	case fees.RequestInstalment:
		p.Parts, p.TotalFen = a.Parts, coveredBy(states)
		return p, planFits(tx, a.BreakDays, states, a.Parts)
	case fees.RequestDispute, fees.RequestPromise:
		return p, nil
	case fees.RequestWaiver:
		if list, err = waiverParts(states, a.AmountFen); err != nil {
			return p, err
		}
	default:
		if len(states) != 1 {
			return p, ErrRequestBills
		}
	}
	return p, p.add(states, list, tx.Today())
}

func (p *RequestPreview) add(states []BillState, list []Adjustment, today models.Date) error {
	for _, a := range list {
		i := slices.IndexFunc(states, func(s BillState) bool { return s.ID == a.BillID })
		e, err := effectOf(states[i], a, today)
		if err != nil {
			return err
		}
		if a.Kind == fees.EntryWaiver {
			p.WaivedFen = p.WaivedFen.Plus(a.AmountFen)
		}
		p.CreditFen = p.CreditFen.Plus(e.CreditFen)
		p.Effects = append(p.Effects, e)
	}
	return nil
}

// DueTotal is what is due today of some bills of a room: what a plan for them has
// to cover.
func DueTotal(tx *store.Tx, roomID string, billIDs []string) (models.Fen, error) {
	found, err := fees.BillsByIDs(tx, billIDs)
	if err != nil {
		return 0, err
	}
	var bills []fees.Bill
	for _, b := range found {
		if b.RoomID == roomID {
			bills = append(bills, b)
		}
	}
	states, err := States(tx, bills, tx.Today())
	return coveredBy(states), err
}

// EvenParts divides a sum into monthly parts, the first on a day, the others on the
// same day of the months after, or their last. What does not divide goes to the
// first parts, a fen each.
func EvenParts(total models.Fen, count int, first models.Date) []fees.RequestPart {
	if count < 1 || total < models.Fen(count) || first.IsZero() {
		return nil
	}
	out := make([]fees.RequestPart, count)
	y, m, d := first.Parts()
	for i := range out {
		month := m + time.Month(i)
		last := models.NewDate(y, month+1, 1) - 1
		out[i] = fees.RequestPart{DueOn: min(models.NewDate(y, month, 1).Plus(d-1), last), AmountFen: total / models.Fen(count)}
		if models.Fen(i) < total%models.Fen(count) {
			out[i].AmountFen++
		}
	}
	return out
}
