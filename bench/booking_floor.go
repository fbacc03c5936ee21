package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// bookingFloor books a payment with the least work on the bare driver that writes the
// same rows. One transaction of prepared statements locks the order, updates it and each
// bill, and inserts payment, allocations, journal, audit line and receipt. It computes
// nothing and compares nothing.
type bookingFloor struct {
	db    *sql.DB
	queue *sync.Mutex // SQLite: one writer at a time

	lockOrder, payOrder, payBill, payment, allocations, release, audit, notice *sql.Stmt
	journal                                                                    map[int]*sql.Stmt // by number of lines
}

func newBookingFloor(ctx context.Context, cfg store.Config) (*bookingFloor, error) {
	db, err := openRaw(cfg)
	if err != nil {
		return nil, err
	}
	f := &bookingFloor{db: db, journal: map[int]*sql.Stmt{}}
	lock := " FOR UPDATE"
	if cfg.Driver == "sqlite" {
		f.queue, lock = new(sync.Mutex), ""
	}
	prepare := func(query string) *sql.Stmt {
		st, prepareErr := db.PrepareContext(ctx, query)
		err = errors.Join(err, prepareErr)
		return st
	}
	f.lockOrder = prepare("SELECT status, amount_fen, transaction_id FROM orders WHERE no = ?" + lock)
	f.payOrder = prepare("UPDATE orders SET status = 'paid', transaction_id = ?, paid_at = ?, updated_at = ? WHERE no = ? AND status " +
		"= 'pending'")
	f.payBill = prepare(`UPDATE bills SET status = 'paid', paid_principal_fen = paid_principal_fen + ?, paid_late_fee_fen =
		paid_late_fee_fen + ?, updated_at = ?
		WHERE id = ? AND status = 'unpaid' AND paid_principal_fen = 0 AND paid_late_fee_fen = 0`)
	f.payment = prepare("INSERT INTO payments (id, channel, order_no, transaction_id, merchant, community_id, room_id, user_id, " +
		"amount_fen, surplus_fen, source, paid_at, paid_on, booked_at) VALUES " + values(1, 14))
	f.allocations = prepare("INSERT INTO allocations (id, payment_id, bill_id, room_id, principal_fen, late_fee_fen, effective_on, " +
		"created_at) VALUES " + values(billsOfOrder, 8))
	for n := billsOfOrder; n <= 2*billsOfOrder; n++ {
		f.journal[n] = prepare("INSERT INTO journal (id, booked_at, booked_on, kind, debit, credit, amount_fen, community_id, room_id," +
			" bill_id, payment_id, merchant) VALUES " + values(n, 12))
	}
	f.release = prepare("UPDATE order_lines SET open_bill_id = NULL WHERE order_no = ?")
	f.audit = prepare("INSERT INTO audit (id, at, actor_kind, actor_id, actor_name, action, subject, subject_id, detail, request_id) " +
		"VALUES " + values(1, 10))
	f.notice = prepare(`INSERT INTO notices (id, dedupe, template, step, due_on, user_id, room_id, order_no, due_fen, status, reason,
		tries, next_try_at,
		claimed_by, claimed_until, business_on, created_at, sent_at) VALUES ` + values(1, 18))
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return f, nil
}

func values(rows, width int) string {
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", width), ",") + "),"
	return strings.TrimSuffix(strings.Repeat(one, rows), ",")
}

// book runs the transaction of one payment.
func (f *bookingFloor) book(ctx context.Context, b *booking) error {
	if f.queue != nil {
		f.queue.Lock()
		defer f.queue.Unlock()
	}
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f.write(ctx, tx, b); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func (f *bookingFloor) write(ctx context.Context, tx *sql.Tx, b *booking) error {
	var status, transaction string
	var amount int64
	o := &b.order
	//nolint:sqlclosecheck // the transaction closes it
	if err := in(ctx, tx, f.lockOrder).QueryRowContext(ctx, o.No).Scan(&status, &amount, &transaction); err != nil {
		return err
	}
	now := time.Now().UnixMilli()
	today := models.DateOf(time.Now()).String()
	paymentID := models.NewID()
	if err := f.one(ctx, tx, f.payOrder, b.transaction, now, now, o.No); err != nil {
		return err
	}
	var allocations, journal []any
	lines := 0
	for _, l := range b.lines {
		if err := f.one(ctx, tx, f.payBill, int64(l.PrincipalFen), int64(l.LateFeeFen), now, l.BillID); err != nil {
			return err
		}
		allocations = append(allocations, models.NewID(), paymentID, l.BillID, o.RoomID, int64(l.PrincipalFen), int64(l.LateFeeFen),
			today, now)
		for kind, amount := range map[string]models.Fen{money.JournalPrincipal: l.PrincipalFen, money.JournalLateFee: l.LateFeeFen} {
			if amount == 0 {
				continue
			}
			credit := money.AccountReceivable
			if kind == money.JournalLateFee {
				credit = money.AccountLateFee
			}
			lines++
			journal = append(journal, models.NewID(), now, today, kind, money.AccountWechat, credit, int64(amount), o.CommunityID,
				o.RoomID, l.BillID, paymentID, o.Merchant)
		}
	}
	for _, step := range []struct {
		st   *sql.Stmt
		args []any
	}{
		{f.payment, []any{paymentID, money.ChannelWechat, o.No, b.transaction, o.Merchant, o.CommunityID, o.RoomID, o.UserID,
			int64(o.AmountFen), 0, "callback", now, today, now}},
		{f.allocations, allocations},
		{f.journal[lines], journal},
		{f.release, []any{o.No}},
		{f.audit, []any{models.NewID(), now, "system", "", "wechat-callback", "order.paid", "order", o.No,
			`{"amount_fen":1,"learned_by":"callback","surplus_fen":0}`, models.NewID()}},
		{f.notice, []any{models.NewID(), "payment_received/" + o.No, "payment_received", "payment_received", "", o.UserID, o.RoomID, o.No,
			0, "queued", "", 0, 0, "", 0, today, now, 0}},
	} {
		//nolint:sqlclosecheck // the transaction closes it
		if _, err := in(ctx, tx, step.st).ExecContext(ctx, step.args...); err != nil {
			return err
		}
	}
	return nil
}

// in returns a prepared statement for use in the transaction, which closes it.
func in(ctx context.Context, tx *sql.Tx, st *sql.Stmt) *sql.Stmt { return tx.StmtContext(ctx, st) }

// one runs a guarded update that must change one row.
func (f *bookingFloor) one(ctx context.Context, tx *sql.Tx, st *sql.Stmt, args ...any) error {
	//nolint:sqlclosecheck // the transaction closes it
	res, err := in(ctx, tx, st).ExecContext(ctx, args...)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return fmt.Errorf("a guard let %d rows through: %w", n, err)
	}
	return nil
}
