package reconcile

import (
	"context"
	"errors"

	"wuyepay/models"
	"wuyepay/payment"
	"wuyepay/payment/wechatpay"
)

// fetching is a bill that is being downloaded. For a large day each download takes
// seconds, mostly of unpacking, and both run while our own books are read.
//
// The fields below ended are written before it is closed, and read only after.
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

// fetch starts to download a bill and returns at once. The caller must call drop, also
// after an error: the file of a trade bill holds personal data.
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

// wait returns the bill once it is there. Without a bill and without an error, the state
// of a fund-flow bill is the reason; a trade bill has no state. The file is closed by
// drop.
func (f *fetching[F]) wait() (file F, state string, err error) {
	<-f.ended
	return f.file, f.state, f.err
}

// drop ends the download, if it is still under way, and removes the file. It returns
// after the download has ended, so that no file appears later.
func (f *fetching[F]) drop() {
	f.cancel()
	<-f.ended
	var none F
	if f.file != none {
		_ = f.file.Close()
	}
}

// tradeBill downloads the trade bill of a day in Asia/Shanghai. It returns nil without
// an error for a day without trade, and [payment.ErrBillCreating] while WeChat is still
// making the bill, which may be ready half an hour later.
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
