package statement

import (
	"slices"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
)

// write goes through the journal, oldest first, and makes the lines.
func (w *statementWriter) write() {
	handed := w.handOvers()
	list := formerFirst(w.journal)
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
			// What was there on the eve leaves with the hand-over and never comes to the new
			// owner; what came on the day itself came to them, and leaves at its end.
			eve := j.AmountFen.Min(w.all)
			w.all -= eve
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

// formerFirst puts what a transfer leaves with the former owner before all else of its
// day: the new owner's day begins without it.
func formerFirst(journal []money.JournalLine) []money.JournalLine {
	out := slices.Clone(journal)
	slices.SortStableFunc(out, func(a, b money.JournalLine) int {
		if a.BookedOn != b.BookedOn {
			return int(a.BookedOn - b.BookedOn)
		}
		return boolRank(b.Kind == money.JournalFormer) - boolRank(a.Kind == money.JournalFormer)
	})
	return out
}

// endOfDay is where in the journal the day of a line ends.
func endOfDay(journal []money.JournalLine, i int) int {
	for day := journal[i].BookedOn; i < len(journal) && journal[i].BookedOn == day; {
		i++
	}
	return i
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// handOvers are the days on which the prepayment of the room became the person's
// or ceased to be, in order.
func (w *statementWriter) handOvers() []models.Date {
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

// handOver lets what lies with the room come to the person or go from them.
func (w *statementWriter) handOver(on models.Date) {
	w.closeGroup()
	l := StatementLine{On: on, Kind: LinePrepaidIn, PaidFen: w.all}
	if !w.holds(on) {
		l = StatementLine{On: on, Kind: LinePrepaidOut, ChargeFen: w.prepaid}
	}
	w.prepaid += l.PaidFen - l.ChargeFen
	w.add(l)
}

// line makes what there is to say of a line of the journal.
func (w *statementWriter) line(j money.JournalLine) {
	bill, known := w.bills[j.BillID]
	seen := known && fees.CanSee(w.sight, &bill, w.today)
	side := func(account string) models.Fen { // what the line adds to an account on the debit side
		switch account {
		case j.Debit:
			return j.AmountFen
		case j.Credit:
			return -j.AmountFen
		}
		return 0
	}
	owed, late, prepaid := side(money.AccountReceivable), -side(money.AccountLateFee), -side(money.AccountPrepaid)
	w.all += prepaid
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
	l := StatementLine{On: j.BookedOn, PaymentID: j.PaymentID, AmountFen: j.AmountFen}
	if seen {
		l.Item, l.PeriodStart, l.PeriodEnd = bill.Item, bill.PeriodStart, bill.PeriodEnd
	}
	switch kind, ok := billLineKinds[j.Kind]; {
	case ok:
		l.Kind = kind
		w.signed(l, owed)
	case j.Kind == money.JournalRefundBorne: // nobody of the room has paid it
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

var billLineKinds = map[string]string{
	money.JournalIssue: LineBill, money.JournalOpening: LineOpening, money.JournalCorrection: LineCorrection,
	money.JournalDiscount: LineDiscount, money.JournalVoid: LineVoid,
}

// signed adds a line that raises what is owed, or lowers it.
func (w *statementWriter) signed(l StatementLine, amount models.Fen) {
	w.closeGroup()
	l.AmountFen = 0
	if amount >= 0 {
		l.ChargeFen = amount
	} else {
		l.PaidFen = -amount
	}
	w.add(l)
}

// moneyLine is money from outside that settles a bill, or goes back: late fee is
// charged as it is paid, and both are part of one payment.
func (w *statementWriter) moneyLine(l StatementLine, owed, late models.Fen) {
	if late != 0 {
		fee := l
		fee.Kind, fee.PaymentID = LineLateFee, ""
		w.addBeforeGroup(fee, late)
	}
	w.pay(l, late-owed)
}

// prepaidLine is a move of prepayment: in by a payment, out to a bill, back from
// one, or out of the books.
func (w *statementWriter) prepaidLine(j money.JournalLine, l StatementLine, owed, late, prepaid models.Fen) {
	if late != 0 {
		fee := l
		fee.Kind, fee.PaymentID, fee.AmountFen = LineLateFee, "", 0
		w.addBeforeGroup(fee, late)
	}
	switch {
	case j.Kind == money.JournalTopup || j.Kind == money.JournalSurplus:
		w.pay(l, prepaid)
	case j.Kind == money.JournalOffset || j.Kind == money.JournalCredit:
		// Between prepayment and a bill of the same person nothing changes but the
		// late fee told above; where only one side is theirs, that side does.
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

// pay adds to the line of a payment: all that came by it on a day is one line.
func (w *statementWriter) pay(l StatementLine, amount models.Fen) {
	if amount == 0 {
		return
	}
	if w.group != nil && (w.group.PaymentID != l.PaymentID || w.group.On != l.On || (w.group.PaidFen > 0) != (amount > 0)) {
		w.closeGroup()
	}
	if w.group == nil {
		p := w.payments[l.PaymentID]
		w.group = &StatementLine{On: l.On, Kind: LinePayment, PaymentID: l.PaymentID, Channel: p.Channel}
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

// addBeforeGroup adds the late fee that a payment pays: it comes before the
// payment, which may still grow.
func (w *statementWriter) addBeforeGroup(l StatementLine, amount models.Fen) {
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

func (w *statementWriter) closeGroup() {
	if w.group != nil {
		l := *w.group
		w.group = nil
		w.add(l)
	}
}

// add carries the balance on. What lies before the first day is in the opening
// balance.
func (w *statementWriter) add(l StatementLine) {
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
