package billing

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// maxTransferAhead is how many days ahead a transfer can be registered.
const maxTransferAhead = 366

// Refusals of a transfer 过户. A refused transfer changes nothing.
var (
	// ErrTransferDate: not after the former owner's first day, or too far
	// ahead.
	ErrTransferDate = models.Refusal(models.KindUnprocessable, "TRANSFER_DATE", "过户日必须晚于现业主接手房屋的日期，且最多提前一年登记")
	// ErrTransferNobody: the room has no owner to take it from.
	ErrTransferNobody = models.Refusal(models.KindConflict, "TRANSFER_NO_OWNER", "这套房屋没有登记业主，无需过户，请直接登记业主")
	// ErrTransferSame: name and phone number are those of the owner; see
	// [RenameOwner].
	ErrTransferSame = models.Refusal(models.KindUnprocessable, "TRANSFER_SAME_OWNER", "新业主与现业主的姓名和电话相同；如只是更正姓名，请用“更正业主姓名”")
	// ErrTransferPaid: bills that would move were paid. The message names them.
	ErrTransferPaid = models.Refusal(models.KindConflict, "TRANSFER_BILL_PAID", "过户日及以后的账单已经缴过费")
	// ErrTransferBusy: bills that would move are in an open order.
	ErrTransferBusy = models.Refusal(models.KindConflict, "TRANSFER_ORDER_OPEN", "要转给新业主的账单正在微信支付中，请等订单支付完成或关闭后再办理")
	// ErrTransferPlan: bills that would move are in an active instalment plan.
	ErrTransferPlan = models.Refusal(models.KindConflict, "TRANSFER_BILL_IN_PLAN", "要转给新业主的账单在原业主的分期计划中，请先终止该计划")
	ErrOwnerName    = models.Refusal(models.KindUnprocessable, "OWNER_NAME", "请填写业主姓名（最多 100 个字）")
	ErrOwnerPhone   = models.Refusal(models.KindUnprocessable, "OWNER_PHONE", "联系电话须为 11 位手机号、带区号的座机号，或带 +852 等国际区号的境外号码")
	ErrPrepaidTo    = models.Refusal(models.KindUnprocessable, "TRANSFER_PREPAID", "请选择预存余额的去向")
	ErrNoteTooLong  = models.Refusal(models.KindUnprocessable, "NOTE_TOO_LONG", "备注最多 200 个字")
)

// TransferRequest asks for a change of hands of a room.
type TransferRequest struct {
	RoomID    string
	On        models.Date // first day of the new owner
	Name      string      // of the new owner
	Phone     string      // in any spelling; empty if not known
	PrepaidTo string      // estate.PrepaidStays or estate.PrepaidFormer
	Note      string
}

// Transfer moves a room to a new owner from a day on, past or future.
//
// Bills go by the first day of their period, as in a billing run. Those that
// begin before the day stay with the former owner, even if they end after it;
// the two settle their shares between themselves ([TransferPreview] computes
// them by days). Those that begin on the day or later go to the new owner. For
// example, with a transfer on 10 Mar the bill of March stays, and the bill of
// April moves.
//
// The transfer is refused ([ErrTransferPaid]) if a bill that moves was paid
// already, because money of one owner would have settled a debt of the other.
// The former owner still sees and pays their bills; the new owner sees nothing
// from before. Prepayment stays with the room, or is taken out at once,
// whatever the day, and is owed to the former owner from then on.
func Transfer(ctx context.Context, db *store.DB, by models.Actor, req TransferRequest) (estate.Transfer, error) {
	var done estate.Transfer
	if err := req.check(); err != nil {
		return done, err
	}
	err := db.Write(ctx, func(tx *store.Tx) error {
		room, err := estate.RoomByID(tx, req.RoomID)
		if err != nil {
			return err
		}
		// Billing runs and imports of the community wait, so that no bill for days after
		// the transfer is issued to the former owner in the meantime.
		if err := estate.LockCommunity(tx, room.CommunityID); err != nil {
			return err
		}
		p, err := PreviewTransfer(tx, room.ID, req.On)
		if err != nil {
			return err
		}
		if p.Refused != nil {
			return p.Refused
		}
		done, err = p.carryOut(tx, by, req)
		return err
	})
	return done, err
}

// check cleans name and note and refuses what cannot be registered.
func (r *TransferRequest) check() error {
	r.Name, r.Note = personName(r.Name), strings.TrimSpace(r.Note)
	if err := checkOwnerName(r.Name); err != nil {
		return err
	}
	if r.Phone = strings.TrimSpace(r.Phone); r.Phone != "" {
		var ok bool
		if r.Phone, ok = sheet.ParsePhone(r.Phone); !ok {
			return ErrOwnerPhone
		}
	}
	if r.PrepaidTo != estate.PrepaidStays && r.PrepaidTo != estate.PrepaidFormer {
		return ErrPrepaidTo
	}
	if utf8.RuneCountInString(r.Note) > 200 {
		return ErrNoteTooLong
	}
	return nil
}

// personName removes surplus spaces around and inside a name. A foreign name
// keeps one space between its parts.
func personName(s string) string { return strings.Join(strings.Fields(s), " ") }

// checkOwnerName refuses an empty name and one of more than 100 characters.
func checkOwnerName(name string) error {
	if n := utf8.RuneCountInString(name); n == 0 || n > 100 {
		return ErrOwnerName
	}
	return nil
}

// carryOut writes the transfer that the preview has found allowed.
func (p *TransferPreview) carryOut(tx *store.Tx, by models.Actor, req TransferRequest) (estate.Transfer, error) {
	to, err := p.newOwner(tx, req)
	if err != nil {
		return estate.Transfer{}, err
	}
	if err := p.endTenures(tx, to.ID); err != nil {
		return estate.Transfer{}, err
	}
	tenure := estate.Tenure{
		ID: models.NewID(), RoomID: p.Room.ID, OwnerID: to.ID, Role: estate.TenureOwner, FromOn: req.On, CreatedAt: tx.Now,
	}
	if err := estate.InsertTenures(tx, []estate.Tenure{tenure}); err != nil {
		return estate.Transfer{}, err
	}
	if err := p.moveBills(tx, to.ID); err != nil {
		return estate.Transfer{}, err
	}
	if err := p.bind(tx, by, tenure, req); err != nil {
		return estate.Transfer{}, err
	}
	if p.Room.Occupancy == estate.Unsold && req.On <= tx.Today() { // the developer has sold it
		room := p.Room
		room.Occupancy = estate.Occupied
		if err := estate.UpdateRoom(tx, room); err != nil {
			return estate.Transfer{}, err
		}
	}
	if err := p.prepayment(tx, req.PrepaidTo); err != nil {
		return estate.Transfer{}, err
	}
	t := estate.Transfer{
		RoomID: p.Room.ID, CommunityID: p.Room.CommunityID, FromOwnerID: p.Former.ID, ToOwnerID: to.ID, TransferOn: req.On,
		OwedFen: p.OwedFen, LateFeeFen: p.LateFeeFen, MovedBills: len(p.Move), PrepaidFen: p.PrepaidFen, PrepaidTo: req.PrepaidTo,
		Note: req.Note,
	}
	return t, estate.InsertTransfer(tx, by, &t)
}

// prepayment leaves the balance with the room or takes it out for the former
// owner. PrepaidFen is set to the balance under the lock.
func (p *TransferPreview) prepayment(tx *store.Tx, to string) (err error) {
	if to == estate.PrepaidFormer {
		p.PrepaidFen, err = money.PrepaidToFormer(tx, p.Room)
	} else {
		p.PrepaidFen, err = money.LockPrepaid(tx, p.Room.ID)
	}
	return err
}

// newOwner returns the record of the new owner, found by name and phone number
// or added. Without a phone number it always adds one, because nothing tells
// two persons of one name apart.
func (p *TransferPreview) newOwner(tx *store.Tx, req TransferRequest) (estate.Owner, error) {
	if req.Phone != "" {
		known, err := estate.OwnersByPhone(tx, p.Room.CommunityID, []string{estate.PhoneIndex(tx, req.Phone)})
		if err != nil {
			return estate.Owner{}, err
		}
		for _, o := range known {
			if models.PersonKey(o.Name) != models.PersonKey(req.Name) {
				continue
			}
			if o.ID == p.Former.ID {
				return o, ErrTransferSame
			}
			return o, nil
		}
	}
	o := estate.NewOwner(tx, p.Room.CommunityID, req.Name, req.Phone)
	return o, estate.InsertOwners(tx, []estate.Owner{o})
}

// endTenures ends the tenures of the former owner and a tenancy of the new one.
// Other tenants stay: a sale does not break a lease (Civil Code, article 725).
func (p *TransferPreview) endTenures(tx *store.Tx, to string) error {
	for _, t := range p.tenures {
		ends := t.Role == estate.TenureOwner || t.OwnerID == to
		if !ends || !t.ToOn.IsZero() && t.ToOn < p.On {
			continue
		}
		if err := estate.EndTenure(tx, t, p.On-1); err != nil {
			return err
		}
	}
	return nil
}

// moveBills sets who owes which bill. Later bills go to the new owner. Bills
// that named no owner get the one who held the room on their first day.
func (p *TransferPreview) moveBills(tx *store.Tx, to string) error {
	for _, b := range p.unassigned {
		owner := p.Former.ID
		if b.PeriodStart >= p.On {
			owner = to
		}
		if err := fees.SetBillOwner(tx, &b, owner); err != nil {
			return fmt.Errorf("transfer of bill %s: %w", b.ID, err)
		}
	}
	for _, s := range p.Move {
		if s.OwnerID == "" { // among those above
			continue
		}
		if err := fees.SetBillOwner(tx, &s.Bill, to); err != nil {
			return fmt.Errorf("transfer of bill %s: %w", s.ID, err)
		}
	}
	return nil
}

// bind binds the room for users whose phone number WeChat has verified. Before
// the day of the transfer it binds nobody; the new owner then binds the room
// themselves.
func (p *TransferPreview) bind(tx *store.Tx, by models.Actor, tenure estate.Tenure, req TransferRequest) error {
	if req.On > tx.Today() {
		return nil
	}
	if err := estate.ReviveBindings(tx, p.Room.ID, tenure.OwnerID); err != nil {
		return err
	}
	users, err := estate.UsersOfPhone(tx, req.Phone)
	if err != nil {
		return err
	}
	for _, u := range users {
		if err := estate.BindTenure(tx, by, u, p.Room.ID, estate.RoleOwner, "phone", tenure); err != nil {
			return err
		}
	}
	return nil
}
