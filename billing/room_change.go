package billing

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Refusals of a change of the data of a room.
var (
	ErrRoomArea     = models.Invalid("ROOM_AREA", "面积应大于 0，最大 1000000，最多两位小数")
	ErrRoomPrice    = models.Invalid("ROOM_PRICE", "单价应为不超过 10000、最多四位小数的数；空着按收费标准")
	ErrRoomCycle    = models.Invalid("ROOM_CYCLE", "缴费周期应为月、季、半年、年；空着按收费标准")
	ErrRoomState    = models.Invalid("ROOM_STATE", "房屋状态应为已入住、空置、未售")
	ErrRoomText     = models.Invalid("ROOM_TEXT", "楼栋、单元、房间、物业类型最多 40 个字，管家最多 60 个字")
	ErrRoomHandover = models.Invalid("ROOM_HANDOVER", "交房日期不能晚于五年以后")
	// ErrRoomSame: nothing differs from what is registered.
	ErrRoomSame = models.Refusal(models.KindUnprocessable, "ROOM_SAME", "与登记的资料相同，没有需要修改的")
	// ErrRoomMoved: somebody else changed the room since it was shown.
	ErrRoomMoved = models.Refusal(models.KindConflict, "ROOM_CHANGED", "这套房产的资料刚被别人修改过，请核对现在的资料后再改")
)

// handoverAhead is how many days ahead a handover may be.
const handoverAhead = 5 * 366

// RoomEdit is a change of the data of a room. Room has all fields as they should be; its
// code, its balance and its times are not looked at. Seen is the [RoomFingerprint] of
// what the person was shown, so that two people do not overwrite each other.
type RoomEdit struct {
	Room   estate.Room
	Seen   string
	Reason string
}

// RoomFingerprint returns a hash of the data of a room that can be changed.
func RoomFingerprint(r estate.Room) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", []string{r.Building, r.Unit, r.Number, r.Kind, r.Area, r.Price, r.Cycle,
		r.HandedOverOn.String(), r.Occupancy, r.Steward}))
	return hex.EncodeToString(sum[:12])
}

// checked returns the room as it is kept, or the refusal of what cannot be right.
func (q RoomEdit) checked(was estate.Room, today models.Date) (estate.Room, error) {
	r := was
	for _, f := range []struct {
		to   *string
		text string
		most int
	}{
		{&r.Building, q.Room.Building, calc.MaxKind},
		{&r.Unit, q.Room.Unit, calc.MaxKind},
		{&r.Number, q.Room.Number, calc.MaxKind},
		{&r.Kind, q.Room.Kind, calc.MaxKind},
		{&r.Steward, q.Room.Steward, 60},
	} {
		if *f.to = strings.TrimSpace(f.text); utf8.RuneCountInString(*f.to) > f.most {
			return r, ErrRoomText
		}
	}
	r.Cycle, r.Occupancy, r.HandedOverOn = q.Room.Cycle, q.Room.Occupancy, q.Room.HandedOverOn
	switch {
	case r.Cycle != "" && calc.CycleMonths(r.Cycle) == 0:
		return r, ErrRoomCycle
	case r.Occupancy != estate.Occupied && r.Occupancy != estate.Vacant && r.Occupancy != estate.Unsold:
		return r, ErrRoomState
	case r.HandedOverOn > today+handoverAhead:
		return r, ErrRoomHandover
	}
	return r, q.figures(&r)
}

// figures checks area and price. A room that has no area yet may stay without.
func (q RoomEdit) figures(r *estate.Room) error {
	if text := strings.TrimSpace(q.Room.Area); text != "" || r.Area != "" {
		area, ok := calc.AreaBounds.Figure(text)
		if !ok || area.IsZero() {
			return ErrRoomArea
		}
		r.Area = area.StringFixed(2)
	}
	r.Price = ""
	if text := strings.TrimSpace(q.Room.Price); text != "" {
		price, ok := calc.PriceBounds.Figure(text)
		if !ok {
			return ErrRoomPrice
		}
		r.Price = calc.FigureText(price)
	}
	return nil
}

// ChangeRoom changes the data of a room: area, price, kind, cycle, steward, building,
// unit, number, state and handover. It needs [office.PermRoomsEdit], and a room of the
// person's scope. Bills that are issued stay as they are; drafts that are not published
// yet are computed anew when they are published. The history of the room keeps each
// field with its old and new value, the reason and the person.
//
// A first owner whose tenure began on the old handover day has it from the new one.
func ChangeRoom(ctx context.Context, db *store.DB, by office.Staff, q RoomEdit) ([]estate.RoomChange, error) {
	reason := strings.TrimSpace(q.Reason)
	switch {
	case !by.Can(office.PermRoomsEdit):
		return nil, models.ErrForbidden
	case reason == "" || utf8.RuneCountInString(reason) > 200:
		return nil, ErrNoReason
	}
	var made []estate.RoomChange
	err := db.Write(ctx, func(tx *store.Tx) error {
		room, _, err := estate.ScopedRoom(tx, by.Scope(), q.Room.ID)
		if err != nil {
			return err
		}
		// As imports do: no billing run sees half of a change.
		if err := estate.LockCommunity(tx, room.CommunityID); err != nil {
			return err
		}
		was, err := estate.LockRoom(tx, room.ID)
		if err != nil {
			return err
		}
		if RoomFingerprint(was) != q.Seen {
			return ErrRoomMoved
		}
		now, err := q.checked(was, tx.Today())
		if err != nil {
			return err
		}
		if made = estate.RoomDiff(was, now); len(made) == 0 {
			return ErrRoomSame
		}
		if err := estate.UpdateRoom(tx, now); err != nil {
			return err
		}
		if err := moveHandover(tx, was, now); err != nil {
			return err
		}
		if err := estate.KeepRoomChanges(tx, by.Actor(), reason, made); err != nil {
			return err
		}
		return office.Audit(tx, by.Actor(), "room.changed", "room", now.ID, changeDetail(made, reason))
	})
	return made, err
}

// moveHandover moves the first day of a tenure that began with the handover.
func moveHandover(tx *store.Tx, was, now estate.Room) error {
	if was.HandedOverOn == now.HandedOverOn {
		return nil
	}
	holdings, err := estate.OwnerTenuresOfRooms(tx, []string{now.ID})
	if err != nil {
		return err
	}
	h := CurrentTenure(holdings[now.ID], tx.Today())
	if h == nil || h.FromOn != was.HandedOverOn {
		return nil
	}
	tenure := h.Tenure
	tenure.FromOn = now.HandedOverOn
	return estate.CorrectTenure(tx, tenure)
}

// changeDetail returns what the audit log keeps of changes: old and new value, except of
// the steward, who is a person.
func changeDetail(list []estate.RoomChange, reason string) map[string]any {
	detail := map[string]any{"reason": reason}
	for _, c := range list {
		detail[c.Field] = [2]string{c.OldValue, c.NewValue}
		if c.Field == "steward" {
			detail[c.Field] = true
		}
	}
	return detail
}

// RoomStanding holds what a change of a room does not reach: the bills that are issued for
// today and later, and the drafts that must be computed anew.
type RoomStanding struct {
	Issued int
	Drafts []fees.BillingRun
}

// StandingOf returns what a change of the room would not reach.
func StandingOf(tx *store.Tx, room estate.Room) (s RoomStanding, err error) {
	if s.Drafts, err = fees.OpenRuns(tx, room.CommunityID); err != nil {
		return s, err
	}
	s.Issued, err = fees.RoomBillsFrom(tx, room.ID, tx.Today())
	return s, err
}
