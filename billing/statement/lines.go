package statement

import (
	"slices"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
)

// write walks through the journal, oldest first, and adds the lines. A transfer
// of the room comes before all else of its day: the day of the transfer is the
// new owner's first. The walk begins with the first entry of the room, not with
// the first day of the statement, because the opening balance is the sum of all
// that came before.
func (w *writer) write() {
	handed := w.handOvers()
	list := transfersFirst(w.journal)
	for i := 0; i < len(list); i++ {
		j := list[i]
		if j.BookedOn > w.s.To {
			break
		}
		former := j.Kind == money.JournalFormer
		for len(handed) > 0 && (handed[0] < j.BookedOn || handed[0] == j.BookedOn && !former) {
			w.handOver(handed[0])
			handed = handed[1:]
		}
		if former && len(handed) > 0 && handed[0] == j.BookedOn {
			// The former owner takes what was there the day before, so it never reaches the
			// new owner. What came in on the day itself did reach the new owner, and leaves
			// at the end of the day.
			eve := j.AmountFen.Min(w.roomPrepaid)
			w.roomPrepaid -= eve
			if j.AmountFen -= eve; j.AmountFen > 0 {
				list = slices.Insert(list, endOfDay(list, i), j)
			}
			continue
		}
		w.line(j)
	}
	for len(handed) > 0 && handed[0] <= w.s.To {
		w.handOver(handed[0])
		handed = handed[1:]
	}
	w.closeGroup()
	if w.s.To >= w.s.From && len(w.s.Lines) == 0 {
		w.s.OpeningFen = w.balance
	}
}

// transfersFirst moves what a transfer leaves with the former owner before
// everything else of its day, because the new owner's day begins without it.
func transfersFirst(journal []money.JournalLine) []money.JournalLine {
	out := slices.Clone(journal)
	slices.SortStableFunc(out, func(a, b money.JournalLine) int {
		if a.BookedOn != b.BookedOn {
			return int(a.BookedOn - b.BookedOn)
		}
		return boolRank(b.Kind == money.JournalFormer) - boolRank(a.Kind == money.JournalFormer)
	})
	return out
}

// endOfDay returns the index of the first line after the day of line i, or the
// length of the journal.
func endOfDay(journal []money.JournalLine, i int) int {
	for day := journal[i].BookedOn; i < len(journal) && journal[i].BookedOn == day; {
		i++
	}
	return i
}

// boolRank orders false before true.
func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// handOvers returns the days, in order, on which the room's prepayment became
// the person's or ceased to be theirs.
func (w *writer) handOvers() []models.Date {
	var out []models.Date
	for _, d := range w.held {
		if d.From != 0 {
			out = append(out, d.From)
		}
		if d.To < calc.Forever-1 {
			out = append(out, d.To+1)
		}
	}
	return out
}

// handOver adds the line with which the room's prepayment comes to the person
// or leaves them. A handover to a person lowers their balance by what the room
// has; a handover from a person raises it by what was theirs.
func (w *writer) handOver(on models.Date) {
	w.closeGroup()
	l := Line{On: on, Kind: LinePrepaidIn, PaidFen: w.roomPrepaid}
	if !w.holds(on) {
		l = Line{On: on, Kind: LinePrepaidOut, ChargeFen: w.prepaid}
	}
	w.prepaid += l.PaidFen - l.ChargeFen
	w.add(l)
}

// line adds the lines for one pair of the journal. Only the sides that concern
// the person count: bills that they see, and prepayment while the room was
// theirs.
func (w *writer) line(j money.JournalLine) {
	bill, known := w.bills[j.BillID]
	seen := known && fees.CanSee(w.visibility, &bill, w.today)
	side := func(account string) models.Fen { // what the pair adds to the account, debit positive
		switch account {
		case j.Debit:
			return j.AmountFen
		case j.Credit:
			return -j.AmountFen
		}
		return 0
	}
	owed, late, prepaid := side(money.AccountReceivable), -side(money.AccountLateFee), -side(money.AccountPrepaid)
	w.roomPrepaid += prepaid
	if !w.holds(j.BookedOn) {
		prepaid = 0
	}
	if !seen {
		owed, late = 0, 0
	}
	w.prepaid += prepaid
	if owed == 0 && late == 0 && prepaid == 0 {
		return
	}
	l := Line{On: j.BookedOn, PaymentID: j.PaymentID, AmountFen: j.AmountFen}
	if seen {
		l.Item, l.PeriodStart, l.PeriodEnd = bill.Item, bill.PeriodStart, bill.PeriodEnd
	}
	switch kind, ok := billLineKinds[j.Kind]; {
	case ok:
		l.Kind = kind
		w.signed(l, owed)
	case j.Kind == money.JournalRefundBorne: // the company paid it, nobody of the room
		if late != 0 {
			fee := l
			fee.Kind, fee.PaymentID = LineLateFee, ""
			w.addBeforeGroup(fee, late)
		}
		l.Kind, l.PaymentID = LineBorne, ""
		w.signed(l, owed-late)
	case j.Kind == money.JournalReversalPrepaid:
		l.Kind = LineReversal
		w.pay(l, prepaid)
	case j.Debit == money.AccountPrepaid || j.Credit == money.AccountPrepaid:
		w.prepaidLine(j, l, owed, late, prepaid)
	default:
		if j.Kind == money.JournalReversal || j.Kind == money.JournalReversalLateFee {
			l.Kind = LineReversal
		}
		w.moneyLine(l, owed, late)
	}
}

// billLineKinds maps the kinds of the journal that concern a bill alone.
var billLineKinds = map[string]string{
	money.JournalIssue: LineBill, money.JournalOpening: LineOpening, money.JournalCorrection: LineCorrection,
	money.JournalDiscount: LineDiscount, money.JournalVoid: LineVoid,
}

// signed adds a line that raises what is owed or, if negative, lowers it.
func (w *writer) signed(l Line, amount models.Fen) {
	w.closeGroup()
	l.AmountFen = 0
	if amount >= 0 {
		l.ChargeFen = amount
	} else {
		l.PaidFen = -amount
	}
	w.add(l)
}

// moneyLine adds money from outside that settles a bill, or that goes back. late
// is negative when late fee goes back.
// Late fee is charged when it is paid, so both appear together, and principal
// and late fee are one payment.
func (w *writer) moneyLine(l Line, owed, late models.Fen) {
	if late != 0 {
		fee := l
		fee.Kind, fee.PaymentID = LineLateFee, ""
		w.addBeforeGroup(fee, late)
	}
	w.pay(l, late-owed)
}

// prepaidLine adds a movement of prepayment: in by a payment, out to a bill,
// back from a bill, or out of the books.
func (w *writer) prepaidLine(j money.JournalLine, l Line, owed, late, prepaid models.Fen) {
	if late != 0 {
		fee := l
		fee.Kind, fee.PaymentID, fee.AmountFen = LineLateFee, "", 0
		w.addBeforeGroup(fee, late)
	}
	switch {
	case j.Kind == money.JournalTopup || j.Kind == money.JournalSurplus:
		w.pay(l, prepaid)
	case j.Kind == money.JournalOffset || j.Kind == money.JournalCredit:
		// Between prepayment and a bill of the same person only late fee changes the
		// balance, and it has a line already. If one side belongs to another person, the
		// balance changes by the side that is theirs.
		w.closeGroup()
		l.Kind = LineOffset
		if j.Kind == money.JournalCredit {
			l.Kind = LineCredit
		}
		change := owed - prepaid - late
		if change != 0 {
			w.signed(l, change)
			return
		}
		w.add(l)
	case j.Kind == money.JournalFormer:
		l.Kind, l.Item = LinePrepaidOut, ""
		w.signed(l, -prepaid)
	default:
		l.Kind, l.Item = LineOther, ""
		if prepaid < 0 {
			l.Kind = LineRefund
		}
		w.signed(l, -prepaid)
	}
}

// pay adds to the line of a payment. All that came by one payment on a day is
// one line. For example, 100.00 by WeChat that settle two bills of 40.00 and
// leave 20.00 in prepayment are one line of 100.00, not three. A negative amount
// is money that went back; it never joins the line of money that came in.
func (w *writer) pay(l Line, amount models.Fen) {
	if amount == 0 {
		return
	}
	if w.group != nil && (w.group.PaymentID != l.PaymentID || w.group.On != l.On || (w.group.PaidFen > 0) != (amount > 0)) {
		w.closeGroup()
	}
	if w.group == nil {
		p := w.payments[l.PaymentID]
		w.group = &Line{On: l.On, Kind: LinePayment, PaymentID: l.PaymentID, Channel: p.Channel}
		if p.OrderNo != nil {
			w.group.OrderNo = *p.OrderNo
		}
	}
	if amount > 0 {
		w.group.PaidFen += amount
	} else {
		if w.group.Kind = LineRefund; l.Kind == LineReversal {
			w.group.Kind = LineReversal
		}
		w.group.ChargeFen -= amount
	}
}

// addBeforeGroup adds the late fee that a payment pays. Its line comes before
// that of the payment, whose amount may still grow. It takes back late fee, too,
// if amount is negative.
func (w *writer) addBeforeGroup(l Line, amount models.Fen) {
	if w.group != nil && w.group.On != l.On {
		w.closeGroup()
	}
	l.AmountFen = 0
	if amount >= 0 {
		l.ChargeFen = amount
	} else {
		l.PaidFen = -amount
	}
	w.add(l)
}

// closeGroup adds the line of the payment that was being put together.
func (w *writer) closeGroup() {
	if w.group != nil {
		l := *w.group
		w.group = nil
		w.add(l)
	}
}

// add adds a line and carries the balance on. Movements before the first day
// only change the opening balance.
func (w *writer) add(l Line) {
	if l.ChargeFen == 0 && l.PaidFen == 0 && l.AmountFen == 0 {
		return
	}
	if l.ChargeFen != 0 || l.PaidFen != 0 {
		l.AmountFen = 0
	}
	w.balance = w.balance.Plus(l.ChargeFen, -l.PaidFen)
	if l.On < w.s.From {
		return
	}
	if len(w.s.Lines) == 0 {
		w.s.OpeningFen = w.balance.Plus(-l.ChargeFen, l.PaidFen)
	}
	l.BalanceFen = w.balance
	w.s.Lines = append(w.s.Lines, l)
	w.s.ChargeFen = w.s.ChargeFen.Plus(l.ChargeFen)
	w.s.PaidFen = w.s.PaidFen.Plus(l.PaidFen)
}
