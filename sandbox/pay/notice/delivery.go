package notice

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"sync"
	"time"

	"wuyepay/sandbox/fault"
	"wuyepay/sandbox/pay/apiv3"
	"wuyepay/sandbox/pay/merchant"
)

const (
	defaultRepeats  = 3
	defaultHoldBack = 2 * time.Second
	keptAttempts    = 100 // of one event
)

// deliver makes one delivery, spoiled if a fault strikes. It schedules the next one if
// the host did not answer 2xx.
func (s *Sender) deliver(n *Notice) {
	n.mu.Lock()
	rec, excused := n.rec, n.excused
	n.excused = false
	n.mu.Unlock()
	if rec.State != statePending {
		return
	}
	var struck *fault.Fault
	if !excused {
		struck = s.core.Faults.Strike(rec.Route, n.m.Name, func() string { return rec.OutTradeNo })
	}
	copies := 1
	switch fault.KindOf(struck) {
	case fault.Late:
		s.excuse(n)
		s.queue.schedule(n, time.Now().Add(struck.Delay))
		return
	case fault.Reordered:
		s.excuse(n)
		delay := struck.Delay
		if delay == 0 {
			delay = defaultHoldBack
		}
		s.queue.hold(n, time.Now().Add(delay))
		return
	case fault.Lost:
		s.finishAttempts(n, []Attempt{{At: time.Now(), Fault: fault.Lost, URL: rec.URL}}, stateLost)
		return
	case fault.Repeated:
		if copies = struck.Count; copies == 0 {
			copies = defaultRepeats
		}
	}
	attempts := s.sendCopies(n, rec, struck, copies)
	state := statePending
	for _, a := range attempts {
		if a.Status >= 200 && a.Status < 300 {
			state = stateDone
		}
	}
	if s.core.Context.Err() != nil && state != stateDone {
		return // Close ended it; it is sent after a restart
	}
	s.finishAttempts(n, attempts, state)
	s.queue.release(n)
}

// excuse spares the next delivery. A fault that delays must not strike its own delayed
// delivery.
func (s *Sender) excuse(n *Notice) {
	n.mu.Lock()
	n.excused = true
	n.mu.Unlock()
}

// sendCopies sends the same event several times at once.
func (s *Sender) sendCopies(n *Notice, rec Record, struck *fault.Fault, copies int) []Attempt {
	attempts := make([]Attempt, copies)
	var wg sync.WaitGroup
	for i := range attempts {
		wg.Go(func() { attempts[i] = s.send(n.m, rec, struck) })
	}
	wg.Wait()
	return attempts
}

// finishAttempts records deliveries and schedules the next one.
func (s *Sender) finishAttempts(n *Notice, attempts []Attempt, state State) {
	n.mu.Lock()
	r := &n.rec
	for _, a := range attempts {
		r.Sent++
		a.EventID, a.EventType, a.Number = r.EventID, r.EventType, r.Sent
		if len(r.Attempts) < keptAttempts {
			// A new slice, because readers hold the old one without a lock.
			r.Attempts = append(r.Attempts[:len(r.Attempts):len(r.Attempts)], a)
		}
	}
	r.State = state
	again := state == statePending
	if again && r.Sent > len(retryAfter) {
		r.State, again = stateExhausted, false
	}
	var pause time.Duration
	if again {
		pause = time.Duration(float64(retryAfter[r.Sent-1]) * s.core.Config.RetryScale)
	}
	s.core.Store.Queue(kindAttempts, update{r.EventID, r.State, r.Sent, r.Attempts})
	n.mu.Unlock()
	if again {
		s.queue.schedule(n, time.Now().Add(pause))
	}
}

// send makes one HTTP request.
func (s *Sender) send(m *merchant.Merchant, rec Record, struck *fault.Fault) Attempt {
	s.core.Count(rec.Route)
	a := Attempt{At: time.Now(), URL: rec.URL, Fault: fault.KindOf(struck)}
	body, err := spoilContent(m, &rec, struck)
	if err != nil {
		a.Error = err.Error()
		return a
	}
	x, err := apiv3.SealFor(m.CallbackSigner(), body, fault.KindOf(struck))
	if err != nil {
		a.Error = err.Error()
		return a
	}
	a.Serial = x.Serial
	ctx, cancel := context.WithTimeout(s.core.Context, s.core.Config.CallbackTimeout)
	defer cancel()
	var sent io.Reader = bytes.NewReader(body)
	if fault.KindOf(struck) == fault.Truncated {
		sent = bytes.NewReader(body[:len(body)/2])
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, rec.URL, sent)
	if err != nil {
		a.Error = err.Error()
		return a
	}
	// The whole length is announced, so that a truncated body breaks the connection.
	req.ContentLength = int64(len(body))
	x.Write(req.Header)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "*/*")
	req.Header.Set("User-Agent", "Mozilla/4.0")
	req.Header.Set("Request-ID", apiv3.RequestID(0))
	res, err := s.core.Client.Do(req)
	if err != nil {
		a.Error = err.Error()
		return a
	}
	defer res.Body.Close()
	io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10))
	a.Status = res.StatusCode
	return a
}
