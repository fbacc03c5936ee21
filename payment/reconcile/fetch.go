package reconcile

import (
	"context"
	"errors"

	"wuyepay/models"
	"wuyepay/payment"
	"wuyepay/payment/wechatpay"
)

// fetching is a bill on its way: of a large day each download takes seconds, mostly
// of unpacking, and both go on beside the reading of our own books.
type fetching[F interface {
	comparable
	Close() error
}] struct {
	cancel context.CancelFunc
	ended  chan struct{}
	file   F
	state  string
	err    error
}

// fetch begins to get a bill. Anyone who calls it drops it.
func fetch[F interface {
	comparable
	Close() error
}](ctx context.Context, get func(ctx context.Context) (file F, state string, err error)) *fetching[F] {
	ctx, cancel := context.WithCancel(ctx)
	f := &fetching[F]{cancel: cancel, ended: make(chan struct{})}
	go func() {
		defer close(f.ended)
		f.file, f.state, f.err = get(ctx)
	}()
	return f
}

// wait returns the bill; without one the state says why.
func (f *fetching[F]) wait() (file F, state string, err error) {
	<-f.ended
	return f.file, f.state, f.err
}

// drop ends the download, if it is still under way, and removes the file.
func (f *fetching[F]) drop() {
	f.cancel()
	<-f.ended
	var none F
	if f.file != none {
		_ = f.file.Close()
	}
}

// tradeBill gets the trade bill of a day; nil without an error is a day without
// trade.
func tradeBill(ctx context.Context, m *payment.Merchant, on models.Date) (*wechatpay.BillFile, string, error) {
	bill, err := m.Client.TradeBill(ctx, on.String())
	switch {
	case errors.Is(err, wechatpay.ErrNoStatement):
		return nil, "", nil
	case errors.Is(err, wechatpay.ErrStatementCreating):
		return nil, "", payment.ErrBillCreating
	}
	return bill, "", err
}
