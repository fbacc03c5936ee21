package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// phone is an owner's mini-program. Like that, it repeats a request after a fault, and
// stops after some tries.
type phone struct {
	d     *drill
	name  string
	token string
	rooms []string
}

// How long a phone waits for an answer in all, and how often it tries.
const (
	patience = 5 * time.Second
	tries    = 4
)

func newPhone(d *drill, name string) *phone { return &phone{d: d, name: name} }

// answer is the server's answer to a request, or that there was none.
type answer struct {
	status int // 0 if there was no answer
	code   string
	body   []byte
}

func (a answer) into(v any) error { return json.Unmarshal(a.body, v) }

func (a answer) good() bool { return a.status/100 == 2 }

// once sends a request once.
func (p *phone) once(ctx context.Context, method, path, key string, body any) answer {
	raw := []byte{}
	if body != nil {
		raw, _ = json.Marshal(body) // never fails for our maps
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://"+p.d.bed.front.address()+"/api/v1"+path, bytes.NewReader(raw))
	if err != nil {
		return answer{}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+p.token)
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	p.d.log.add("requests of phones", 1)
	res, err := p.d.client.Do(req)
	if err != nil {
		p.d.log.add("requests without an answer", 1)
		return answer{}
	}
	defer res.Body.Close()
	a := answer{status: res.StatusCode}
	if a.body, err = io.ReadAll(io.LimitReader(res.Body, 4<<20)); err != nil {
		p.d.log.add("requests without an answer", 1)
		return answer{} // cut off in the middle
	}
	var failure struct{ Code string }
	if a.status >= 400 && json.Unmarshal(a.body, &failure) == nil {
		a.code = failure.Code
	}
	return a
}

// ask sends a request until the answer is no fault.
func (p *phone) ask(ctx context.Context, method, path, key string, body any) answer {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var a answer
	for try := range tries {
		a = p.once(ctx, method, path, key, body)
		if (a.status != 0 && a.status < 500) || a.code == "REQUEST_IN_PROGRESS" || ctx.Err() != nil {
			break
		}
		time.Sleep(time.Duration(50*(try+1)) * time.Millisecond)
	}
	p.d.log.answered(a)
	return a
}

func (p *phone) signIn(ctx context.Context, number string) error {
	var session struct{ Token string }
	if a := p.ask(ctx, "POST", "/session", "", map[string]string{"code": "dev-" + p.name}); !a.good() || a.into(&session) != nil {
		return fmt.Errorf("sign-in: status %d %s", a.status, a.code)
	}
	p.token = session.Token
	var bound struct{ Rooms []struct{ ID string } }
	if a := p.ask(ctx, "POST", "/phone", "", map[string]string{"code": "phone-" + number}); !a.good() || a.into(&bound) != nil {
		return fmt.Errorf("telephone number: status %d %s", a.status, a.code)
	}
	for _, r := range bound.Rooms {
		p.rooms = append(p.rooms, r.ID)
	}
	return nil
}

// debt is an open bill as the phone shows it.
type debt struct {
	ID     string `json:"id"`
	DueFen int64  `json:"due_fen"`
}

// arrears returns what the room owes, or nil if there was no answer.
func (p *phone) arrears(ctx context.Context, room string) []debt {
	var out struct {
		Bills []debt `json:"bills"`
	}
	if a := p.ask(ctx, "GET", "/rooms/"+room+"/arrears", "", nil); !a.good() || a.into(&out) != nil {
		return nil
	}
	return out.Bills
}

// placed is an order that the phone may pay.
type placed struct {
	Order struct {
		No     string `json:"no"`
		Status string `json:"status"`
	} `json:"order"`
	PayParams struct {
		TimeStamp string `json:"timeStamp"`
		NonceStr  string `json:"nonceStr"`
		Package   string `json:"package"`
		SignType  string `json:"signType"`
		PaySign   string `json:"paySign"`
	} `json:"pay_params"`
}

// order places an order. It returns nil if there is none, because of a fault or a refusal.
func (p *phone) order(ctx context.Context, room string, bills []debt, prepay int64) *placed {
	total, ids := prepay, []string{}
	for _, b := range bills {
		total, ids = total+b.DueFen, append(ids, b.ID)
	}
	if total == 0 {
		return nil
	}
	var out placed
	a := p.ask(ctx, "POST", "/orders", p.d.nextKey(), map[string]any{"room_id": room, "bill_ids": ids, "prepay_fen": prepay,
		"expected_total_fen": total})
	if !a.good() || a.into(&out) != nil {
		return nil
	}
	p.d.log.add("orders placed", 1)
	return &out
}

// look reads an order and remembers if it is paid: paid must stay paid.
func (p *phone) look(ctx context.Context, no string) {
	var out struct{ Status string }
	a := p.ask(ctx, "GET", "/orders/"+no, "", nil)
	if a.good() && a.into(&out) == nil && out.Status == "paid" {
		p.d.log.sawPaid(no)
	}
}
