package statement

import (
	"slices"

	"wuyepay/billing"
	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// Kinds of [StatementLine].
const (
	LineBill       = "bill"            // a bill was issued
	LineOpening    = "opening_bill"    // an arrear was taken over from before the books
	LineCorrection = "correction"      // a mistake in a bill was put right
	LineDiscount   = "discount"        // principal was given up
	LineVoid       = "void"            // a bill was taken back
	LineLateFee    = "late_fee"        // late fee, in the moment in which it was paid
	LinePayment    = "payment"         // money came
	LineRefund     = "refund"          // money went back
	LineReversal   = "reversal"        // a payment was undone: a cheque bounced, or it was entered wrongly
	LineOffset     = "prepaid_offset"  // prepayment paid a bill: the balance stays
	LineCredit     = "prepaid_credit"  // money of a bill went to prepayment: the balance stays
	LinePrepaidIn  = "prepaid_taken"   // prepayment that lay with the room came with it
	LinePrepaidOut = "prepaid_handed"  // prepayment went with the room to the new owner, or out of it to the former one
	LineOther      = "prepaid_changed" // prepayment changed otherwise
	LineBorne      = "company_paid"    // after a refund the company settled the bill
)

// StatementLine is a line of a statement. ChargeFen raises what is owed, PaidFen
// lowers it; AmountFen is what a line is about that does neither.
type StatementLine struct {
	On          models.Date
	Kind        string
	Item        string
	PeriodStart models.Date
	PeriodEnd   models.Date
	ChargeFen   models.Fen
	PaidFen     models.Fen
	AmountFen   models.Fen
	BalanceFen  models.Fen // owed less prepayment, after this line
	PaymentID   string
	Channel     string // of a payment
	OrderNo     string
}

// Statement is an account 对账单 of a person for a room, from one day to another,
// both included. A balance is what is owed less prepayment: positive, the person
// owes; negative, there is prepayment left.
//
// The lines are those of the journal, so nothing that moved is missing. Late fee is
// charged in the moment in which it is paid; what has accrued by the last day and
// is not paid yet is LateDueFen, and ClosingFen has it in: it is what was owed at
// the end of that day, as it was shown then, less prepayment.
type Statement struct {
	Room       estate.Room
	From, To   models.Date
	OpeningFen models.Fen // without late fee that was not paid
	Lines      []StatementLine
	ChargeFen  models.Fen // sums of the lines
	PaidFen    models.Fen
	BookedFen  models.Fen // OpeningFen + ChargeFen - PaidFen
	LateDueFen models.Fen
	ClosingFen models.Fen // BookedFen + LateDueFen
	PrepaidFen models.Fen // of it, prepayment at the end
}

// ErrStatementSpan says that days are no span of a statement.
var ErrStatementSpan = models.Invalid("STATEMENT_SPAN", "对账单的起止日期不正确：开始日不能晚于结束日，也不能晚于今天，最长五年")

// StatementYear is the span of a year's statement: of this year, up to today.
func StatementYear(year int, today models.Date) (from, to models.Date) {
	return models.NewDate(year, 1, 1), min(models.NewDate(year, 12, 31), today)
}

// StatementOf gives the account of whoever has the sight, for a room.
func StatementOf(tx *store.Tx, room estate.Room, sight estate.BillVisibility, from, to models.Date) (Statement, error) {
	to = min(to, tx.Today())
	if from > to || from < models.NewDate(1990, 1, 1) || to-from > 5*366 {
		return Statement{}, ErrStatementSpan
	}
	w := statementWriter{
		tx: tx, s: Statement{Room: room, From: from, To: to}, sight: sight, today: tx.Today(), bills: map[string]fees.Bill{},
		payments: map[string]money.Payment{},
	}
	if err := w.read(); err != nil {
		return Statement{}, err
	}
	w.write()
	late, err := w.lateDue()
	if err != nil {
		return Statement{}, err
	}
	s := w.s
	s.LateDueFen = late
	s.BookedFen = s.OpeningFen.Plus(s.ChargeFen, -s.PaidFen)
	s.ClosingFen = s.BookedFen.Plus(late)
	s.PrepaidFen = w.prepaid
	return s, nil
}

// statementWriter turns the journal of a room into one person's account.
type statementWriter struct {
	tx       *store.Tx
	s        Statement
	sight    estate.BillVisibility
	today    models.Date
	bills    map[string]fees.Bill
	payments map[string]money.Payment
	journal  []money.JournalLine
	held     []calc.Days // when the prepayment of the room was theirs

	prepaid models.Fen // theirs, so far
	all     models.Fen // of the room, whoever's, so far
	balance models.Fen
	group   *StatementLine // payment being put together
}

func (w *statementWriter) read() error {
	bills, err := fees.BillsKnownOn(w.tx, w.s.Room.ID, w.today)
	if err != nil {
		return err
	}
	for _, b := range bills {
		w.bills[b.ID] = b
	}
	payments, err := money.PaymentsOfRoom(w.tx, w.s.Room.ID, maxStatementPayments)
	if err != nil {
		return err
	}
	for _, p := range payments {
		w.payments[p.ID] = p
	}
	if w.journal, err = money.JournalOfRoom(w.tx, w.s.Room.ID); err != nil {
		return err
	}
	w.held, err = prepaidDays(w.tx, w.s.Room.ID, w.sight)
	return err
}

// maxStatementPayments is all payments of a room; a list must have a limit.
const maxStatementPayments = 100_000

// prepaidDays are the days on which the room's prepayment was the person's: while
// they owned it. Where it has never changed hands that is ever.
func prepaidDays(tx *store.Tx, roomID string, sight estate.BillVisibility) ([]calc.Days, error) {
	if sight.Role == estate.RoleTenant {
		return nil, nil
	}
	transfers, err := estate.TransfersOfRoom(tx, roomID)
	if err != nil {
		return nil, err
	}
	if len(transfers) == 0 {
		if sight.Owns(tx.Today()) {
			return []calc.Days{{From: 0, To: calc.Forever}}, nil
		}
		return nil, nil
	}
	var out []calc.Days
	from, owner := models.Date(0), transfers[0].FromOwnerID
	for _, t := range append(transfers, estate.Transfer{TransferOn: calc.Forever}) {
		if owner == sight.OwnerID {
			out = append(out, calc.Days{From: from, To: t.TransferOn - 1})
		}
		from, owner = t.TransferOn, t.ToOwnerID
	}
	return out, nil
}

func (w *statementWriter) holds(on models.Date) bool {
	return slices.ContainsFunc(w.held, func(d calc.Days) bool { return on >= d.From && on <= d.To })
}

// lateDue is the late fee owed at the end of the last day, as it was shown then.
func (w *statementWriter) lateDue() (models.Fen, error) {
	a, err := billing.RoomArrearsAsOf(w.tx, w.s.Room.ID, w.s.To)
	if err != nil {
		return 0, err
	}
	late := models.Fen(0)
	for i := range a.Bills {
		if fees.CanSee(w.sight, &a.Bills[i].Bill, w.today) {
			late = late.Plus(a.Bills[i].LateDueFen)
		}
	}
	return late, nil
}
