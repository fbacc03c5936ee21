package notice

import (
	"encoding/json"
	"slices"
)

// Kinds of lines in the state file.
const (
	kindNotice   = "notice"
	kindAttempts = "attempts"
)

// Replay takes one line of the state file; known is false if it is not about
// notifications.
func (s *Sender) Replay(kind string, value json.RawMessage) (known bool, err error) {
	switch kind {
	case kindNotice:
		var rec Record
		err := json.Unmarshal(value, &rec)
		s.replayed[rec.EventID] = rec
		return true, err
	case kindAttempts:
		var update update
		err := json.Unmarshal(value, &update)
		rec := s.replayed[update.EventID]
		rec.State, rec.Sent, rec.Attempts = update.State, update.Sent, update.Attempts
		s.replayed[update.EventID] = rec
		return true, err
	}
	return false, nil
}

// Restore owes again what was not delivered; the next try is at once, because
// the real retry time passed while nobody was here. It shows every
// notification to attach, oldest first.
func (s *Sender) Restore(attach func(mchID, outTradeNo string, n *Notice)) {
	var list []*Notice
	for _, rec := range s.replayed {
		if m := s.merchants.ByMchID[rec.MchID]; m != nil {
			list = append(list, &Notice{m: m, rec: rec})
		}
	}
	s.replayed = nil
	slices.SortFunc(list, func(a, b *Notice) int { return a.rec.Created.Compare(b.rec.Created) })
	for _, n := range list {
		attach(n.rec.MchID, n.rec.OutTradeNo, n)
		if n.rec.State == noticePending {
			s.Post(n)
		}
	}
}
