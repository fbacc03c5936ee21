package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// verdict is the result of the proof.
type verdict struct {
	proven    bool
	payments  int64
	sumFen    int64
	lost      int64 // paid at WeChat and not booked
	doubled   int64 // booked more often than paid
	different int64 // booked with other figures than paid
	untrue    int64 // a callback answered with success, or a phone saw "paid", and not booked
	first     string

	refunds, refundFen int64
	desk, deskFen      int64
}

func (v *verdict) fault(count *int64, format string, args ...any) {
	if *count++; v.first == "" {
		v.first = fmt.Sprintf(format, args...)
	}
}

// booking is what our books have for an order.
type booking struct {
	transaction string
	amount      int64
}

// prove compares our books with themselves and with WeChat's.
func (d *drill) prove(ctx context.Context) error {
	if out, err := d.bed.servers[0].run(ctx, "check"); err != nil {
		lines := strings.Split(strings.TrimSpace(out), "\n")
		return fmt.Errorf("%w\n%s", err, strings.Join(lines[:min(len(lines), 20)], "\n"))
	}
	raw, err := d.bed.raw()
	if err != nil {
		return err
	}
	defer raw.Close()
	ours, err := d.booked(ctx, raw)
	if err != nil {
		return err
	}
	v := &d.result
	var theirSum int64
	for t := range d.bed.box.Books() {
		list := ours[t.OutTradeNo]
		delete(ours, t.OutTradeNo)
		if t.TransactionID == "" {
			for range list {
				v.fault(&v.doubled, "order %s is booked and was never paid", t.OutTradeNo)
			}
			continue
		}
		theirSum += t.TotalFen
		d.proveOrder(t.OutTradeNo, t.TransactionID, t.TotalFen, list)
	}
	for no := range ours {
		v.fault(&v.doubled, "order %s is booked and unknown at WeChat", no)
	}
	if theirSum != v.sumFen {
		v.fault(&v.different, "sums: ours %d, WeChat's %d", v.sumFen, theirSum)
	}
	if err := errors.Join(d.proveRefunds(ctx, raw), d.proveDesk(ctx, raw)); err != nil {
		return err
	}
	v.proven = true
	if v.lost+v.doubled+v.different+v.untrue > 0 {
		return errors.New("the books do not agree: " + v.first)
	}
	return nil
}

// proveOrder compares one order paid at WeChat with what is booked for it, and with what
// was answered about it meanwhile.
func (d *drill) proveOrder(no, transaction string, amount int64, list []booking) {
	v := &d.result
	switch {
	case len(list) == 0:
		v.fault(&v.lost, "order %s is paid at WeChat and not booked", no)
		for _, a := range d.bed.box.Attempts(no) {
			if a.Status/100 == 2 {
				v.fault(&v.untrue, "order %s: its callback was answered %d", no, a.Status)
			}
		}
		if d.log.paid[no] {
			v.fault(&v.untrue, "order %s: a phone saw it as paid", no)
		}
	case len(list) > 1:
		v.fault(&v.doubled, "order %s is booked %d times", no, len(list))
	case list[0].transaction != transaction || list[0].amount != amount:
		v.fault(&v.different, "order %s: booked %s %d, WeChat has %s %d", no, list[0].transaction, list[0].amount, transaction, amount)
	}
}

// booked reads our payments by order, with SQL of its own.
func (d *drill) booked(ctx context.Context, raw *sql.DB) (map[string][]booking, error) {
	rows, err := raw.QueryContext(ctx, "SELECT order_no, transaction_id, amount_fen FROM payments WHERE channel = 'wechat'")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string][]booking{}
	for rows.Next() {
		var no string
		var b booking
		if err := rows.Scan(&no, &b.transaction, &b.amount); err != nil {
			return nil, err
		}
		out[no] = append(out[no], b)
		d.result.payments++
		d.result.sumFen += b.amount
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for what, query := range map[string]string{
		"orders closed":                 "SELECT COUNT(*) FROM orders WHERE status = 'closed'",
		"payments with surplus":         "SELECT COUNT(*) FROM payments WHERE surplus_fen > 0",
		"payments learned by callback":  "SELECT COUNT(*) FROM payments WHERE source = 'callback'",
		"payments learned by query":     "SELECT COUNT(*) FROM payments WHERE source = 'query'",
		"payments learned by reconcile": "SELECT COUNT(*) FROM payments WHERE source = 'reconcile'",
		"pieces of evidence":            "SELECT COUNT(*) FROM evidence",
	} {
		var n int64
		if err := raw.QueryRowContext(ctx, query).Scan(&n); err != nil {
			return nil, err
		}
		d.log.set(what, n)
	}
	return out, nil
}
