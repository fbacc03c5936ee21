package reminder

import (
	"errors"
	"time"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/messages"
	"wuyepay/models/store"
)

const (
	// stepDecided is the step of an answer to a request.
	stepDecided = "request_decided"
	// answerFor is how long an answer is worth sending.
	answerFor = 3 * 24 * time.Hour
)

// RequestDecided puts the answer to a request into the outbox, to the owner who
// asked, in the transaction that decides it. What staff asked for is answered in
// the console.
func (s *Service) RequestDecided(tx *store.Tx, r *fees.Request) error {
	if _, ok := s.templates[messages.TemplateRequestDecided]; !ok || r.Asked.Kind != models.ActorUser {
		return nil
	}
	return messages.QueueNotice(tx, &messages.Notice{
		Dedupe: stepDecided + "/" + r.ID, Template: messages.TemplateRequestDecided, Step: stepDecided, UserID: r.Asked.ID,
		RoomID:    r.RoomID,
		RequestID: r.ID,
	})
}

// kindWords name what was asked for.
var kindWords = map[string]string{
	fees.RequestWaiver: "违约金减免申请", fees.RequestInstalment: "分期缴费申请", fees.RequestDispute: "账单异议", fees.RequestPromise: "承诺缴费日",
	fees.RequestRefund: "预存退还申请", fees.RequestCorrection: "账单更正申请", fees.RequestVoid: "账单作废申请",
}

// resultWord says how it was decided; a phrase holds five characters.
func resultWord(r *fees.Request) string {
	approved := r.Status == fees.RequestApproved
	switch {
	case r.Kind == fees.RequestDispute && approved:
		return "已采纳"
	case r.Kind == fees.RequestDispute:
		return "未采纳"
	case approved:
		return "已同意"
	}
	return "未同意"
}

// answer returns the text of an answer to a request. A note too long for the message
// is read in the mini program: cut off it could say something else.
func (s *Service) answer(tx *store.Tx, n *messages.Notice) (map[string]value, *outcome, error) {
	if tx.Now.Sub(n.CreatedAt.Time) > answerFor {
		return nil, &outcome{messages.NoticeSkipped, reasonStale}, nil
	}
	if _, err := estate.BoundRoomOf(tx, n.UserID, n.RoomID); errors.Is(err, models.ErrNotFound) {
		return nil, &outcome{messages.NoticeSkipped, reasonUnbound}, nil
	} else if err != nil {
		return nil, nil, err
	}
	if n.Step == stepRefund {
		values, err := refunded(tx, n)
		return values, nil, err
	}
	r, err := fees.RequestByID(tx, n.RequestID)
	if err != nil {
		return nil, nil, err
	}
	return map[string]value{
		roleKind:   text(kindWords[r.Kind]),
		roleResult: text(resultWord(&r)),
		roleNote:   note(r.Note, "请在小程序中查看答复"),
	}, nil, nil
}
