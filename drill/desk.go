package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
)

// desk takes money for a household at the desk, for whole bills or as a sum.
func (w *worker) desk(s step) error {
	h := w.d.homes[s.household]
	key := w.d.nextKey()
	form := url.Values{"form_key": {key}, "channel": {[]string{"cash", "card", "transfer", "alipay", "cheque"}[s.pick(3, 5)]},
		"voucher": {key},
		"paid_on": {w.d.bed.clock.today().String()}, "note": {"演练"}, "do": {"book"}}
	if s.chance[4] < 0.5 {
		form.Set("amount", yuan(int64(100+s.pick(5, 30_000))))
	} else {
		total := int64(0)
		for _, b := range s.some(h.phones[0].arrears(w.ctx, h.room)) {
			form.Add("bill", b.ID)
			total += b.DueFen
		}
		if total == 0 {
			return nil
		}
		form.Set("shown", yuan(total))
	}
	w.d.log.deskKey(key, false)
	taken := w.d.cashier.post(w.ctx, "/staff/rooms/"+h.room+"/desk", form)
	if !taken.done() {
		return nil // paid meanwhile, or held by an order; without an answer it may be booked all the same
	}
	w.d.log.deskKey(key, true)
	w.d.log.add("payments taken at the desk", 1)
	if s.chance[2] < 0.2 { // the form is sent again
		again := w.d.cashier.once(w.ctx, http.MethodPost, "/staff/rooms/"+h.room+"/desk", form)
		if again.done() && again.to != taken.to {
			return fmt.Errorf("a form was booked twice: %s and %s", taken.to, again.to)
		}
	}
	if s.chance[2] > 0.85 {
		if w.d.finance.post(w.ctx, taken.to+"/reverse", url.Values{"reason": {"演练冲正"}}).done() {
			w.d.log.add("desk payments reversed", 1)
		}
	}
	return nil
}

// dayForm matches the form of an open line of 日结.
var dayForm = regexp.MustCompile(
	`name="on" value="([^"]+)">` +
		`<input type="hidden" name="community" value="([^"]+)">` +
		`<input type="hidden" name="staff" value="([^"]+)">` +
		`<input type="hidden" name="channel" value="([^"]+)">` +
		`<input type="hidden" name="shown" value="([^"]+)"`)

// closeDays closes the desk of all past days: it enters the money as counted, which locks
// the day.
func (d *drill) closeDays(ctx context.Context) error {
	for _, day := range d.pastDays() {
		for _, m := range dayForm.FindAllStringSubmatch(d.cashier.get(ctx, "/staff/dayclose?on="+day.String()).body, -1) {
			p := d.cashier.post(ctx, "/staff/dayclose", url.Values{"on": {m[1]}, "community": {m[2]}, "staff": {m[3]}, "channel": {m[4]},
				"shown": {m[5]}, "counted": {m[5]}})
			if !p.done() {
				return fmt.Errorf("the desk's day %s cannot be closed: status %d", day, p.status)
			}
			d.log.add("desk days closed", 1)
		}
	}
	return nil
}

// proveDesk proves that every form that was answered as booked is in the books once, and
// that the books have no form that was never sent.
func (d *drill) proveDesk(ctx context.Context, raw *sql.DB) error {
	rows, err := raw.QueryContext(ctx, "SELECT e.form_key, p.amount_fen FROM desk_entries e JOIN payments p ON p.id = e.payment_id")
	if err != nil {
		return err
	}
	defer rows.Close()
	v, found := &d.result, map[string]int{}
	for rows.Next() {
		var key string
		var amount int64
		if err := rows.Scan(&key, &amount); err != nil {
			return err
		}
		if found[key]++; found[key] > 1 {
			v.fault(&v.doubled, "form %s of the desk is booked twice", key)
		}
		if _, sent := d.log.forms[key]; !sent {
			v.fault(&v.doubled, "form %s of the desk was never sent", key)
		}
		v.desk++
		v.deskFen += amount
	}
	for key, booked := range d.log.forms {
		if booked && found[key] == 0 {
			v.fault(&v.lost, "form %s of the desk was answered as booked, and is not in the books", key)
		}
	}
	return rows.Err()
}
