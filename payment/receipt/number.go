package receipt

import (
	"context"

	"wuyepay/models/estate"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
)

// numberBatch is how many receipts get their numbers in one transaction, which holds
// the series so long.
const numberBatch = 200

// NumberReceipts returns every receipt that has none its number, in order of issue,
// without gaps in the series of a community and a year, and puts the names on it. It
// gives how many it numbered. Several at once are harmless: one holds a series while
// the others wait, or find nothing left to do. A payment never waits for it.
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

// numberSeries numbers all that waits in a series.
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

// numberIn numbers up to a batch of a series. A number is given and counted in one
// transaction, under the lock of the series: what is rolled back leaves no gap.
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

// party is who stands on a receipt.
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
	if p.Owner == "" { // bills that name nobody, and prepayment, are of the person who owns the room
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

// tellSharer lets the user who shared bills know that they were paid, once.
func (s *Service) tellSharer(tx *store.Tx, u *receipts.Unnumbered) error {
	fresh, err := receipts.TellShareOrder(tx, u.OrderNo)
	if err != nil || !fresh || s.SharePaid == nil {
		return err
	}
	return s.SharePaid(tx, u.ShareUser, u.RoomID, u.OrderNo)
}
