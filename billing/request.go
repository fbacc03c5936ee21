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

// Refusals of a new request.
var (
	// ErrNothingOwed: the bills owe nothing that could be promised or divided.
	ErrNothingOwed = models.Refusal(models.KindUnprocessable, "NOTHING_OWED", "没有欠费，无需申请")
	// ErrPromiseDay: today, earlier, or more than [MaxPromiseDays] ahead.
	ErrPromiseDay = models.Invalid("PROMISE_DAY", fmt.Sprintf("承诺缴费日须在明天至 %d 天之内", MaxPromiseDays))
	// ErrRequestBills: no bills, too many, or several where one is allowed.
	ErrRequestBills  = models.Invalid("REQUEST_BILLS", "请选择申请涉及的账单")
	ErrRequestText   = models.Invalid("REQUEST_TEXT", "请填写原因，最多 500 个字")
	ErrDisputeReason = models.Invalid("DISPUTE_KIND", "请选择异议类型")
)

// MaxPromiseDays is how many days ahead a promised day may be. Until that day
// nobody is reminded of the room.
const MaxPromiseDays = 60

// maxRequestText is how many characters an owner may write.
const maxRequestText = 500

// maxRequestBills limits the bills of one request.
const maxRequestBills = 200

// DisputeReasons are the subjects a dispute can have.
var DisputeReasons = []string{"amount", "period", "service", "quality", "not_mine", "other"}

// Requests takes requests of owners and staff, and decides them. DB must be
// set.
type Requests struct {
	DB *store.DB
	// Decided, if set, is called within the transaction that decides a request,
	// to queue the answer. It must be quick and must not call WeChat.
	Decided func(tx *store.Tx, r *fees.Request) error
	// Refund, if set, is called within the transaction that approves a refund
	// of prepayment, to start the refund. It must not call WeChat.
	Refund func(tx *store.Tx, r *fees.Request, by models.Actor) error
}

// NewRequest is a request to be submitted. Which fields matter depends on the
// kind: see [fees.Request]. Bills must be of the room.
type NewRequest struct {
	Kind      string
	RoomID    string
	BillIDs   []string
	Reason    string // of a dispute: one of DisputeReasons
	Text      string
	AmountFen models.Fen         // late fee to waive, right principal, or prepayment to refund
	PayOn     models.Date        // of a promise
	Parts     []fees.RequestPart // of an instalment plan
	Frozen    bool               // no late fee accrues while the plan is kept
	BreakDays int                // 0: DefaultBreakDays
}

// ownerKinds are the kinds of request that a user can submit from a phone.
var ownerKinds = []string{fees.RequestWaiver, fees.RequestInstalment, fees.RequestDispute, fees.RequestPromise}

// SubmitAsOwner takes a request from a phone, for a room that the user is bound
// to and for bills that the user sees. Any other room or bill returns
// [models.ErrNotFound], a second open request of the kind returns
// [fees.ErrRequestOpen], and a request that could not be granted returns the
// refusals of this package.
func (s *Requests) SubmitAsOwner(ctx context.Context, user estate.User, a NewRequest) (fees.Request, error) {
	if !slices.Contains(ownerKinds, a.Kind) {
		return fees.Request{}, models.ErrForbidden
	}
	if a.Kind == fees.RequestInstalment { // only the company sets these terms
		a.Frozen, a.BreakDays = false, 0
	}
	var r fees.Request
	err := s.DB.Write(ctx, func(tx *store.Tx) error {
		room, err := estate.BoundRoomOf(tx, user.ID, a.RoomID)
		if err != nil {
			return err
		}
		sees := func(b *fees.Bill) bool { return fees.CanSee(room.BillVisibility, b, tx.Today()) }
		r, err = submit(tx, models.UserActor(user.ID), room.Room, sees, a)
		return err
	})
	return r, err
}

// SubmitAsStaff takes a request that a member of staff makes or writes down for
// an owner, for a room in their scope. Another person has to decide it.
func (s *Requests) SubmitAsStaff(ctx context.Context, by office.Staff, a NewRequest) (fees.Request, error) {
	var r fees.Request
	err := s.DB.Write(ctx, func(tx *store.Tx) error {
		room, _, err := estate.ScopedRoom(tx, by.Scope(), a.RoomID)
		if err != nil {
			return err
		}
		r, err = submit(tx, by.Actor(), room, func(*fees.Bill) bool { return true }, a)
		return err
	})
	return r, err
}

// submit stores a request as open. sees reports whether its author may see a
// bill.
func submit(tx *store.Tx, by models.Actor, room estate.Room, sees func(*fees.Bill) bool, a NewRequest) (fees.Request, error) {
	a.Text = strings.TrimSpace(a.Text)
	a.BillIDs = slices.Compact(slices.Sorted(slices.Values(a.BillIDs)))
	n := utf8.RuneCountInString(a.Text)
	if n > maxRequestText || n == 0 && a.Kind != fees.RequestPromise && a.Kind != fees.RequestInstalment {
		return fees.Request{}, ErrRequestText
	}
	states, err := requestedBills(tx, room, sees, a)
	if err != nil {
		return fees.Request{}, err
	}
	r := fees.Request{
		CommunityID: room.CommunityID, RoomID: room.ID, Kind: a.Kind, Active: room.ID, Reason: a.Reason, Text: a.Text,
		AmountFen: a.AmountFen, PayOn: a.PayOn, Frozen: a.Frozen, BreakDays: a.BreakDays, Asked: by, BillIDs: a.BillIDs,
	}
	if err := validateRequest(tx, &r, states, a); err != nil {
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
