package console

import (
	"wuyepay/billing"
	"wuyepay/models"
)

// How many lines of each part a room's account shows. One more is read to say so
// when there are others.
const (
	accountPayments = 50
	accountEntries  = 50
	accountOrders   = 20
	accountNotices  = 20
	accountPaid     = 24
	accountRequests = 20
)

// account is a 房间账户: what the owner sees, and where the money came from.
type account struct {
	Room      models.Room
	Community string
	Owners    []ownerLine
	Arrears   billing.Arrears
	Open      []billLine
	Paid      []billLine
	Payments  []models.Payment
	Reversed  map[string]models.PaymentReversal // of the payments that were undone, by id
	Entries   []models.PrepaidEntry
	Orders    []models.ListedOrder
	Bound     []models.BoundUser
	Notices   []models.Notice
	More      more
	Requests  []models.Request
	Plans     []billing.PlanProgress
	On        models.Date // the past day whose arrears and prepayment are shown; none: today
	Prepaid   models.Fen
	Amount    string // of the form 试算: nothing typed yet
	Payer     string
	Sides     []billing.Side
}

type ownerLine struct{ Name, Phone string }

// more tells which parts go on beyond what is shown.
type more struct{ Paid, Payments, Entries, Orders, Notices bool }

func (c *call) account() error {
	room, community, err := c.view.ScopedRoom(c.scope(), c.r.PathValue("id"))
	if err != nil {
		return err
	}
	a := account{Room: room, Community: community}
	for _, read := range []func(*account) error{c.accountOwners, c.accountBills, c.accountMoney, c.accountPeople} {
		if err := read(&a); err != nil {
			return err
		}
	}
	return c.render("account", room.Name(), a)
}

// accountOwners are those who own the room today; tenants are not among them.
func (c *call) accountOwners(a *account) error {
	holdings, err := c.view.HoldingsOfRooms([]string{a.Room.ID})
	if err != nil {
		return err
	}
	for _, h := range holdings[a.Room.ID] {
		if !h.Holds(c.view.Today()) {
			continue
		}
		phone, err := c.view.OwnerPhone(h.Owner)
		if err != nil {
			return err
		}
		a.Owners = append(a.Owners, ownerLine{c.ownerName(h.Owner.Name), models.MaskPhone(phone)})
	}
	return nil
}

func (c *call) accountBills(a *account) (err error) {
	if a.On, err = c.dayOf("on"); err != nil {
		return err
	}
	if a.On == c.view.Today() {
		a.On = 0
	}
	if a.On.IsZero() {
		a.Prepaid = a.Room.PrepaidFen
		a.Arrears, err = billing.RoomArrears(c.view, a.Room.ID)
	} else if a.Arrears, err = billing.RoomArrearsAsOf(c.view, a.Room.ID, a.On); err == nil {
		a.Prepaid, err = c.view.PrepaidKnownOn(a.Room.ID, a.On)
	}
	if err != nil {
		return err
	}
	if a.Open, err = billLines(a.Arrears.Bills); err != nil {
		return err
	}
	paid, err := c.view.BillsOfRoom(a.Room.ID, models.BillFilter{Status: models.BillPaid, Limit: accountPaid + 1})
	if err != nil {
		return err
	}
	paid, a.More.Paid = firstOf(paid, accountPaid)
	states, err := billing.States(c.view, paid, c.view.Today())
	if err != nil {
		return err
	}
	a.Paid, err = billLines(states)
	return err
}

func (c *call) accountMoney(a *account) error {
	payments, err := c.view.PaymentsOfRoom(a.Room.ID, accountPayments+1)
	if err != nil {
		return err
	}
	if a.Reversed, err = c.view.ReversedPayments(a.Room.ID); err != nil {
		return err
	}
	entries, err := c.view.PrepaidEntries(a.Room.ID, accountEntries+1)
	if err != nil {
		return err
	}
	orders, err := c.view.ListedOrders(models.OrderFilter{Scope: c.scope(), RoomID: a.Room.ID, Limit: accountOrders + 1})
	if err != nil {
		return err
	}
	a.Payments, a.More.Payments = firstOf(payments, accountPayments)
	a.Entries, a.More.Entries = firstOf(entries, accountEntries)
	a.Orders, a.More.Orders = firstOf(orders, accountOrders)
	return nil
}

func (c *call) accountPeople(a *account) (err error) {
	if a.Bound, err = c.view.BoundUsers(a.Room.ID); err != nil {
		return err
	}
	if a.Sides, err = c.sides(a.Room.ID); err != nil {
		return err
	}
	if a.Requests, err = c.view.Requests(models.RequestFilter{Scope: c.scope(), RoomID: a.Room.ID, Limit: accountRequests}); err != nil {
		return err
	}
	plans, err := c.view.PlansOfRoom(a.Room.ID)
	if err != nil {
		return err
	}
	for _, p := range plans {
		progress, err := billing.ProgressOf(c.view, p)
		if err != nil {
			return err
		}
		a.Plans = append(a.Plans, progress)
	}
	notices, err := c.view.NoticesOfRoom(a.Room.ID, accountNotices+1)
	a.Notices, a.More.Notices = firstOf(notices, accountNotices)
	return err
}

// firstOf shortens a list to n and tells whether it did.
func firstOf[T any](list []T, n int) ([]T, bool) {
	if len(list) > n {
		return list[:n], true
	}
	return list, false
}
