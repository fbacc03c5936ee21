package console

import (
	"errors"

	"wuyepay/billing/sheet"
	"wuyepay/models"
)

// suspenseList is 待查款: money that WeChat took and nobody knows whose it is.
type suspenseList struct {
	Count       int
	Sum         models.Fen
	Communities []choice
	Rows        []suspenseLine
	Pager       pager
}

type suspenseLine struct {
	models.FindingBooking
	Room   models.Room // asked for, or where it went
	Decide bool
	Ask    bool
}

func (c *call) suspense() (err error) {
	v := suspenseList{}
	if v.Count, v.Sum, err = c.view.SuspenseSum(); err != nil {
		return err
	}
	if v.Communities, err = c.communityChoices(); err != nil {
		return err
	}
	list, err := c.view.FindingBookings(false, c.r.URL.Query().Get("after"), pageSize+1)
	if err != nil {
		return err
	}
	list, v.Pager = cut(c, list, func(b models.FindingBooking) string { return b.ID })
	if v.Rows, err = c.suspenseLines(list); err != nil {
		return err
	}
	return c.render("suspense", "多收款与待查款", v)
}

func (c *call) suspenseLines(list []models.FindingBooking) ([]suspenseLine, error) {
	ids := make([]string, 0, len(list))
	for _, b := range list {
		if id := b.RoomID + b.ToRoomID; id != "" {
			ids = append(ids, id)
		}
	}
	rooms, err := c.view.RoomsByID(ids)
	if err != nil {
		return nil, err
	}
	out := make([]suspenseLine, len(list))
	run := c.can(permReconcileRun)
	for i, b := range list {
		out[i] = suspenseLine{b, rooms[b.RoomID+b.ToRoomID], run && b.Suspended() && b.ToRoomID != "" && b.ToAskedID != c.staff.ID, run && b.Suspended() && b.ToRoomID == ""}
	}
	return out, nil
}

func (c *call) exportSuspense() error {
	header := []string{"登记时间", "商户", "微信交易号", "金额（元）", "存入房号", "登记人", "审批人", "认领房号", "认领申请", "认领审批", "认领时间"}
	return c.export("多收款与待查款", "", header, func(b *workbook) error {
		read := func(after string, limit int) ([]suspenseLine, error) {
			list, err := c.view.FindingBookings(false, after, limit)
			if err != nil {
				return nil, err
			}
			return c.suspenseLines(list)
		}
		return eachPage(read, func(l suspenseLine) string { return l.ID }, func(l suspenseLine) error {
			room, to := l.Room.Code, ""
			if l.RoomID == "" {
				room, to = "待查款", l.Room.Code
			}
			return b.Row(at(l.CreatedAt), l.Merchant, l.TransactionID, sheet.Yuan(l.AmountFen), room, l.AskedName, l.ApprovedName, to, l.ToAskedName, l.ToApprovedName, at(l.ToAt))
		})
	})
}

// workSuspense asks for money in suspense to be moved to a room, approves that, or
// takes it back.
func (c *call) workSuspense() error {
	if err := c.form(); err != nil {
		return err
	}
	said, err := c.doSuspense(c.r.PathValue("id"))
	if e, ok := models.AsError(err); ok && !errors.Is(err, models.ErrNotFound) {
		said, err = e.Code, nil
	}
	if err != nil {
		return err
	}
	c.say(said)
	return c.redirect("/staff/suspense")
}

func (c *call) doSuspense(id string) (said string, err error) {
	ctx, by := c.r.Context(), c.staff.Actor()
	switch c.field("do") {
	case "ask":
		room, err := c.postedRoom()
		if err != nil {
			return "", err
		}
		return "suspense_asked", c.Pay.AskFromSuspense(ctx, by, id, room.ID)
	case "refuse":
		return "suspense_refused", c.Pay.AskFromSuspense(ctx, by, id, "")
	case "approve":
		return "suspense_moved", c.Pay.MoveFromSuspense(ctx, by, id)
	}
	return "", errBadForm
}
