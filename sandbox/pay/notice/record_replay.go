package notice

import (
	"encoding/json"
	"slices"
)

// The kinds of lines in the state file.
const (
	kindNotice   = "notice"
	kindAttempts = "attempts"
)

// Replay takes one line of the state file. It reports in known whether the line is
// about notifications.
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

// Restore calls attach for every notification of the state file, oldest first, and
// sends those that are still owed. It sends them at once, because their moment may have
// passed while the sandbox was down.
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
		if n.rec.State == statePending {
			s.Post(n)
		}
	}
}
