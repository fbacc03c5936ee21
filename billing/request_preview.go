package billing

import (
	"slices"
	"time"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// RequestPreview holds what a request would do if it were approved today.
type RequestPreview struct {
	Effects   []Effect           // on each bill, earliest due first; none for a plan or a promise
	Parts     []fees.RequestPart // of a plan
	TotalFen  models.Fen         // what a plan covers
	WaivedFen models.Fen         // late fee waived in all
	CreditFen models.Fen         // to the room's prepayment, in all
}

// PreviewRequest returns what a request of staff would do. It returns the
// refusals of [Requests.SubmitAsStaff] that concern figures, and changes
// nothing.
func PreviewRequest(tx *store.Tx, a NewRequest) (RequestPreview, error) {
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
		return p, validatePlan(tx, a.BreakDays, states, a.Parts)
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

// add adds the effects of adjustments, each on a bill of its own.
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

// DueTotal returns what is due today of bills of a room: the sum that a plan
// for them has to cover. Bills of other rooms are ignored.
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

// EvenParts divides a sum into monthly parts. The first is due on the given
// day, the others on the same day of the following months or, if a month is
// shorter, on its last day. The remainder goes to the first parts, one fen
// each. For example, 100.00 yuan in 3 parts from 31 Jan is 33.34 on 31 Jan,
// 33.33 on 28 Feb and 33.33 on 31 Mar.
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
