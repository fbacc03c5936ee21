package payment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
)

const (
	// SharePage is the page of the mini program that a share opens; the mini
	// program must have it. A QR code passes the token as its scene, a link as
	// its token.
	SharePage = "pages/share/index"
	// MaxShareHours is the longest validity of a share: 30 days.
	MaxShareHours = 720
	// maxOpenShares limits the open shares of a user and room.
	maxOpenShares = 20
	// maxShareGuesses is how many wrong tokens a user may try on one day.
	maxShareGuesses = 20
	// maxShareLabel is how many characters a label may have.
	maxShareLabel = 20
)

// Refusals of shares.
var (
	ErrShareEnded = models.Refusal(models.KindNotFound, "SHARE_ENDED", "该分享已失效，请让分享人重新分享")
	ErrShareMany  = models.Refusal(models.KindConflict, "SHARES_TOO_MANY", fmt.Sprintf("同时有效的分享最多 %d 个，请先撤销不用的分享", maxOpenShares))
)

// ShareRequest is what a user lets another person pay, and for how long.
type ShareRequest struct {
	User    estate.User
	RoomID  string
	BillIDs []string
	Hours   int
	Label   string // who is to pay; only the user sees it
}

// check refuses a request that cannot be right whatever the bills are.
func (r *ShareRequest) check() error {
	r.BillIDs = slices.Compact(slices.Sorted(slices.Values(r.BillIDs)))
	switch {
	case len(r.BillIDs) == 0:
		return ErrNothingToPay
	case len(r.BillIDs) > maxBills:
		return models.Invalid("TOO_MANY_BILLS", fmt.Sprintf("一次最多缴纳 %d 笔账单", maxBills))
	case r.Hours < 1 || r.Hours > MaxShareHours:
		return models.Invalid("SHARE_HOURS", fmt.Sprintf("分享有效期须为 1 至 %d 小时", MaxShareHours))
	case utf8.RuneCountInString(r.Label) > maxShareLabel:
		return models.Invalid("SHARE_LABEL", fmt.Sprintf("代缴人称呼最多 %d 个字", maxShareLabel))
	}
	return nil
}

// Share lets another person pay bills that the user sees, by a token that is
// returned here and stored nowhere. It returns [models.ErrNotFound],
// [billing.ErrBillPaid], [billing.ErrBillVoid] and [ErrShareMany].
func (s *Service) Share(ctx context.Context, req ShareRequest) (share receipts.Share, token string, err error) {
	if err := req.check(); err != nil {
		return share, "", err
	}
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		room, err := estate.BoundRoomOf(tx, req.User.ID, req.RoomID)
		if err != nil {
			return err
		}
		found, err := fees.BillsByIDs(tx, req.BillIDs)
		if err != nil {
			return err
		}
		for _, id := range req.BillIDs {
			b, ok := found[id]
			if err := shareable(room, &b, ok, tx.Today()); err != nil {
				return err
			}
		}
		if n, err := receipts.OpenShares(tx, req.User.ID, room.ID); err != nil || n >= maxOpenShares {
			return errors.Join(err, tooMany(n))
		}
		share = receipts.Share{
			UserID: req.User.ID, RoomID: room.ID, Label: req.Label,
			ExpiresAt: models.At(tx.Now.Add(time.Duration(req.Hours) * time.Hour).Truncate(time.Second)),
		}
		if token, err = receipts.InsertShare(tx, &share, req.BillIDs); err != nil {
			return err
		}
		return office.Audit(tx, models.UserActor(req.User.ID), "share.made", "room", room.ID, map[string]any{
			"share": share.ID, "bills": len(req.BillIDs), "hours": req.Hours,
		})
	})
	return share, token, err
}

// tooMany returns [ErrShareMany] if the user has as many open shares as
// allowed.
func tooMany(open int) error {
	if open >= maxOpenShares {
		return ErrShareMany
	}
	return nil
}

// shareable refuses a bill that the user does not see or that needs no payment.
func shareable(room estate.BoundRoom, b *fees.Bill, exists bool, today models.Date) error {
	switch {
	case !exists || b.RoomID != room.ID || !fees.CanSee(room.BillVisibility, b, today):
		return models.ErrNotFound
	case b.Status == fees.BillPaid:
		return billing.ErrBillPaid
	case b.Status == fees.BillVoid:
		return billing.ErrBillVoid
	}
	return nil
}

// RevokeShare ends a share of the user. Orders that are open by it are closed,
// at WeChat, too; one that turns out to be paid stays paid. If WeChat does not
// answer, they expire on their own. It returns [models.ErrNotFound] for a share
// that is not the user's.
func (s *Service) RevokeShare(ctx context.Context, userID, roomID, id string) error {
	var orders []receipts.SharedOrder
	err := s.DB.Write(ctx, func(tx *store.Tx) error {
		share, err := receipts.LockShare(tx, id)
		if err != nil {
			return err
		}
		if share.UserID != userID || share.RoomID != roomID {
			return models.ErrNotFound
		}
		if _, err := receipts.RevokeShare(tx, userID, id); err != nil {
			return err
		}
		byShare, err := receipts.OrdersOfShares(tx, id)
		if err != nil {
			return err
		}
		orders = byShare[id]
		return office.Audit(tx, models.UserActor(userID), "share.revoked", "room", roomID, map[string]string{"share": id})
	})
	if err != nil {
		return err
	}
	ctx, cancel := s.timeouts.checkout(context.WithoutCancel(ctx))
	defer cancel()
	for _, o := range orders {
		if o.Status != money.OrderPending {
			continue
		}
		if _, err := s.endOrder(ctx, models.UserActor(userID), o.OrderNo); err != nil {
			s.Log.WarnContext(ctx, "order of a revoked share not closed", "order", o.OrderNo, "err", err)
		}
	}
	return nil
}
