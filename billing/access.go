package billing

import (
	"context"
	"errors"
	"strings"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// maxBindFailures is how many wrong tries to bind a room a user has on one day.
const maxBindFailures = 5

// Refusals of [BindByForm]. An unknown room answers like a wrong name, so that
// nobody can find out which rooms exist.
var (
	ErrBindingMismatch = models.Refusal(models.KindUnprocessable, "BINDING_MISMATCH", "房号、业主姓名或手机后四位不符，请核对后再试")
	ErrTooManyAttempts = models.Refusal(models.KindTooMany, "TOO_MANY_ATTEMPTS", "今日尝试次数过多，请明天再试或联系物业")
)

// BindingForm is what an owner fills in to bind a room whose registered phone is
// not the one WeChat knows.
type BindingForm struct {
	CommunityID string
	RoomCode    string // in any spelling
	OwnerName   string
	PhoneLast4  string
}

// BindByForm binds a room whose holder's name and last four digits of the phone
// match, and gives its id. Wrong tries are counted by user and day; after five
// even a right one is refused until the next day.
func BindByForm(ctx context.Context, db *store.DB, userID string, form BindingForm) (roomID string, err error) {
	subject := "bind:" + userID
	var refused error // a refusal must not roll the count back
	err = db.Write(ctx, func(tx *store.Tx) error {
		roomID, refused = "", nil
		failures, err := office.Failures(tx, subject, tx.Today())
		if err != nil {
			return err
		}
		if failures >= maxBindFailures {
			refused = ErrTooManyAttempts
			return nil
		}
		tenure, err := matchForm(tx, form)
		if errors.Is(err, ErrBindingMismatch) {
			refused = err
			return office.CountFailure(tx, subject, tx.Today())
		}
		if err != nil {
			return err
		}
		roomID = tenure.RoomID
		return estate.BindTenure(tx, models.UserActor(userID), userID, roomID, estate.RoleOwner, "form", tenure)
	})
	if err == nil {
		err = refused
	}
	return roomID, err
}

// matchForm finds the tenure of today's owner whom the form names. Tenants are
// bound by their phone number alone: what they see hangs on their agreement.
func matchForm(tx *store.Tx, form BindingForm) (estate.Tenure, error) {
	room, err := estate.RoomByCode(tx, form.CommunityID, form.RoomCode)
	if errors.Is(err, models.ErrNotFound) {
		return estate.Tenure{}, ErrBindingMismatch
	}
	if err != nil {
		return estate.Tenure{}, err
	}
	holdings, err := estate.OwnerTenuresOfRooms(tx, []string{room.ID})
	if err != nil {
		return estate.Tenure{}, err
	}
	name, digits := models.HalfWidth(form.OwnerName), models.HalfWidth(form.PhoneLast4)
	for _, h := range holdings[room.ID] {
		if h.Holds(tx.Today()) && len(digits) == 4 && h.Owner.PhoneLast4 == digits &&
			strings.EqualFold(models.HalfWidth(h.Owner.Name), name) {
			return h.Tenure, nil
		}
	}
	return estate.Tenure{}, ErrBindingMismatch
}

// BindByPhone keeps the phone number that WeChat vouches for and binds every room
// registered to it.
func BindByPhone(ctx context.Context, db *store.DB, userID, phone string) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		if err := estate.SetUserPhone(tx, userID, phone); err != nil {
			return err
		}
		tenures, err := estate.TenuresOfPhone(tx, phone, tx.Today())
		if err != nil {
			return err
		}
		for room, t := range tenures {
			if err := estate.BindTenure(tx, models.UserActor(userID), userID, room, t.Role, "phone", t); err != nil {
				return err
			}
		}
		return nil
	})
}
