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

// Kinds of a [Line]. The values are part of the API.
const (
	LineBill       = "bill"            // a bill was issued
	LineOpening    = "opening_bill"    // an arrear from before these books was imported
	LineCorrection = "correction"      // a bill was corrected
	LineDiscount   = "discount"        // principal was given up
	LineVoid       = "void"            // a bill was withdrawn
	LineLateFee    = "late_fee"        // late fee, at the moment it was paid
	LinePayment    = "payment"         // money came in
	LineRefund     = "refund"          // money went back
	LineReversal   = "reversal"        // a payment was undone: a cheque bounced, or it was entered wrongly
	LineOffset     = "prepaid_offset"  // prepayment paid a bill: the balance stays
	LineCredit     = "prepaid_credit"  // money of a bill went to prepayment: the balance stays
	LinePrepaidIn  = "prepaid_taken"   // the room's prepayment came with the room
	LinePrepaidOut = "prepaid_handed"  // prepayment left with the room, or with the former owner
	LineOther      = "prepaid_changed" // any other change of prepayment
	LineBorne      = "company_paid"    // the company settled a bill after a refund
)

// Line is a line of a statement. ChargeFen raises what is owed, PaidFen lowers
// it. AmountFen is set instead if the line changes no balance, such as
// prepayment that paid a bill.
type Line struct {
	On          models.Date
	Kind        string
	Item        string
	PeriodStart models.Date
	PeriodEnd   models.Date
	// ChargeFen and PaidFen are never negative, and at most one of them is set.
	ChargeFen  models.Fen
	PaidFen    models.Fen
	AmountFen  models.Fen
	BalanceFen models.Fen // owed less prepayment, after this line
	// PaymentID, Channel and OrderNo are set on lines of a payment, OrderNo
	// only if it was made through WeChat Pay.
	PaymentID string
	Channel   string // such as money.ChannelCash
	OrderNo   string // of a WeChat payment
}

// Statement is the account 对账单 of a person for a room, between two days,
// both included. A balance is what is owed less prepayment: positive, the
// person owes; negative, prepayment is left.
//
// The lines come from the journal, so no movement is missing. Late fee is
// charged when it is paid. What has accrued by the last day and is unpaid is
// LateDueFen. ClosingFen includes it: it is what was owed at the end of that
// day, as shown then, less prepayment. For example, with 100.00 owed, 2.00 late
// fee accrued and 30.00 prepaid, BookedFen is 70.00 and ClosingFen 72.00.
//
// Arrears from before these books stand on the day on which they were due, not on the day
// on which a file brought them. They are the one exception to "as shown then": see
// [billing.RoomAccountAsOf]. What is not due yet when it is imported stands on the day of
// the import. For example, of a file of March 2026 the bill due in February 2025 is a line
// of the statement of 2025 and part of the opening balance of 2026.
type Statement struct {
	Room       estate.Room
	From, To   models.Date
	OpeningFen models.Fen // balance before the first day, without unpaid late fee
	Lines      []Line
	// ChargeFen and PaidFen are the sums of the lines.
	ChargeFen models.Fen
	PaidFen   models.Fen
	BookedFen models.Fen // OpeningFen + ChargeFen - PaidFen
	// LateDueFen is late fee that had accrued by the end of the last day and
	// was unpaid.
	LateDueFen models.Fen
	ClosingFen models.Fen // BookedFen + LateDueFen
	PrepaidFen models.Fen // prepayment at the end, included in the balances
}

// Refusals of the days of a statement.
var (
	// ErrSpan: out of order, in the future, or longer than five years.
	ErrSpan = models.Invalid("STATEMENT_SPAN", "对账单的起止日期不正确：开始日不能晚于结束日，也不能晚于今天，最长五年")
	// ErrYearAndDays: a year and days besides, which may contradict each other.
	ErrYearAndDays = models.Invalid("STATEMENT_YEAR_AND_DAYS", "年份和起止日期只能选一种")
)

// Year returns the days of a year's statement; of the current year, up to
// today.
func Year(year int, today models.Date) (from, to models.Date) {
	return models.NewDate(year, 1, 1), min(models.NewDate(year, 12, 31), today)
}

// Of returns the account of a person for a room. The person is the one whose
// bills sight selects. A last day in the future means today. It returns
// [ErrSpan] for days out of order, before 1990, or more than five years apart.
func Of(tx *store.Tx, room estate.Room, sight estate.BillVisibility, from, to models.Date) (Statement, error) {
	to = min(to, tx.Today())
	if from > to || from < models.NewDate(1990, 1, 1) || to-from > 5*366 {
		return Statement{}, ErrSpan
	}
	w := writer{
		tx: tx, s: Statement{Room: room, From: from, To: to}, visibility: sight, today: tx.Today(), bills: map[string]fees.Bill{},
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

// writer turns the journal of a room into the account of one person.
type writer struct {
	tx         *store.Tx
	s          Statement
	visibility estate.BillVisibility
	today      models.Date
	bills      map[string]fees.Bill
	payments   map[string]money.Payment
	journal    []money.JournalLine
	held       []calc.Days // days on which the room's prepayment was theirs

	// What the walk through the journal has come to, up to the current entry.
	prepaid     models.Fen // theirs, so far
	roomPrepaid models.Fen // of the room, so far, also of its other owners
	balance     models.Fen
	group       *Line // payment that is being put together
}

// read loads bills, payments and journal of the room.
func (w *writer) read() error {
	bills, err := fees.BillsKnownOn(w.tx, w.s.Room.ID, w.today)
	if err != nil {
		return err
	}
	for _, b := range bills {
		w.bills[b.ID] = b
	}
	payments, err := money.PaymentsOfRoom(w.tx, w.s.Room.ID, maxPayments)
	if err != nil {
		return err
	}
	for _, p := range payments {
		w.payments[p.ID] = p
	}
	if w.journal, err = money.JournalOfRoom(w.tx, w.s.Room.ID); err != nil {
		return err
	}
	w.moveOpening()
	w.held, err = prepaidDays(w.tx, w.s.Room.ID, w.visibility)
	return err
}

// moveOpening lets imported arrears stand on the day of issue of their bill, which is
// its due day or, if it was not due yet, the day of the import. The walk goes by day, so
// the lines are put in order again; those of one day keep their order.
func (w *writer) moveOpening() {
	for i := range w.journal {
		j := &w.journal[i]
		if b, known := w.bills[j.BillID]; known && j.Kind == money.JournalOpening {
			j.BookedOn = min(j.BookedOn, b.IssuedOn)
		}
	}
	slices.SortStableFunc(w.journal, func(a, b money.JournalLine) int { return int(a.BookedOn - b.BookedOn) })
}

// maxPayments is a limit above the number of payments of a room. A payment
// beyond it would keep its line and lose its channel and order number.
const maxPayments = 100_000

// prepaidDays returns the days on which the room's prepayment belonged to the
// person: while they owned the room. If the room never changed hands, that is
// always. A tenant never owns prepayment.
//
// A person who sold the room and bought it back has two spans. The day of a
// transfer belongs to the new owner: sold on 15 March, the former owner's days
// end on the 14th.
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

// holds reports whether the room's prepayment was theirs on a day.
func (w *writer) holds(on models.Date) bool {
	return slices.ContainsFunc(w.held, func(d calc.Days) bool { return on >= d.From && on <= d.To })
}

// lateDue returns the late fee owed at the end of the last day, by what was booked up to
// then, of the bills that the person sees. Late fee is not in the journal before it is
// paid, so it is computed and not read.
func (w *writer) lateDue() (models.Fen, error) {
	a, err := billing.RoomAccountAsOf(w.tx, w.s.Room.ID, w.s.To)
	if err != nil {
		return 0, err
	}
	late := models.Fen(0)
	for i := range a.Bills {
		if fees.CanSee(w.visibility, &a.Bills[i].Bill, w.today) {
			late = late.Plus(a.Bills[i].LateDueFen)
		}
	}
	return late, nil
}
