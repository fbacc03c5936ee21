package mini

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"wuyepay/sandbox/crypt"
	"wuyepay/sandbox/fault"
	"wuyepay/sandbox/user"
)

// Kinds of message push events.
const (
	EventPopup  = "subscribe_msg_popup_event"  // the owner answered a popup
	EventChange = "subscribe_msg_change_event" // the owner changed the setting
	EventSent   = "subscribe_msg_sent_event"   // a message was delivered
)

// pushTries is how often an event is sent.
const pushTries = 3

// Event is a message push event about one template.
type Event struct {
	Kind       string `json:"kind"` // one of the Event... constants
	OpenID     string `json:"openid"`
	TemplateID string `json:"template_id"`
	Status     string `json:"status"` // accept or reject; unused in a sent event
	MsgID      int64  `json:"msgid"`  // of a sent event
	Plain      bool   `json:"plain"`  // plain mode instead of security mode
	XML        bool   `json:"xml"`    // XML instead of JSON
	Array      bool   `json:"array"`  // List as an array in JSON, which WeChat uses for several items
}

// PushEvent sends an event to the message URL, up to three times until the host answers
// "success" or nothing with status 200.
func (s *Service) PushEvent(ctx context.Context, e Event) error {
	if s.messageURL.Load() == nil {
		return errors.New("sandbox: there is no message URL")
	}
	body, err := e.render(s.core.Config.AppID)
	if err != nil {
		return err
	}
	struck := s.core.Faults.Strike(fault.RouteMessagePush, "", nil)
	switch fault.KindOf(struck) {
	case fault.Lost:
		return nil
	case fault.Late:
		select {
		case <-time.After(struck.Delay):
		case <-ctx.Done():
			return ctx.Err()
		}
	case fault.Repeated:
		err = s.pushOnce(ctx, e, body, nil)
	}
	for range pushTries {
		if err = s.pushOnce(ctx, e, body, struck); err == nil || ctx.Err() != nil {
			return err
		}
		struck = nil // only the first try is spoiled
	}
	return err
}

// pushOnce makes one delivery of an event.
func (s *Service) pushOnce(ctx context.Context, e Event, message []byte, struck *fault.Fault) error {
	s.core.Count(fault.RouteMessagePush)
	query, body := s.pushQuery(fault.KindOf(struck) == fault.Forged), message
	if !e.Plain {
		sealed, err := sealPush(s.core.Config.MessageAESKey, s.core.Config.AppID, message)
		if err != nil {
			return err
		}
		query.Set("encrypt_type", "aes")
		query.Set("msg_signature", pushSign(s.core.Config.MessageToken, query.Get("timestamp"), query.Get("nonce"), sealed))
		if fault.KindOf(struck) == fault.Forged {
			query.Set("msg_signature", crypt.RandomHex(40))
		}
		body = wrapPush(sealed, e.XML)
	}
	query.Set("openid", e.OpenID)
	ctx, cancel := context.WithTimeout(ctx, s.core.Config.CallbackTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, *s.messageURL.Load()+"?"+query.Encode(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if e.XML {
		req.Header.Set("Content-Type", "text/xml")
	}
	answer, err := s.pushDo(req)
	if err != nil {
		return err
	}
	if answer != "" && answer != "success" {
		return fmt.Errorf("sandbox: push was answered %d bytes that are not success", len(answer))
	}
	return nil
}

// SetMessageURL sets where events are pushed from now on; it overrides
// Config.MessageURL. With a URL the sandbox also pushes by itself: a sent event after
// each message and a popup event after each grant.
func (s *Service) SetMessageURL(address string) {
	if address == "" {
		s.messageURL.Store(nil)
		return
	}
	s.messageURL.Store(&address)
}

// CheckMessageURL makes WeChat's check of a server: a signed GET whose echostr must
// come back unchanged.
func (s *Service) CheckMessageURL(ctx context.Context, address string) error {
	query := s.pushQuery(false)
	echo := crypt.RandomDigits(19)
	query.Set("echostr", echo)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	answer, err := s.pushDo(req)
	if err != nil {
		return err
	}
	if answer != echo {
		return errors.New("sandbox: server check: echostr did not come back")
	}
	return nil
}

// pushQuery returns a signed query. Like WeChat it signs token, timestamp and nonce,
// not the body.
func (s *Service) pushQuery(forged bool) url.Values {
	query := url.Values{}
	query.Set("timestamp", strconv.FormatInt(time.Now().Unix(), 10))
	query.Set("nonce", crypt.RandomDigits(10))
	query.Set("signature", pushSign(s.core.Config.MessageToken, query.Get("timestamp"), query.Get("nonce")))
	if forged {
		query.Set("signature", crypt.RandomHex(40))
	}
	return query
}

// pushDo sends a request and returns the short answer.
func (s *Service) pushDo(req *http.Request) (string, error) {
	res, err := s.core.Client.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 4<<10))
	if err != nil {
		return "", err
	}
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("sandbox: push was answered %d", res.StatusCode)
	}
	return string(body), nil
}

// pushLater sends an event in the background, if there is a message URL.
func (s *Service) pushLater(e Event) {
	if s.messageURL.Load() == nil {
		return
	}
	s.core.Go(func() {
		if err := s.PushEvent(s.core.Context, e); err != nil {
			s.core.Log.Warn("sandbox: event not accepted", "event", e.Kind, "error", err)
		}
	})
}

// pushSent pushes that a message was delivered.
func (s *Service) pushSent(m user.Message) {
	s.pushLater(Event{Kind: EventSent, OpenID: m.OpenID, TemplateID: m.TemplateID, MsgID: m.MsgID})
}
