package reminder

import (
	"errors"
	"slices"
	"time"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/messages"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// receiptFor is how long a receipt is worth sending.
const receiptFor = 24 * time.Hour

// remind checks that a reminder is still right in this moment and returns its text.
// Never dun someone who has paid: the debt is computed anew, and orders that were
// not asked about make it wait.
func (s *Service) remind(tx *store.Tx, n *messages.Notice, asked []string) (map[string]value, *outcome, error) {
	if n.BusinessOn != tx.Today() {
		return nil, &outcome{messages.NoticeSkipped, reasonStale}, nil
	}
	if isOpen, err := open(tx); err != nil {
		return nil, nil, err
	} else if !isOpen {
		return nil, nil, errNotNow{reasonClosed}
	}
	room, err := estate.BoundRoomOf(tx, n.UserID, n.RoomID)
	if errors.Is(err, models.ErrNotFound) {
		return nil, &outcome{messages.NoticeSkipped, reasonUnbound}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	orders, err := money.UnsettledOrders(tx, n.RoomID)
	if err != nil {
		return nil, nil, err
	}
	for _, o := range orders {
		if !slices.Contains(asked, o.No) {
			return nil, nil, errNotNow{reasonOrdersUnknown}
		}
	}
	if twice, err := messages.AlsoReminded(tx, n, reminders); err != nil {
		return nil, nil, err
	} else if twice {
		return nil, &outcome{messages.NoticeSkipped, reasonLimited}, nil
	}
	if n.Step == stepShort {
		return s.remindShort(tx, n, room)
	}
	if wait, err := waits(tx, n); err != nil {
		return nil, nil, err
	} else if wait {
		return nil, &outcome{messages.NoticeSkipped, reasonPromised}, nil
	}
	arrears, err := billing.VisibleArrears(tx, room)
	if err != nil {
		return nil, nil, err
	}
	d, ok := debtOf(n, arrears)
	part, err := d.addParts(tx, n, room)
	if err != nil {
		return nil, nil, err
	}
	if !ok && !part {
		return nil, &outcome{messages.NoticeSkipped, reasonSettled}, nil
	}
	n.DueFen = d.total
	return d.text(n.Step, room.Name()), nil, nil
}

// debt is what a reminder is about: the undisputed bills of a room on one side of
// their due date.
type debt struct {
	bills     int
	total     models.Fen
	principal models.Fen
	late      models.Fen
	firstDue  models.Date
	days      int  // the longest time overdue
	bearsLate bool // late fee begins on the day after the first due date
}

// debtOf sums up what is owed today of the notice's side of the due date; false if
// nothing is owed any more of the bills whose step it is.
func debtOf(n *messages.Notice, arrears billing.Arrears) (d debt, ok bool) {
	overdue := n.Template == messages.TemplateOverdue
	for i := range arrears.Bills {
		b := &arrears.Bills[i]
		if b.Disputed || b.InPlan() || b.DueFen <= 0 || (b.DueOn < arrears.AsOf) != overdue || b.DueOn > arrears.AsOf+lookAhead {
			continue
		}
		if d.bills == 0 { // they come earliest due first
			d.firstDue, d.days = b.DueOn, b.OverdueDays
		}
		if rule, err := b.LateRule(); err == nil && b.DueOn == d.firstDue && rule.GraceDays == 0 && rule.Rate.IsPositive() {
			d.bearsLate = true
		}
		d.bills++
		d.total = d.total.Plus(b.DueFen)
		d.principal = d.principal.Plus(b.OutstandingFen())
		d.late = d.late.Plus(b.LateDueFen)
		ok = ok || b.DueOn == n.DueOn || n.Step == stepPromise
	}
	return d, ok
}

// receipt returns the text of a payment receipt.
func (s *Service) receipt(tx *store.Tx, n *messages.Notice) (map[string]value, *outcome, error) {
	if tx.Now.Sub(n.CreatedAt.Time) > receiptFor {
		return nil, &outcome{messages.NoticeSkipped, reasonStale}, nil
	}
	payment, err := money.PaymentOfOrder(tx, n.OrderNo)
	if err != nil {
		return nil, nil, err
	}
	room, err := estate.RoomByID(tx, n.RoomID)
	if err != nil {
		return nil, nil, err
	}
	name := room.Name()
	bound, err := estate.IsBound(tx, n.UserID, n.RoomID)
	if err != nil {
		return nil, nil, err
	}
	if !bound { // who paid by a share, for a room that is none of theirs
		name = models.MaskRoom(name)
	}
	return map[string]value{
		roleRoom:    text(name),
		roleAmount:  amount(payment.AmountFen),
		rolePaidAt:  instant(payment.PaidAt),
		roleOrderNo: text(n.OrderNo),
	}, nil, nil
}
