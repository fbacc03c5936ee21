package receipt

import (
	"context"

	"wuyepay/models/estate"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
)

// numberBatch is how many receipts get their numbers in one transaction. The series is
// locked until it ends, and a user who asks for a new receipt waits that long.
const numberBatch = 200

// NumberReceipts assigns a number to every receipt that has none, in order of issue and
// without gaps in the series of a community and a year, and puts the names on it. It
// returns how many it numbered, also together with an error.
//
// Several at once are harmless: one holds a series while the others wait, or find nothing
// left to do. A payment never waits for it. A crash in between loses nothing: what was
// not committed is numbered at the next run.
//
// The series is that of the business day of the booking. For example, a receipt of 31
// December that is numbered on 1 January counts in the year before.
func (s *Service) NumberReceipts(ctx context.Context) (int, error) {
	series, err := receipts.UnnumberedSeries(s.DB.View(ctx))
	if err != nil {
		return 0, err
	}
	total := 0
	for _, one := range series {
		n, err := s.numberSeries(ctx, one)
		total += n
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

// numberSeries numbers all receipts of a series that have no number, batch by batch, and
// returns how many they were. A batch that is not full was the last one.
func (s *Service) numberSeries(ctx context.Context, series receipts.ReceiptSeries) (total int, err error) {
	for n := numberBatch; n == numberBatch && err == nil; {
		err = s.DB.Write(ctx, func(tx *store.Tx) (err error) {
			n, err = s.numberIn(tx, series)
			return err
		})
		if err == nil {
			total += n
		}
	}
	return total, err
}

// numberIn numbers up to a batch of a series. A number is assigned and counted in one
// transaction, under the lock of the series: what is rolled back leaves no gap. The lock
// comes before the receipts are read, because another process may be numbering them.
func (s *Service) numberIn(tx *store.Tx, series receipts.ReceiptSeries) (int, error) {
	last, err := receipts.LockReceiptSeries(tx, series)
	if err != nil {
		return 0, err
	}
	waiting, err := receipts.UnnumberedReceipts(tx, series, numberBatch)
	if err != nil {
		return 0, err
	}
	parties := make([]receipts.ReceiptParty, len(waiting))
	for i := range waiting {
		if parties[i], err = s.party(tx, &waiting[i]); err != nil {
			return 0, err
		}
	}
	// All is read by now: the numbers are written together.
	for i := range waiting {
		if err := receipts.NumberReceipt(tx, &waiting[i].Receipt, last+int64(i)+1, parties[i]); err != nil {
			return 0, err
		}
	}
	for i := range waiting {
		if u := &waiting[i]; u.ShareID != "" {
			if err := s.tellSharer(tx, u); err != nil {
				return 0, err
			}
		}
	}
	return len(waiting), receipts.SetReceiptSeries(tx, series, last, last+int64(len(waiting)))
}

// party returns the names that a receipt shows. They are frozen with the number and do not
// follow later changes. Where the bills name nobody, the owner is the holder of the room
// on the day of payment, an owner before a tenant, even if the room was transferred before
// the number was assigned.
func (s *Service) party(tx *store.Tx, u *receipts.Unnumbered) (receipts.ReceiptParty, error) {
	p := receipts.ReceiptParty{
		Title: s.Title, Community: u.Community, Room: u.Room.Name(), RoomCode: u.Room.Code, Owner: u.OwnerName, PayerRole: u.BoundAs,
		Cashier: u.Cashier,
	}
	if p.Title == "" {
		p.Title = u.Community
	}
	if u.ShareID != "" {
		p.PayerRole, p.Payer = receipts.PayerShare, u.ShareLabel
	}
	if p.Owner == "" { // bills that name nobody, and prepayment: the holder on that day
		owners, err := estate.RoomOwners(tx, u.Room.ID, u.PaidAt.Date())
		if err != nil {
			return p, err
		}
		if len(owners) > 0 {
			p.Owner = owners[0].Name
		}
	}
	return p, nil
}

// tellSharer runs SharePaid for an order that was made from a share, once: not for the
// receipt that replaces the first one after a refund. An error rolls the numbers of the
// batch back, so that none is lost.
func (s *Service) tellSharer(tx *store.Tx, u *receipts.Unnumbered) error {
	fresh, err := receipts.TellShareOrder(tx, u.OrderNo)
	if err != nil || !fresh || s.SharePaid == nil {
		return err
	}
	return s.SharePaid(tx, u.ShareUser, u.RoomID, u.OrderNo)
}
