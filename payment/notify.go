package payment

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment/wechatpay"
)

// Refusals of [Service.Notify]. WeChat repeats whatever is refused.
var (
	// ErrSignature is the refusal of a callback that is not proven to come from
	// WeChat Pay.
	ErrSignature = models.Refusal(models.KindUnauthorized, "SIGN_ERROR", "签名验证失败")
	// ErrNotBooked reports a callback that WeChat Pay signed and that does not
	// match the books. Staff see it.
	ErrNotBooked = errors.New("payment: the notification settled nothing")
)

// callbackActor is the author of what a callback books.
var callbackActor = models.SystemActor("wechat-callback")

// Notify takes a notification of WeChat Pay. It returns nil once the money is
// durably booked, or was booked before, and only then. The signature is
// verified before anything else is done with it. In a flood of callbacks it may
// return [ErrBusy] instead.
//
// A notification with a valid signature that does not match an order settles
// nothing and returns [ErrNotBooked]. It is stored once for staff. One that is not about
// our money, of another business by the merchant's [ForeignRule] or of another kind, is
// stored once too and returns nil: WeChat has nothing to repeat.
func (s *Service) Notify(ctx context.Context, merchant string, header http.Header, body []byte) error {
	m := s.Merchants[merchant]
	if m == nil {
		return models.ErrNotFound
	}
	if err := s.admission.enter(ctx); err != nil {
		s.count(merchant, proof.VerdictBusy)
		return err
	}
	defer s.admission.leave()
	seen := callbackEvidence(merchant, header, body)
	n, err := m.Client.ParseNotification(ctx, header, body)
	s.NoteTrouble(ctx, merchant, troubleCallback, err)
	switch {
	case errors.Is(err, wechatpay.ErrMalformed):
		s.count(merchant, proof.EventMalformed)
		return s.StoreUnmatched(ctx, proof.CallbackEvent{
			Merchant: merchant, NotificationID: eventID("", body), Reason: proof.EventMalformed, Detail: reasonOf(err),
		}, seen)
	case err != nil:
		s.count(merchant, proof.VerdictBadSignature)
		seen.Verdict, seen.Detail = proof.VerdictBadSignature, reasonOf(err)
		seen.SetBody(body) // with this verdict less of it is stored
		s.record(seen)
		return ErrSignature.Because(err)
	}
	seen.NotificationID = eventID(n.ID, body)
	if n.Transaction == nil && n.Refund == nil {
		return s.storeHarmless(ctx, proof.CallbackEvent{
			Merchant: merchant, NotificationID: seen.NotificationID, Reason: proof.EventOther, Detail: otherDetail(n),
		}, seen)
	}
	if n.Refund != nil {
		return s.notifyRefund(ctx, m, n, seen)
	}
	return s.notifyTransaction(ctx, m, n, seen)
}

// notifyTransaction books what a verified notification says of a transaction, unless it is
// of another business.
func (s *Service) notifyTransaction(ctx context.Context, m *Merchant, n wechatpay.Notification, seen *proof.Evidence) error {
	merchant := m.Name
	if foreign, err := m.IsForeign(s.DB.View(ctx), n.Transaction.OutTradeNo, n.Transaction.AppID, n.Transaction.SubAppID); err != nil {
		return err
	} else if foreign {
		t := n.Transaction
		return s.storeHarmless(ctx, proof.CallbackEvent{
			Merchant: merchant, NotificationID: seen.NotificationID, OrderNo: t.OutTradeNo, TransactionID: t.TransactionID,
			AmountFen: models.Fen(t.TotalFen), Reason: proof.EventForeign, Detail: t.State,
		}, seen)
	}
	if n.Transaction.State != wechatpay.StateSuccess {
		s.count(merchant, proof.EventNotSuccess)
		return s.StoreUnmatched(ctx, proof.CallbackEvent{
			Merchant: merchant, NotificationID: seen.NotificationID, Reason: proof.EventNotSuccess, Detail: n.EventType,
		}, seen)
	}
	payProof := ProofOf(m, *n.Transaction, money.LearnedByCallback)
	payProof.Evidence = seen
	done, err := s.Settle(ctx, callbackActor, payProof)
	var mismatch *ErrMismatch
	if errors.As(err, &mismatch) {
		s.count(merchant, mismatch.Reason)
		t := n.Transaction
		return s.StoreUnmatched(ctx, proof.CallbackEvent{
			Merchant: merchant, NotificationID: seen.NotificationID, OrderNo: t.OutTradeNo, TransactionID: t.TransactionID,
			AmountFen: models.Fen(t.TotalFen), Reason: mismatch.Reason, Detail: mismatch.Detail,
		}, seen)
	}
	switch {
	case err != nil:
		s.count(merchant, proof.VerdictFailed)
		seen.OrderNo, seen.Verdict = n.Transaction.OutTradeNo, proof.VerdictFailed
		s.record(seen)
		return err
	case done == outcomeRepeat:
		seen.OrderNo, seen.Verdict = n.Transaction.OutTradeNo, proof.VerdictRepeat
		s.record(seen)
	}
	s.noteSuccess(ctx, merchant)
	s.count(merchant, done.String())
	return nil
}

// otherDetail names a notification of another kind by its types, which are WeChat's words.
func otherDetail(n wechatpay.Notification) string {
	text := CleanToken(n.EventType)
	if n.Original != "" {
		text += " " + CleanToken(n.Original)
	}
	return text
}

// storeHarmless stores a notification that is not about our money once for staff to see.
func (s *Service) storeHarmless(ctx context.Context, e proof.CallbackEvent, seen *proof.Evidence) error {
	s.count(e.Merchant, e.Reason)
	if err := s.StoreUnmatched(ctx, e, seen); !errors.Is(err, ErrNotBooked) {
		return err
	}
	s.noteSuccess(ctx, e.Merchant)
	return nil
}

// eventID returns what identifies a notification: WeChat's id, which is the
// same in each repeat, or else a hash of its bytes, which are the same, too.
func eventID(id string, body []byte) string {
	if id == "" {
		var envelope struct{ ID string }
		_ = json.Unmarshal(body, &envelope) // on an error the id stays empty
		id = envelope.ID
	}
	if id == "" || id != CleanToken(id) {
		sum := sha256.Sum256(body)
		return "sha256:" + hex.EncodeToString(sum[:16])
	}
	return id
}

// CleanToken returns a number of WeChat as its column can hold it. Such numbers
// are at most 64 characters of ASCII; only a faulty message has others.
func CleanToken(text string) string {
	text = strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7f {
			return '?'
		}
		return r
	}, text)
	return text[:min(len(text), 64)]
}

// reasonOf returns why a notification cannot be read, from a fixed list.
func reasonOf(err error) string {
	var e *wechatpay.Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}

// StoreUnmatched stores a notification that settled nothing, with its content,
// and returns [ErrNotBooked].
func (s *Service) StoreUnmatched(ctx context.Context, e proof.CallbackEvent, seen *proof.Evidence) error {
	e.OrderNo, e.TransactionID = CleanToken(e.OrderNo), CleanToken(e.TransactionID)
	seen.OrderNo, seen.Verdict, seen.Detail = e.OrderNo, e.Reason, e.Detail
	if seen.Kind == proof.EvidenceCallback {
		seen.NotificationID = e.NotificationID
	}
	var isNew bool
	err := s.DB.Write(ctx, func(tx *store.Tx) (err error) {
		if isNew, err = proof.KeepEvent(tx, &e); err != nil {
			return err
		}
		return proof.KeepEvidence(tx, seen)
	})
	if err != nil {
		return err
	}
	if isNew && !proof.Harmless(e.Reason) { // not again for each repeat
		s.Log.WarnContext(ctx, "notification settled nothing", "merchant", e.Merchant, "order", e.OrderNo,
			"reason", e.Reason, "detail", e.Detail)
	}
	return fmt.Errorf("%w: %s: %s", ErrNotBooked, e.Reason, e.Detail)
}

// ProofOf returns what a transaction of WeChat proves. learnedBy is how it became known, such as
// money.LearnedByCallback.
func ProofOf(m *Merchant, t wechatpay.Transaction, learnedBy string) PaymentProof {
	return PaymentProof{
		Merchant: m.Name, OrderNo: t.OutTradeNo, TransactionID: t.TransactionID, AppID: t.AppID, SubAppID: t.SubAppID,
		MchID: t.MchID, SubMchID: t.SubMchID, OpenID: t.OpenID, SubOpenID: t.SubOpenID, Currency: t.Currency,
		TotalFen: models.Fen(t.TotalFen), PaidAt: models.At(t.SuccessTime), LearnedBy: learnedBy,
	}
}
