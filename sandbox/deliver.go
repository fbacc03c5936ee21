package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	defaultRepeats  = 3
	defaultHoldBack = 2 * time.Second
	keptAttempts    = 100 // of one event
)

// deliver makes one delivery of a notification, spoiled if a fault strikes,
// and schedules the next if the host did not answer 2xx.
func (s *notices) deliver(n *notice) {
	n.mu.Lock()
	rec, excused := n.rec, n.excused
	n.excused = false
	n.mu.Unlock()
	if rec.State != noticePending {
		return
	}
	var struck *Fault
	if !excused {
		struck = s.core.faults.strike(rec.Route, n.m.Name, func() string { return rec.OutTradeNo })
	}
	copies := 1
	switch struck.kind() {
	case FaultLate:
		s.excuse(n)
		s.queue.schedule(n, time.Now().Add(struck.Delay))
		return
	case FaultReordered:
		s.excuse(n)
		delay := struck.Delay
		if delay == 0 {
			delay = defaultHoldBack
		}
		s.queue.hold(n, time.Now().Add(delay))
		return
	case FaultLost:
		s.finishAttempts(n, []Attempt{{At: time.Now(), Fault: FaultLost, URL: rec.URL}}, noticeLost)
		return
	case FaultRepeated:
		if copies = struck.Count; copies == 0 {
			copies = defaultRepeats
		}
	}
	attempts := s.sendCopies(n, rec, struck, copies)
	state := noticePending
	for _, a := range attempts {
		if a.Status >= 200 && a.Status < 300 {
			state = noticeDone
		}
	}
	if s.core.ctx.Err() != nil && state != noticeDone {
		return // cut short by Close: it is still owed and goes out after a restart
	}
	s.finishAttempts(n, attempts, state)
	s.queue.release(n)
}

// excuse spares the next try: a fault that only delays must not strike its own
// delayed delivery for ever.
func (s *notices) excuse(n *notice) {
	n.mu.Lock()
	n.excused = true
	n.mu.Unlock()
}

// sendCopies sends the same event several times at once.
func (s *notices) sendCopies(n *notice, rec noticeRecord, struck *Fault, copies int) []Attempt {
	attempts := make([]Attempt, copies)
	var wg sync.WaitGroup
	for i := range attempts {
		wg.Go(func() { attempts[i] = s.send(n.m, rec, struck) })
	}
	wg.Wait()
	return attempts
}

// finishAttempts books deliveries and what follows from them.
func (s *notices) finishAttempts(n *notice, attempts []Attempt, state noticeState) {
	n.mu.Lock()
	r := &n.rec
	for _, a := range attempts {
		r.Sent++
		a.EventID, a.EventType, a.Number = r.EventID, r.EventType, r.Sent
		if len(r.Attempts) < keptAttempts {
			// A fresh slice: readers hold the old one without a lock.
			r.Attempts = append(r.Attempts[:len(r.Attempts):len(r.Attempts)], a)
		}
	}
	r.State = state
	again := state == noticePending
	if again && r.Sent > len(retryAfter) {
		r.State, again = noticeExhausted, false
	}
	var pause time.Duration
	if again {
		pause = time.Duration(float64(retryAfter[r.Sent-1]) * s.core.cfg.RetryScale)
	}
	s.core.store.queue(recordAttempts, noticeUpdate{r.EventID, r.State, r.Sent, r.Attempts})
	n.mu.Unlock()
	if again {
		s.queue.schedule(n, time.Now().Add(pause))
	}
}

// send makes one HTTP request of an event.
func (s *notices) send(m *merchant, rec noticeRecord, struck *Fault) Attempt {
	s.core.count(rec.Route)
	a := Attempt{At: time.Now(), URL: rec.URL, Fault: struck.kind()}
	body, err := spoilContent(m, &rec, struck)
	if err != nil {
		a.Error = err.Error()
		return a
	}
	x, err := sealFor(m.callbackSigner(), body, struck.kind())
	if err != nil {
		a.Error = err.Error()
		return a
	}
	a.Serial = x.serial
	ctx, cancel := context.WithTimeout(s.core.ctx, callbackTimeout)
	defer cancel()
	var sent io.Reader = bytes.NewReader(body)
	if struck.kind() == FaultTruncated {
		sent = bytes.NewReader(body[:len(body)/2])
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, rec.URL, sent)
	if err != nil {
		a.Error = err.Error()
		return a
	}
	// Announcing the whole length makes a truncated body break the connection.
	req.ContentLength = int64(len(body))
	x.write(req.Header)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "*/*")
	req.Header.Set("User-Agent", "Mozilla/4.0")
	req.Header.Set("Request-ID", requestID(0))
	res, err := s.core.client.Do(req)
	if err != nil {
		a.Error = err.Error()
		return a
	}
	defer res.Body.Close()
	io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10))
	a.Status = res.StatusCode
	return a
}

// spoilContent is the body to send: the envelope as it is, or one whose
// plaintext says something else and is encrypted anew under the same event id.
func spoilContent(m *merchant, rec *noticeRecord, struck *Fault) ([]byte, error) {
	if struck.kind() == FaultNoResource {
		var e envelope
		if err := json.Unmarshal(rec.Body, &e); err != nil {
			return nil, err
		}
		e.Resource = nil
		return json.Marshal(e)
	}
	var plain map[string]any
	decoder := json.NewDecoder(bytes.NewReader(rec.Plain))
	decoder.UseNumber()
	change := func(field, value string) {
		if _, there := plain[field]; there {
			plain[field] = value
		}
	}
	switch struck.kind() {
	case FaultWrongTotal, FaultWrongMchID, FaultWrongAppID, FaultWrongOrder:
		if err := decoder.Decode(&plain); err != nil {
			return nil, err
		}
	default:
		return rec.Body, nil
	}
	switch struck.Kind {
	case FaultWrongTotal:
		addFen(plain, "total", "payer_total", "refund", "payer_refund")
	case FaultWrongMchID:
		change("mchid", "1900000109")
		change("sp_mchid", "1900000109")
	case FaultWrongAppID:
		change("appid", "wx0000000000000000")
		change("sp_appid", "wx0000000000000000")
	case FaultWrongOrder:
		change("out_trade_no", "NOBODY"+strings.ToUpper(randomHex(12)))
	}
	spoiled, err := json.Marshal(plain)
	if err != nil {
		return nil, err
	}
	return sealEnvelope(m, rec, spoiled)
}

// addFen makes the amounts of a plaintext one fen too large.
func addFen(plain map[string]any, fields ...string) {
	amount, _ := plain["amount"].(map[string]any)
	for _, field := range fields {
		if number, ok := amount[field].(json.Number); ok {
			n, _ := number.Int64()
			amount[field] = n + 1
		}
	}
}
