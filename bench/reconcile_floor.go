package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha1"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"wuyepay/models/store"
)

// reconcileFloor is the least work that joins a day. Its arguments are the DSN, the file
// of the bill, the day and the number of rows.
func reconcileFloor(ctx context.Context, args []string) error {
	n, err := strconv.Atoi(args[3])
	if err != nil {
		return err
	}
	bill, err := os.Open(args[1])
	if err != nil {
		return err
	}
	defer bill.Close()
	hash := sha1.New()
	if _, err := io.CopyBuffer(struct{ io.Writer }{hash}, struct{ io.Reader }{bill}, make([]byte, 64<<10)); err != nil {
		return err
	}
	ours, err := streamOrders(ctx, args[0], args[2])
	if err != nil {
		return err
	}
	if _, err := bill.Seek(0, io.SeekStart); err != nil {
		return err
	}
	found, rows, err := joinBill(bill, ours)
	if err != nil {
		return err
	}
	if rows != n || found != n-missingRows || found != len(ours) {
		return fmt.Errorf("%d rows, %d found, %d ours: not what was put in", rows, found, len(ours))
	}
	return nil
}

// paid is a payment as the floor keeps it.
type paid struct {
	transaction string
	amount      int64
}

func streamOrders(ctx context.Context, dsn, on string) (map[string]paid, error) {
	db, err := openRaw(store.Config{Driver: "mysql", DSN: dsn})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	st, err := db.PrepareContext(ctx, "SELECT order_no, transaction_id, amount_fen FROM payments WHERE merchant = ? AND paid_on = ? "+
		"AND channel = 'wechat'")
	if err != nil {
		return nil, err
	}
	defer st.Close()
	rows, err := st.QueryContext(ctx, merchantName, on)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	ours := map[string]paid{}
	for rows.Next() {
		var no string
		var p paid
		if err := rows.Scan(&no, &p.transaction, &p.amount); err != nil {
			return nil, err
		}
		ours[no] = p
	}
	return ours, rows.Err()
}

// joinBill splits the rows at the backticks and looks up each order.
func joinBill(bill io.Reader, ours map[string]paid) (found, rows int, err error) {
	const transactionAt, orderAt, amountAt = 5, 6, 24
	in := bufio.NewReaderSize(bill, 256<<10)
	fields := make([][]byte, 0, 32)
	if _, err := in.ReadSlice('\n'); err != nil {
		return 0, 0, err
	}
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return 0, 0, errors.Join(err, errors.New("no summary"))
		}
		if line[0] != '`' {
			return found, rows, nil
		}
		rows++
		fields = fields[:0]
		for rest, more := line[1:], true; more; {
			var field []byte
			field, rest, more = bytes.Cut(rest, []byte(",`"))
			fields = append(fields, field)
		}
		p, ok := ours[string(fields[orderAt])]
		amount := bytes.ReplaceAll(fields[amountAt], []byte("."), nil)
		fen, err := strconv.ParseInt(string(amount), 10, 64)
		if err != nil {
			return 0, 0, err
		}
		if ok && p.amount == fen && p.transaction == string(fields[transactionAt]) {
			found++
		}
	}
}

// threeWayFloor is the least work that reads both of WeChat's bills: it computes the
// SHA-1 of each, splits each row and reads its amounts. Its arguments are the two files
// and the number of rows in both.
func threeWayFloor(_ context.Context, args []string) error {
	n, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	rows := 0
	for i, amounts := range [][]int{{12, 22, 24}, {6, 7}} {
		some, err := readBill(args[i], amounts)
		if err != nil {
			return err
		}
		rows += some
	}
	if rows != n {
		return fmt.Errorf("%d rows: not what was put in", rows)
	}
	return nil
}

// readBill hashes a bill and splits its rows.
func readBill(path string, amounts []int) (rows int, err error) {
	bill, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer bill.Close()
	hash := sha1.New()
	if _, err := io.CopyBuffer(struct{ io.Writer }{hash}, struct{ io.Reader }{bill}, make([]byte, 64<<10)); err != nil {
		return 0, err
	}
	if _, err := bill.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	in := bufio.NewReaderSize(bill, 256<<10)
	fields := make([][]byte, 0, 32)
	if _, err := in.ReadSlice('\n'); err != nil {
		return 0, err
	}
	var sum int64
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return 0, errors.Join(err, errors.New("no summary"))
		}
		if line[0] != '`' {
			if sum == 0 {
				return 0, errors.New("nothing was read")
			}
			return rows, nil
		}
		rows++
		fields = fields[:0]
		for rest, more := line[1:], true; more; {
			var field []byte
			field, rest, more = bytes.Cut(rest, []byte(",`"))
			fields = append(fields, field)
		}
		for _, at := range amounts {
			fen, err := strconv.ParseInt(string(bytes.ReplaceAll(fields[at], []byte("."), nil)), 10, 64)
			if err != nil {
				return 0, err
			}
			sum += fen
		}
	}
}
