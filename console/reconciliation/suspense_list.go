package reconciliation

import (
	"errors"

	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/payment/reconcile"
)

// suspenseList is the page 多收款与待查款: money that WeChat took, whose owner is not known.
type suspenseList struct {
	Count       int
	Sum         models.Fen
	Communities []ui.Option
	Rows        []suspenseLine
	Pager       ui.Pager
}

type suspenseLine struct {
	proof.FindingBooking
	Room   estate.Room // asked for, or where it went
	Decide bool
	Ask    bool
}

// Suspense shows a page of 多收款与待查款.
func Suspense(c *ui.Call) (err error) {
	v := suspenseList{}
	if v.Count, v.Sum, err = proof.SuspenseSum(c.View); err != nil {
		return err
	}
	if v.Communities, err = c.CommunityOptions(); err != nil {
		return err
	}
	list, err := proof.FindingBookings(c.View, false, c.R.URL.Query().Get("after"), ui.PageSize+1)
	if err != nil {
		return err
	}
	list, v.Pager = ui.Cut(c, list, func(b proof.FindingBooking) string { return b.ID })
	if v.Rows, err = suspenseLines(c, list); err != nil {
		return err
	}
	return c.Render("reconciliation/suspense_list", "多收款与待查款", v)
}

func suspenseLines(c *ui.Call, list []proof.FindingBooking) ([]suspenseLine, error) {
	ids := make([]string, 0, len(list))
	for _, b := range list {
		if id := b.RoomID + b.ToRoomID; id != "" {
			ids = append(ids, id)
		}
	}
	rooms, err := estate.RoomsByID(c.View, ids)
	if err != nil {
		return nil, err
	}
	out := make([]suspenseLine, len(list))
	run := c.Can(office.PermReconcileRun)
	for i, b := range list {
		out[i] = suspenseLine{FindingBooking: b, Room: rooms[b.RoomID+b.ToRoomID],
			Decide: run && b.Suspended() && b.ToRoomID != "" && b.ToAskedID != c.Staff.ID, Ask: run && b.Suspended() && b.ToRoomID == ""}
	}
	return out, nil
}

// ExportSuspense sends the list as a workbook.
func ExportSuspense(c *ui.Call) error {
	header := []string{"登记时间", "商户", "微信交易号", "金额（元）", "存入房号", "登记人", "审批人", "认领房号", "认领申请", "认领审批", "认领时间"}
	return c.Export("多收款与待查款", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]suspenseLine, error) {
			list, err := proof.FindingBookings(c.View, false, after, limit)
			if err != nil {
				return nil, err
			}
			return suspenseLines(c, list)
		}
		return ui.EachPage(read, func(l suspenseLine) string { return l.ID }, func(l suspenseLine) error {
			room, to := l.Room.Code, ""
			if l.RoomID == "" {
				room, to = "待查款", l.Room.Code
			}
			return b.Row(words.At(l.CreatedAt), l.Merchant, l.TransactionID, sheet.Yuan(l.AmountFen), room, l.AskedName, l.ApprovedName, to,
				l.ToAskedName, l.ToApprovedName, words.At(l.ToAt))
		})
	})
}

// WorkSuspense asks for money in suspense to be moved to a room, approves that, or withdraws
// it.
func WorkSuspense(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	said, err := doSuspense(c, c.R.PathValue("id"))
	if e, ok := models.AsError(err); ok && !errors.Is(err, models.ErrNotFound) {
		said, err = e.Code, nil
	}
	if err != nil {
		return err
	}
	c.Say(said)
	return c.Redirect("/staff/suspense")
}

func doSuspense(c *ui.Call, id string) (said string, err error) {
	ctx, by := c.R.Context(), c.Staff.Actor()
	switch c.Field("do") {
	case "ask":
		room, err := postedRoom(c)
		if err != nil {
			return "", err
		}
		return "suspense_asked", reconcile.AskFromSuspense(ctx, c.Pay, by, id, room.ID)
	case "refuse":
		return "suspense_refused", reconcile.AskFromSuspense(ctx, c.Pay, by, id, "")
	case "approve":
		return "suspense_moved", reconcile.MoveFromSuspense(ctx, c.Pay, by, id)
	}
	return "", ui.ErrBadForm
}
