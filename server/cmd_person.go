package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// person is the member of staff in whose name a command acts: the password comes on
// standard input. What two people have to do stays with two people that way, also by
// command.
func person(ctx context.Context, term terminal, db *store.DB, username string) (office.Staff, error) {
	raw, err := io.ReadAll(io.LimitReader(term.in, 1024))
	if err != nil {
		return office.Staff{}, err
	}
	return office.Authenticate(ctx, db, username, strings.TrimRight(string(raw), "\r\n"), "")
}

// yuanFlag reads an amount in yuan with at most two decimals.
func yuanFlag(name, text string) (models.Fen, error) {
	plain := len(text) <= 20 && strings.Trim(text, "0123456789.") == "" // no signs, no exponents
	d, err := decimal.NewFromString(text)
	if !plain || err != nil || !d.Equal(d.Truncate(2)) {
		return 0, fmt.Errorf("%w: --%s wants yuan, such as 500 or 500.00", errUsage, name)
	}
	fen, err := models.RoundFen(d)
	if err != nil {
		return 0, fmt.Errorf("%w: --%s: %w", errUsage, name, err)
	}
	return fen, nil
}

// dayFlag reads a day.
func dayFlag(name, text string) (models.Date, error) {
	day, err := models.ParseDate(text)
	if err != nil {
		return 0, fmt.Errorf("%w: --%s wants YYYY-MM-DD", errUsage, name)
	}
	return day, nil
}
