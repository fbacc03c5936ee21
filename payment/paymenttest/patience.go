package paymenttest

import (
	"context"
	"time"
)

const (
	// phoneWaits is how long the phone waits for any answer.
	PhoneWaits = 10 * time.Second
	// hangs is when a test is given up: nothing takes so long, however slow the
	// machine is, unless it waits for what never comes.
	Hangs = 10 * time.Minute
)

// Patient waits for WeChat as long as it takes.
func Patient(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, Hangs)
}
