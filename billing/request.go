package billing

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Refusals of asking.
var (
	ErrNothingOwed   = models.Refusal(models.KindUnprocessable, "NOTHING_OWED", "没有欠费，无需申请")
	ErrPromiseDay    = models.Invalid("PROMISE_DAY", fmt.Sprintf("承诺缴费日须在明天至 %d 天之内", MaxPromiseDays))
	ErrRequestBills  = models.Invalid("REQUEST_BILLS", "请选择申请涉及的账单")
	ErrRequestText   = models.Invalid("REQUEST_TEXT", "请填写原因，最多 500 个字")
	ErrDisputeReason = models.Invalid("DISPUTE_KIND", "请选择异议类型")
)

// MaxPromiseDays is how far away a promised day may be: until then nobody is
// reminded of the room.
const MaxPromiseDays = 60

// maxRequestText is what an owner may write, in characters.
const maxRequestText = 500

// maxRequestBills bounds the bills of one request.
const maxRequestBills = 200

// DisputeReasons are what a dispute can be about.
var DisputeReasons = []string{"amount", "period", "service", "quality", "not_mine", "other"}

// Requests takes what owners and staff ask for, and the decisions. Set DB.
type Requests struct {
	DB *store.DB
	// Decided, when set, is called inside the transaction that decides a request, to
	// queue the answer. It must be quick and must not call out.
	Decided func(tx *store.Tx, r *fees.Request) error
	// Refund, when set, is called inside the transaction that approves a refund of
	// prepayment, to send the money on its way. It must not call out.
	Refund func(tx *store.Tx, r *fees.Request, by models.Actor) error
}

// Asking is what somebody asks for. Which fields matter depends on the kind: see
// [fees.Request]. Bills are of the room.
type Asking struct {
	Kind      string
	RoomID    string
	BillIDs   []string
	Reason    string // of a dispute: one of DisputeReasons
	Text      string
	AmountFen models.Fen
	PayOn     models.Date
	Parts     []fees.RequestPart
	Frozen    bool
	BreakDays int // 0: DefaultBreakDays
}

// ownerKinds is what can be asked for from a phone.
var ownerKinds = []string{fees.RequestWaiver, fees.RequestInstalment, fees.RequestDispute, fees.RequestPromise}

// AskAsOwner takes a request from a phone: of a room the user is bound to, about
// bills the user sees. All else gives [models.ErrNotFound]; one of the kind that is
// not decided yet, [fees.ErrRequestOpen]; what cannot be, the refusals of this
// package.
func (s *Requests) AskAsOwner(ctx context.Context, user estate.User, a Asking) (fees.Request, error) {
	if !slices.Contains(ownerKinds, a.Kind) {
		return fees.Request{}, models.ErrForbidden
	}
	if a.Kind == fees.RequestInstalment { // both are the company's to grant
		a.Frozen, a.BreakDays = false, 0
	}
	var r fees.Request
	err := s.DB.Write(ctx, func(tx *store.Tx) error {
		room, err := estate.BoundRoomOf(tx, user.ID, a.RoomID)
		if err != nil {
			return err
		}
		sees := func(b *fees.Bill) bool { return fees.CanSee(room.BillVisibility, b, tx.Today()) }
		r, err = ask(tx, models.UserActor(user.ID), room.Room, sees, a)
		return err
	})
	return r, err
}

// AskAsStaff takes a request that a member of staff makes or writes down, of a room
// in their scope. Somebody else has to decide it.
func (s *Requests) AskAsStaff(ctx context.Context, by office.Staff, a Asking) (fees.Request, error) {
	var r fees.Request
	err := s.DB.Write(ctx, func(tx *store.Tx) error {
		room, _, err := estate.ScopedRoom(tx, by.Scope(), a.RoomID)
		if err != nil {
			return err
		}
		r, err = ask(tx, by.Actor(), room, func(*fees.Bill) bool { return true }, a)
		return err
	})
	return r, err
}

func ask(tx *store.Tx, by models.Actor, room estate.Room, sees func(*fees.Bill) bool, a Asking) (fees.Request, error) {
	a.Text = strings.TrimSpace(a.Text)
	a.BillIDs = slices.Compact(slices.Sorted(slices.Values(a.BillIDs)))
	n := utf8.RuneCountInString(a.Text)
	if n > maxRequestText || n == 0 && a.Kind != fees.RequestPromise && a.Kind != fees.RequestInstalment {
		return fees.Request{}, ErrRequestText
	}
	states, err := askedBills(tx, room, sees, a)
	if err != nil {
		return fees.Request{}, err
	}
	r := fees.Request{
		CommunityID: room.CommunityID, RoomID: room.ID, Kind: a.Kind, Active: room.ID, Reason: a.Reason, Text: a.Text,
		AmountFen: a.AmountFen, PayOn: a.PayOn, Frozen: a.Frozen, BreakDays: a.BreakDays, Asked: by, BillIDs: a.BillIDs,
	}
	if err := fits(tx, &r, states, a); err != nil {
		return r, err
	}
	if err := fees.InsertRequest(tx, &r); err != nil {
		return r, err
	}
	if r.Kind == fees.RequestDispute {
		if err := fees.SetDisputed(tx, r.BillIDs); err != nil {
			return r, err
		}
	}
	return r, office.Audit(tx, by, "request.asked", "request", r.ID, map[string]any{
		"kind": r.Kind, "room": r.RoomID, "bills": len(r.BillIDs), "amount_fen": r.AmountFen,
	})
}
