package billing

import (
	"context"
	"errors"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// maxBindFailures is how many wrong attempts to bind a room a user has on one
// day.
const maxBindFailures = 5

// Refusals of [BindByForm]. An unknown room answers like a wrong name, so that
// nobody can find out which rooms exist.
var (
	ErrBindingMismatch = models.Refusal(models.KindUnprocessable, "BINDING_MISMATCH", "房号、业主姓名或手机后四位不符，请核对后再试")
	ErrTooManyAttempts = models.Refusal(models.KindTooMany, "TOO_MANY_ATTEMPTS", "今日尝试次数过多，请明天再试或联系物业")
)

// BindingForm holds what an owner fills in to bind a room whose registered
// phone number is not the one that WeChat knows. For example, the room is
// registered under a spouse's number.
type BindingForm struct {
	CommunityID string
	RoomCode    string // in any usual spelling, such as 1-1-101, 01-01-101 or 一栋一单元101, also behind the name of the community
	OwnerName   string // of joint owners any of them
	PhoneLast4  string // of the phone number that the company has registered; full-width digits and spaces do not matter
}

// BindByForm binds a room if the name and the last four digits of the phone
// number match those of its owner today, and returns the room's id. Wrong
// attempts are counted per user and day. After five of them even a right form
// returns [ErrTooManyAttempts] until the next day: four digits could otherwise
// be guessed. A form that does not match returns [ErrBindingMismatch].
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

// matchForm returns the tenure of today's owner whom the form names. Tenants
// cannot bind by form, only by their phone number, because what they see
// depends on their agreement.
func matchForm(tx *store.Tx, form BindingForm) (estate.Tenure, error) {
	room, err := estate.RoomAsTyped(tx, form.CommunityID, form.RoomCode)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return estate.Tenure{}, err
	}
	// Without a room nobody holds it. It is asked all the same: an unknown room takes as long as a wrong name.
	holdings, err := estate.OwnerTenuresOfRooms(tx, []string{room.ID})
	if err != nil {
		return estate.Tenure{}, err
	}
	digits := models.Digits(form.PhoneLast4)
	for _, h := range holdings[room.ID] {
		named := isOwnerName(h.Owner.Name, form.OwnerName)
		if named && h.Holds(tx.Today()) && len(digits) == 4 && h.Owner.PhoneLast4 == digits {
			return h.Tenure, nil
		}
	}
	return estate.Tenure{}, ErrBindingMismatch
}

// BindByPhone stores the phone number that WeChat has verified, in the form of
// [sheet.ParsePhone], and binds every
// room registered under it today, as owner or as tenant.
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
