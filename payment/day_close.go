package payment

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Refusals of [Service.CloseDay].
var (
	ErrDayLater     = models.Invalid("DAY_LATER", "不能日结今天以后的日期")
	ErrDayTwice     = models.Refusal(models.KindConflict, "DAY_ALREADY_CLOSED", "这一天已经日结，不能修改；差错请在之后的日期冲正或补登记")
	ErrDayDiffers   = models.Invalid("DAY_DIFFERENCE", "实点金额与账面不一致，请填写差异原因（最多 200 个字）")
	ErrDayChanged   = models.Refusal(models.KindConflict, "DAY_CHANGED", "账面金额已变化，请核对后再日结")
	ErrDayOfAnother = models.Refusal(models.KindForbidden, "DAY_OF_ANOTHER", "只能日结自己的收款；他人的由财务或项目经理办理")
)

// DayCount is what was counted of a day: of one cashier, channel and community.
type DayCount struct {
	CommunityID string
	StaffID     string
	Channel     string
	On          models.Date
	CountedFen  models.Fen
	// ShownFen is what the page showed as booked. If that has changed, nothing
	// is closed.
	ShownFen models.Fen
	Reason   string // of a difference
}

// CloseDay closes a day of a cashier and channel 日结. It compares what was
// counted with what is booked and stores both for good; a difference needs a
// reason. From then on nothing can be entered for that day. A mistake is
// corrected by an entry on a later day.
//
// Cashiers close their own days. Finance, managers and administrators may close
// those of everybody. It returns [ErrDayTwice], [ErrDayChanged],
// [ErrDayDiffers] and [ErrDayOfAnother].
func (s *Service) CloseDay(ctx context.Context, by office.Staff, n DayCount) (desk.DeskDay, error) {
	n.Reason = strings.TrimSpace(n.Reason)
	switch {
	case !slices.Contains(money.DeskChannels, n.Channel):
		return desk.DeskDay{}, ErrDeskChannel
	case n.On > s.DB.Today() || n.On.IsZero():
		return desk.DeskDay{}, ErrDayLater
	case n.StaffID != by.ID && !by.Can(office.PermReverseOwn):
		return desk.DeskDay{}, ErrDayOfAnother
	}
	var d desk.DeskDay
	err := s.DB.Write(ctx, func(tx *store.Tx) (err error) {
		cashier, err := office.StaffNamed(tx, n.StaffID)
		if err != nil {
			return err
		}
		if d, err = desk.LockDeskDay(tx, desk.DeskDay{
			CommunityID: n.CommunityID, StaffID: n.StaffID, StaffName: cashier, Channel: n.Channel, DayOn: n.On,
		}); err != nil {
			return err
		}
		if d.Status != desk.DeskDayOpen {
			return ErrDayTwice
		}
		return closeDay(tx, by, &d, n)
	})
	return d, err
}

// closeDay closes a day whose row is locked. Every entry locks that row first,
// so the sum cannot change any more.
func closeDay(tx *store.Tx, by office.Staff, d *desk.DeskDay, n DayCount) error {
	if err := desk.AddUpDeskDay(tx, d); err != nil {
		return err
	}
	if d.NetFen() != n.ShownFen {
		return ErrDayChanged
	}
	d.CountedFen, d.Reason, d.ClosedID, d.ClosedName = n.CountedFen, n.Reason, by.ID, by.Name
	if length := utf8.RuneCountInString(n.Reason); length > MaxReason || d.DifferenceFen() != 0 && length == 0 {
		return ErrDayDiffers
	}
	closed, err := desk.CloseDeskDay(tx, d)
	if err == nil && !closed {
		err = ErrDayTwice
	}
	if err != nil {
		return err
	}
	return office.Audit(tx, by.Actor(), "desk.closed", "desk_day", d.ID, map[string]any{
		"cashier": d.StaffID, "channel": d.Channel, "day": d.DayOn, "booked_fen": d.NetFen(), "counted_fen": d.CountedFen,
		"reason": d.Reason,
	})
}

// LockOpenDay locks and returns the first day from today on that the cashier
// has not closed. For example, after today was closed it is tomorrow.
func LockOpenDay(tx *store.Tx, entry *desk.DeskEntry) (models.Date, error) {
	for day := tx.Today(); ; day++ {
		d, err := desk.LockDeskDay(tx, desk.DeskDay{
			CommunityID: entry.CommunityID, StaffID: entry.StaffID, StaffName: entry.StaffName, Channel: entry.Channel, DayOn: day,
		})
		if err != nil {
			return 0, err
		}
		if d.Status == desk.DeskDayOpen {
			return day, nil
		}
	}
}
