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

// Refusals of what staff do about a finding.
var (
	ErrFindingDone    = models.Refusal(models.KindConflict, "FINDING_RESOLVED", "这条差异已经处理过，或正在等待另一位同事审批")
	ErrFindingAction  = models.Refusal(models.KindConflict, "FINDING_ACTION", "这类差异不能这样处理")
	ErrFindingRoom    = models.Invalid("FINDING_ROOM", "请填写存入哪个房屋的预存")
	ErrFindingUnpaid  = models.Refusal(models.KindConflict, "FINDING_NOT_PAID", "微信查询的结果与这条差异不符：该订单不存在或没有支付成功")
	ErrFindingDiffers = models.Refusal(models.KindConflict, "FINDING_DIFFERS", "微信查询的结果仍与本系统不一致，不能自动入账，请核对后选择其他处理方式")
)

// FindingActions is what staff may do about a finding that is open.
type FindingActions struct {
	Settle bool // ask WeChat about the order once more and book what it says
	Book   bool // book the money as surplus, by two persons
	Refund bool // ask for a refund, on the order's own page
	Accept bool // leave it as it is, for a reason
}

// ActionsFor says what may be done about a finding.
func ActionsFor(f *proof.Finding) FindingActions {
	if f.Resolution != proof.ResolutionOpen || f.AskedAction != "" {
		return FindingActions{}
	}
	a := FindingActions{Accept: true}
	switch f.Kind {
	case proof.FindingOnlyOurs, proof.FindingDay:
		a.Settle = true
	case proof.FindingAmount, proof.FindingState, proof.FindingDuplicate, proof.FindingUnknown, proof.FindingOnlyTheirs:
		a.Settle, a.Book, a.Refund = f.Kind != proof.FindingUnknown, bookable(f), f.OursFen > 0
	}
	return a
}

// bookable reports whether a finding is about money that WeChat took.
func bookable(f *proof.Finding) bool {
	trade := ReadEvidence(f.Evidence).Trade
	return f.TheirsFen > 0 && f.TransactionID != "" && (trade == nil || trade.State == wechatpay.RowSuccess)
}

// AcceptFinding leaves a difference as it is, for a reason.
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

// reasonText takes the reason that staff typed.
func reasonText(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" || len([]rune(reason)) > payment.MaxReason {
		return "", payment.ErrNoReason
	}
	return reason, nil
}

// done turns a guard that failed into its refusal.
func done(ok bool, err error) error {
	if err == nil && !ok {
		err = ErrFindingDone
	}
	return err
}

// SettleFinding asks WeChat about the order of a finding once more and books what it
// says. The finding is resolved if both sides now agree; else it stays open and the
// refusal says why.
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
// ([proof.AskSurplus]) or into suspense. Another person decides.
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

func refuseIf(booked bool) error {
	if booked {
		return proof.ErrFindingBooked
	}
	return nil
}

// DecideFinding books what was asked, or refuses it. Who asked cannot approve.
func DecideFinding(ctx context.Context, s *payment.Service, by models.Actor, id string, approve bool) error {
	return s.DB.Write(ctx, func(tx *store.Tx) error {
		f, err := proof.LockFinding(tx, id)
		if err != nil {
			return err
		}
		if f.Resolution != proof.ResolutionOpen || f.AskedAction == "" {
			return ErrFindingDone
		}
		if !approve { // also by who asked: they may think better of it
			return done(proof.RefuseFinding(tx, by, id))
		}
		if by.Kind != models.ActorStaff || by.ID == f.AskedID {
			return billing.ErrSamePerson
		}
		if booked, err := proof.TransactionBooked(tx, f.TransactionID); err != nil || booked {
			return errors.Join(err, refuseIf(booked))
		}
		return bookFinding(s, tx, by, &f)
	})
}

// bookFinding puts the money of a locked finding where it was asked to go.
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
