package billing

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Refusals of changes of phone numbers.
var (
	ErrPhoneLabel = models.Invalid("PHONE_LABEL", "请填写这是谁的电话（如 本人、配偶、子女），最多 20 个字")
	ErrPhoneState = models.Invalid("PHONE_STATE", "号码状态不正确")
	// ErrPhoneOwner: the person holds the room no longer.
	ErrPhoneOwner = models.Refusal(models.KindConflict, "PHONE_OWNER", "这个人现在不是该房产的业主，请刷新页面")
)

// maxPhones is how many further numbers an owner may have.
const maxPhones = 10

// PhoneStates are the states of a further number.
var PhoneStates = []string{estate.PhoneOK, estate.PhoneStopped, estate.PhoneVacant, estate.PhoneWrong, estate.PhoneOff}

// PhoneEdit is a change of the phone numbers of an owner of a room. The owner's other rooms
// show it, too.
type PhoneEdit struct {
	RoomID  string
	OwnerID string
	Phone   string // digits, for a new number
	PhoneID string // a further number that is there
	Label   string
	State   string
	Reason  string
}

// AddPhone adds a further number of an owner, to call them. It gives no right to bind the
// room. It needs [office.PermPhones] and a room of the person's scope.
func AddPhone(ctx context.Context, db *store.DB, by office.Staff, q PhoneEdit) error {
	return q.write(ctx, db, by, office.PermPhones, func(tx *store.Tx, o estate.Owner) (was, now string, err error) {
		label, err := phoneLabel(q.Label)
		switch {
		case err != nil:
			return "", "", err
		case !sheet.IsPhone(q.Phone):
			return "", "", ErrOwnerPhone
		case estate.PhoneIndex(tx, q.Phone) == o.PhoneIndex:
			return "", "", estate.ErrPhoneThere
		}
		there, err := estate.FurtherPhones(tx, []string{o.ID})
		if err != nil {
			return "", "", err
		}
		if len(there[o.ID]) >= maxPhones {
			return "", "", models.Refusal(models.KindUnprocessable, "PHONES_TOO_MANY", "一位业主最多登记 10 个其他号码")
		}
		_, err = estate.AddFurtherPhone(tx, o.ID, q.Phone, label)
		return "", phoneText(q.Phone, label, estate.PhoneOK), err
	})
}

// LabelPhone writes whose a further number is, and whether it can be called. It needs
// [office.PermPhones].
func LabelPhone(ctx context.Context, db *store.DB, by office.Staff, q PhoneEdit) error {
	return q.write(ctx, db, by, office.PermPhones, func(tx *store.Tx, o estate.Owner) (was, now string, err error) {
		label, err := phoneLabel(q.Label)
		if err == nil && !slices.Contains(PhoneStates, q.State) {
			err = ErrPhoneState
		}
		if err != nil {
			return "", "", err
		}
		p, phone, err := q.further(tx, o)
		if err != nil {
			return "", "", err
		}
		was = phoneText(phone, p.Label, p.State)
		p.Label, p.State = label, q.State
		return was, phoneText(phone, p.Label, p.State), estate.LabelFurtherPhone(tx, p)
	})
}

// DropPhone forgets a further number. It needs [office.PermPhones].
func DropPhone(ctx context.Context, db *store.DB, by office.Staff, q PhoneEdit) error {
	return q.write(ctx, db, by, office.PermPhones, func(tx *store.Tx, o estate.Owner) (was, now string, err error) {
		p, phone, err := q.further(tx, o)
		if err != nil {
			return "", "", err
		}
		return phoneText(phone, p.Label, p.State), "", estate.DropFurtherPhone(tx, p)
	})
}

// RegisterPhone makes a number the registered one of an owner, by which they bind their
// rooms: a further number of theirs, or a new one. The number that was registered stays
// as a further one. Who has bound already keeps the binding. It needs
// [office.PermRoomsEdit], because the number opens the account of the room.
func RegisterPhone(ctx context.Context, db *store.DB, by office.Staff, q PhoneEdit) error {
	return q.write(ctx, db, by, office.PermRoomsEdit, func(tx *store.Tx, o estate.Owner) (was, now string, err error) {
		phone := q.Phone
		if q.PhoneID != "" {
			var p estate.FurtherPhone
			if p, phone, err = q.further(tx, o); err == nil {
				err = estate.DropFurtherPhone(tx, p)
			}
			if err != nil {
				return "", "", err
			}
		}
		switch {
		case !sheet.IsPhone(phone):
			return "", "", ErrOwnerPhone
		case estate.PhoneIndex(tx, phone) == o.PhoneIndex:
			return "", "", estate.ErrPhoneThere
		}
		old, err := estate.OwnerPhone(tx, o)
		if err != nil {
			return "", "", err
		}
		if err := dropSame(tx, o, phone); err != nil {
			return "", "", err
		}
		if err := estate.SetOwnerPhone(tx, &o, phone); err != nil {
			return "", "", err
		}
		_, err = estate.KeepFurtherPhone(tx, o, old, "原登记号码")
		return models.MaskPhone(old), models.MaskPhone(phone), err
	})
}

// dropSame forgets a further number that becomes the registered one.
func dropSame(tx *store.Tx, o estate.Owner, phone string) error {
	there, err := estate.FurtherPhones(tx, []string{o.ID})
	for _, p := range there[o.ID] {
		if p.PhoneIndex == estate.PhoneIndex(tx, phone) {
			err = errors.Join(err, estate.DropFurtherPhone(tx, p))
		}
	}
	return err
}

// phoneLabel returns a label as it is kept.
func phoneLabel(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" || utf8.RuneCountInString(text) > 20 {
		return "", ErrPhoneLabel
	}
	return text, nil
}

// phoneText returns a number as the history shows it: masked, with its label and state.
func phoneText(phone, label, state string) string {
	return models.MaskPhone(phone) + " " + label + " " + PhoneStateNames[state]
}

// PhoneStateNames are the Chinese names of the states.
var PhoneStateNames = map[string]string{
	estate.PhoneOK: "可用", estate.PhoneStopped: "停机", estate.PhoneVacant: "空号", estate.PhoneWrong: "不是本人", estate.PhoneOff: "不愿接听",
}

// further returns the further number that the edit names, of this owner.
func (q PhoneEdit) further(tx *store.Tx, o estate.Owner) (estate.FurtherPhone, string, error) {
	p, err := estate.FurtherPhoneByID(tx, q.PhoneID)
	if err == nil && p.OwnerID != o.ID {
		err = models.ErrNotFound
	}
	if err != nil {
		return p, "", err
	}
	phone, err := estate.FurtherNumber(tx, p)
	return p, phone, err
}

// write makes a change of the numbers of an owner of the room, keeps it in the history of
// the room, and in the audit log. Both have the numbers masked.
func (q PhoneEdit) write(ctx context.Context, db *store.DB, by office.Staff, need office.Permission,
	change func(tx *store.Tx, o estate.Owner) (was, now string, err error)) error {
	reason := strings.TrimSpace(q.Reason)
	switch {
	case !by.Can(need):
		return models.ErrForbidden
	case reason == "" || utf8.RuneCountInString(reason) > 200:
		return ErrNoReason
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		room, _, err := estate.ScopedRoom(tx, by.Scope(), q.RoomID)
		if err != nil {
			return err
		}
		if err := estate.LockCommunity(tx, room.CommunityID); err != nil {
			return err
		}
		holdings, err := estate.OwnerTenuresOfRooms(tx, []string{room.ID})
		if err != nil {
			return err
		}
		h := CurrentTenure(holdings[room.ID], tx.Today())
		for i, other := range holdings[room.ID] {
			if other.OwnerID == q.OwnerID && other.Holds(tx.Today()) {
				h = &holdings[room.ID][i]
			}
		}
		if h == nil || h.OwnerID != q.OwnerID {
			return ErrPhoneOwner
		}
		was, now, err := change(tx, h.Owner)
		if err != nil {
			return err
		}
		field := estate.FieldFurther
		if need == office.PermRoomsEdit {
			field = estate.FieldPhone
		}
		line := estate.RoomChange{RoomID: room.ID, Field: field, OldValue: was, NewValue: now}
		if err := estate.KeepRoomChanges(tx, by.Actor(), reason, []estate.RoomChange{line}); err != nil {
			return err
		}
		return office.Audit(tx, by.Actor(), "owner.phone", "room", room.ID, map[string]any{field: [2]string{was, now}, "reason": reason})
	})
}
