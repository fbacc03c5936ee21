package rooms

import (
	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/messages"
	"wuyepay/models/money"
)

// How many lines of each part an account shows. One more is read to learn whether there are
// others.
const (
	accountPayments = 50
	accountEntries  = 50
	accountOrders   = 20
	accountNotices  = 20
	accountPaid     = 24
	accountRequests = 20
	accountChanges  = 10
)

// account is the page 房间账户: what the owner sees, and where the money came from.
type account struct {
	Room      estate.Room
	Community string
	Owners    []ui.OwnerLine
	Arrears   billing.Arrears
	Open      []ui.BillLine
	Paid      []ui.BillLine
	Payments  []money.Payment
	Reversed  map[string]money.PaymentReversal // of the payments that were undone, by id
	Entries   []money.PrepaidEntry
	Orders    []money.ListedOrder
	Bound     []estate.BoundUser
	Notices   []messages.Notice
	More      more
	Requests  []fees.Request
	Plans     []billing.PlanProgress
	On        models.Date // the past day whose arrears and prepayment are shown; zero means today
	Prepaid   models.Fen
	Amount    string // of the form 试算: nothing typed yet
	Payer     string
	Sides     []billing.Debtor

	Changes     []ui.RoomChangeLine
	MoreChanges bool
}

// more has which parts go on beyond what is shown.
type more struct{ Paid, Payments, Entries, Orders, Notices bool }

// Account shows 房间账户.
func Account(c *ui.Call) error {
	room, community, err := estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	a := account{Room: room, Community: community}
	if a.Owners, err = c.OwnersToday(room); err != nil {
		return err
	}
	if err := accountBills(c, &a); err != nil {
		return err
	}
	if err := accountMoney(c, &a); err != nil {
		return err
	}
	if err := accountPeople(c, &a); err != nil {
		return err
	}
	return c.Render("rooms/room_account", room.Name(), a)
}

func accountBills(c *ui.Call, a *account) (err error) {
	if a.On, err = c.QueryDay("on"); err != nil {
		return err
	}
	if a.On == c.View.Today() {
		a.On = 0
	}
	if a.On.IsZero() {
		a.Prepaid = a.Room.PrepaidFen
		a.Arrears, err = billing.RoomArrears(c.View, a.Room.ID)
	} else if a.Arrears, err = billing.RoomArrearsAsOf(c.View, a.Room.ID, a.On); err == nil {
		a.Prepaid, err = money.PrepaidKnownOn(c.View, a.Room.ID, a.On)
	}
	if err != nil {
		return err
	}
	if a.Open, err = ui.BillLines(a.Arrears.Bills); err != nil {
		return err
	}
	paid, err := fees.BillsOfRoom(c.View, a.Room.ID, fees.BillFilter{Status: fees.BillPaid, Limit: accountPaid + 1})
	if err != nil {
		return err
	}
	paid, a.More.Paid = ui.FirstOf(paid, accountPaid)
	states, err := billing.States(c.View, paid, c.View.Today())
	if err != nil {
		return err
	}
	a.Paid, err = ui.BillLines(states)
	return err
}

func accountMoney(c *ui.Call, a *account) error {
	payments, err := money.PaymentsOfRoom(c.View, a.Room.ID, accountPayments+1)
	if err != nil {
		return err
	}
	if a.Reversed, err = money.ReversedPayments(c.View, a.Room.ID); err != nil {
		return err
	}
	entries, err := money.PrepaidEntries(c.View, a.Room.ID, accountEntries+1)
	if err != nil {
		return err
	}
	orders, err := money.ListedOrders(c.View, money.OrderFilter{Scope: c.Scope(), RoomID: a.Room.ID, Limit: accountOrders + 1})
	if err != nil {
		return err
	}
	a.Payments, a.More.Payments = ui.FirstOf(payments, accountPayments)
	a.Entries, a.More.Entries = ui.FirstOf(entries, accountEntries)
	a.Orders, a.More.Orders = ui.FirstOf(orders, accountOrders)
	return nil
}

func accountPeople(c *ui.Call, a *account) (err error) {
	if a.Bound, err = estate.BoundUsers(c.View, a.Room.ID); err != nil {
		return err
	}
	if a.Changes, a.MoreChanges, err = c.RoomChanges(a.Room.ID, accountChanges); err != nil {
		return err
	}
	if a.Sides, err = sides(c, a.Room.ID); err != nil {
		return err
	}
	if a.Requests, err = fees.Requests(c.View, fees.RequestFilter{Scope: c.Scope(), RoomID: a.Room.ID,
		Limit: accountRequests}); err != nil {
		return err
	}
	plans, err := fees.PlansOfRoom(c.View, a.Room.ID)
	if err != nil {
		return err
	}
	for _, p := range plans {
		progress, err := billing.ProgressOf(c.View, p)
		if err != nil {
			return err
		}
		a.Plans = append(a.Plans, progress)
	}
	notices, err := messages.NoticesOfRoom(c.View, a.Room.ID, accountNotices+1)
	a.Notices, a.More.Notices = ui.FirstOf(notices, accountNotices)
	return err
}
