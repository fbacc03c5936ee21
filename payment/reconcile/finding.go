package reconcile

import (
	"context"
	"errors"
	"strings"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/wechatpay"
)

// Refusals of what staff do about a finding. [ErrFindingDone] is also returned to the
// slower of two persons who act on one finding at the same time.
var (
	ErrFindingDone    = models.Refusal(models.KindConflict, "FINDING_RESOLVED", "这条差异已经处理过，或正在等待另一位同事审批")
	ErrFindingAction  = models.Refusal(models.KindConflict, "FINDING_ACTION", "这类差异不能这样处理")
	ErrFindingRoom    = models.Invalid("FINDING_ROOM", "请填写存入哪个房屋的预存")
	ErrFindingUnpaid  = models.Refusal(models.KindConflict, "FINDING_NOT_PAID", "微信查询的结果与这条差异不符：该订单不存在或没有支付成功")
	ErrFindingDiffers = models.Refusal(models.KindConflict, "FINDING_DIFFERS", "微信查询的结果仍与本系统不一致，不能自动入账，请核对后选择其他处理方式")
)

// FindingActions is what staff may do about a finding that is open. The zero value
// allows nothing.
type FindingActions struct {
	Settle bool // query the order at WeChat once more and book the answer
	Book   bool // book the money as surplus, by two persons
	Refund bool // ask for a refund, on the order's own page
	Accept bool // leave it as it is, for a reason
}

// ActionsFor returns what may be done about a finding: nothing if it is resolved, or
// while a booking that was asked for waits for a second person.
//
// The kinds of refunds, fees and the fund-flow bill can only be accepted, because a
// query of the payment would not end them. An unknown order cannot be settled: there is
// no order of ours to book the money to.
func ActionsFor(f *proof.Finding) FindingActions {
	if f.Resolution != proof.ResolutionOpen || f.AskedAction != "" {
		return FindingActions{}
	}
	a := FindingActions{Accept: true}
	switch f.Kind {
	case proof.FindingOnlyOurs:
		a.Settle = true
	case proof.FindingDay:
		a.Settle = !ofRefund(f)
	case proof.FindingAmount, proof.FindingState, proof.FindingDuplicate, proof.FindingUnknown, proof.FindingOnlyTheirs:
		a.Settle, a.Book, a.Refund = f.Kind != proof.FindingUnknown, bookable(f), f.OursFen > 0
	}
	return a
}

// ofRefund reports whether a finding is about a row of a refund, whose number no query of
// the payment answers.
func ofRefund(f *proof.Finding) bool {
	trade := ReadEvidence(f.Evidence).Trade
	return trade != nil && strings.HasPrefix(trade.State, wechatpay.RowRefund)
}

// bookable reports whether a finding is about money that WeChat took and that has a
// transaction number, by which it can be booked once only. A row in another state than
// SUCCESS, such as a revoked payment, is not money that stays with the merchant.
func bookable(f *proof.Finding) bool {
	trade := ReadEvidence(f.Evidence).Trade
	return f.TheirsFen > 0 && f.TransactionID != "" && (trade == nil || trade.State == wechatpay.RowSuccess)
}

// AcceptFinding resolves a finding without changing the books, for a reason that is kept
// with it. It returns [payment.ErrNoReason] without a reason or with too long a one,
// [models.ErrNotFound], or [ErrFindingDone] if the finding is resolved or asked about.
func AcceptFinding(ctx context.Context, s *payment.Service, by models.Actor, id, reason string) error {
	reason, err := reasonText(reason)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *store.Tx) error {
		f, err := proof.LockFinding(tx, id)
		if err != nil {
			return err
		}
		if !ActionsFor(&f).Accept {
			return ErrFindingDone
		}
		return done(proof.ResolveFindingFor(tx, by, id, proof.ResolutionAccepted, reason))
	})
}

// reasonText returns the reason that staff typed, trimmed. It may have up to
// [payment.MaxReason] characters, Chinese ones counted as one each.
func reasonText(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" || len([]rune(reason)) > payment.MaxReason {
		return "", payment.ErrNoReason
	}
	return reason, nil
}

// done returns [ErrFindingDone] if a guarded update changed nothing: the row has left
// the state that the update asks for.
func done(ok bool, err error) error {
	if err == nil && !ok {
		err = ErrFindingDone
	}
	return err
}

// SettleFinding queries the order of a finding at WeChat once more and books the answer.
// The finding is resolved if both sides now agree; otherwise it stays open and the
// refusal has the reason: [ErrFindingUnpaid], [ErrFindingDiffers], or
// [payment.ErrUnavailable] if WeChat did not answer.
//
// No transaction is open while WeChat is asked, so the finding is not locked before.
// Two persons at once do no harm: the money is booked once, and the slower one gets
// [ErrFindingDone]. After a crash between booking and resolving, the finding is still
// open, and settling it again only resolves it.
func SettleFinding(ctx context.Context, s *payment.Service, by models.Actor, id string) error {
	f, err := proof.FindingByID(s.DB.View(ctx), id)
	if err != nil {
		return err
	}
	if f.Resolution != proof.ResolutionOpen {
		return ErrFindingDone
	}
	if !ActionsFor(&f).Settle || f.OrderNo == "" {
		return ErrFindingAction
	}
	m, err := s.Merchant(f.Merchant)
	if err != nil {
		return err
	}
	var said wechatpay.Reply
	t, err := m.Client.Query(wechatpay.Capture(ctx, &said), f.OrderNo)
	switch {
	case errors.Is(err, wechatpay.ErrOrderNotExist):
		return ErrFindingUnpaid
	case err != nil:
		return payment.ErrUnavailable.Because(err)
	case !t.Paid() || (f.TransactionID != "" && t.TransactionID != f.TransactionID):
		return ErrFindingUnpaid
	}
	// WeChat may have used up the time of the request; its answer must not be lost.
	ctx, cancel := payment.BookingContext(ctx)
	defer cancel()
	payProof := payment.ProofOf(m, t, money.LearnedByQuery)
	payProof.Evidence = payment.ReplyEvidence(proof.EvidenceQuery, m.Name, f.OrderNo, said, "")
	_, err = s.Settle(ctx, by, payProof)
	var mismatch *payment.ErrMismatch
	if errors.As(err, &mismatch) {
		return ErrFindingDiffers.Because(err)
	}
	if err != nil {
		return err
	}
	// Settle has compared the order. The payment may have been booked long before, so it
	// is compared too.
	return s.DB.Write(ctx, func(tx *store.Tx) error {
		p, err := money.PaymentOfOrder(tx, f.OrderNo)
		if err != nil {
			return err
		}
		if p.AmountFen != models.Fen(t.TotalFen) || p.TransactionID == nil || *p.TransactionID != t.TransactionID {
			return ErrFindingDiffers
		}
		return done(proof.ResolveFinding(tx, by, id, proof.ResolutionSettled))
	})
}

// AskFinding asks to have the money of a finding booked, into a room's prepayment
// ([proof.AskSurplus]) or into suspense ([proof.AskSuspense], which ignores the room).
// Another person decides, see [DecideFinding]; until then the books do not change.
//
// It returns [payment.ErrNoReason], [ErrFindingRoom] if prepayment has no room,
// [ErrFindingAction] for an unknown action or a finding that is not about money WeChat
// took, [ErrFindingDone] if the finding is resolved or asked about, and
// [proof.ErrFindingBooked] if the transaction is in the books already.
func AskFinding(ctx context.Context, s *payment.Service, by models.Actor, id, action, roomID, reason string) error {
	reason, err := reasonText(reason)
	if err != nil {
		return err
	}
	switch action {
	case proof.AskSurplus:
		if roomID == "" {
			return ErrFindingRoom
		}
	case proof.AskSuspense:
		roomID = ""
	default:
		return ErrFindingAction
	}
	return s.DB.Write(ctx, func(tx *store.Tx) error {
		f, err := proof.LockFinding(tx, id)
		if err != nil {
			return err
		}
		if f.Resolution != proof.ResolutionOpen || f.AskedAction != "" {
			return ErrFindingDone
		}
		if !ActionsFor(&f).Book {
			return ErrFindingAction
		}
		if roomID != "" {
			if _, err := estate.RoomByID(tx, roomID); err != nil {
				return err
			}
		}
		if booked, err := proof.TransactionBooked(tx, f.TransactionID); err != nil || booked {
			return errors.Join(err, refuseIf(booked))
		}
		return done(proof.AskFinding(tx, by, id, action, roomID, reason))
	})
}

// refuseIf returns [proof.ErrFindingBooked] if the transaction is booked.
func refuseIf(booked bool) error {
	if booked {
		return proof.ErrFindingBooked
	}
	return nil
}

// DecideFinding books what [AskFinding] asked for, or refuses it, after which the finding
// is open to every action again. The person who asked cannot approve
// ([billing.ErrSamePerson]), nor can an actor that is not staff.
//
// The transaction is looked for again, because its money may have been booked between
// the two persons, for example by a late callback ([proof.ErrFindingBooked]).
func DecideFinding(ctx context.Context, s *payment.Service, by models.Actor, id string, approve bool) error {
	return s.DB.Write(ctx, func(tx *store.Tx) error {
		f, err := proof.LockFinding(tx, id)
		if err != nil {
			return err
		}
		if f.Resolution != proof.ResolutionOpen || f.AskedAction == "" {
			return ErrFindingDone
		}
		if !approve { // also by the person who asked
			return done(proof.RefuseFinding(tx, by, id))
		}
		if by.Kind != models.ActorStaff || by.ID == f.AskedID {
			return billing.ErrSamePerson
		}
		// The order first, as a callback locks it that books the same money.
		if _, err := money.LockOrder(tx, f.OrderNo); err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
		if booked, err := proof.TransactionBooked(tx, f.TransactionID); err != nil || booked {
			return errors.Join(err, refuseIf(booked))
		}
		return bookFinding(s, tx, by, &f)
	})
}

// bookFinding books the money of a locked finding into the room that was asked for, or
// into suspense without one, and resolves the finding. The amount is WeChat's, not
// ours. The journal debits WeChat and credits prepayment or suspense.
func bookFinding(s *payment.Service, tx *store.Tx, by models.Actor, f *proof.Finding) error {
	b := proof.FindingBooking{
		FindingID: f.ID, Merchant: f.Merchant, TransactionID: f.TransactionID, AmountFen: f.TheirsFen, RoomID: f.AskedRoomID,
		AskedID: f.AskedID, AskedName: f.AskedName, ApprovedID: by.ID, ApprovedName: by.Name,
	}
	resolution := proof.ResolutionSuspense
	line := money.JournalLine{
		Kind: money.JournalSuspense, Debit: money.AccountWechat, Credit: money.AccountSuspense, AmountFen: b.AmountFen,
		Merchant: b.Merchant,
	}
	if b.RoomID != "" {
		room, err := estate.RoomByID(tx, b.RoomID)
		if err != nil {
			return err
		}
		b.CommunityID, resolution = room.CommunityID, proof.ResolutionRoom
		line.Kind, line.Credit, line.RoomID, line.CommunityID = money.JournalFound, money.AccountPrepaid, room.ID, room.CommunityID
		if err := money.MovePrepaid(tx, room.ID, money.PrepaidSurplus, b.AmountFen, "", ""); err != nil {
			return err
		}
	}
	if err := proof.InsertFindingBooking(tx, &b); err != nil {
		return err
	}
	if err := money.Journal(tx, []money.JournalLine{line}); err != nil {
		return err
	}
	return done(proof.ResolveFinding(tx, by, f.ID, resolution))
}
