package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/option"
	"github.com/wechatpay-apiv3/wechatpay-go/services/payments"
	"github.com/wechatpay-apiv3/wechatpay-go/services/payments/jsapi"
	"github.com/wechatpay-apiv3/wechatpay-go/services/refunddomestic"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

// cashier is the least a host must do to be right under faults: repeat word
// for word until the answer is known, and believe only what is verified.
type cashier struct {
	t       *testing.T
	pay     jsapi.JsapiApiService
	refunds refunddomestic.RefundsApiService
}

// until repeats a call while its outcome is unknown.
func (c *cashier) until(what string, call func(ctx context.Context) error) {
	limit := 50 * time.Millisecond
	for range 200 {
		ctx, cancel := context.WithTimeout(c.t.Context(), limit)
		limit = min(limit*3/2, time.Minute) // where all is slow, more
		err := call(ctx)
		cancel()
		var api *core.APIError
		if err == nil || errors.As(err, &api) && api.StatusCode < 429 && api.StatusCode >= 400 {
			if err != nil {
				c.t.Errorf("%s: %v", what, err)
			}
			return
		}
	}
	c.t.Errorf("%s: no answer after 200 tries", what)
}

// Under a bad day on every route a careful host and the sandbox still agree
// to the fen: every order placed once, paid once, refunded once.
func TestDrillAgreesToTheFen(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{RefundSpacing: -1})
	h := sandboxtest.NewHost(t, s, "main")
	if err := s.InjectProfile(20261121, 0.1); err != nil {
		t.Fatal(err)
	}
	const workers, each = 4, 15
	ours := make(map[string]int64)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for w := range workers {
		c := cashier{t: t, pay: jsapi.JsapiApiService{Client: sandboxtest.SDK(t, s)}}
		c.refunds = refunddomestic.RefundsApiService{Client: c.pay.Client}
		wg.Go(func() {
			for i := range each {
				no, fen := fmt.Sprintf("DRILL%d%04d", w, i), int64(100+i)
				request := sandboxtest.OrderOf(t, s, no, fen, h.URL)
				c.until("prepay", func(ctx context.Context) error {
					_, _, err := c.pay.Prepay(ctx, request)
					return err
				})
				if _, err := s.Pay(no); err != nil {
					t.Errorf("pay %s: %v", no, err)
				}
				var got *payments.Transaction
				c.until("query", func(ctx context.Context) (err error) {
					got, _, err = c.pay.QueryOrderByOutTradeNo(ctx,
						jsapi.QueryOrderByOutTradeNoRequest{OutTradeNo: request.OutTradeNo, Mchid: request.Mchid})
					return err
				})
				net := *got.Amount.Total
				if i%3 == 0 {
					c.until("refund", func(ctx context.Context) error {
						_, _, err := c.refunds.Create(ctx, sandboxtest.RefundOf(no, "R"+no, 30, fen, h.URL))
						return err
					})
					net -= 30
				}
				mu.Lock()
				ours[no] = net
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	sandboxtest.Drain(t, s)
	var orders int
	for b := range s.Books() {
		orders++
		if net := b.TotalFen - b.RefundedFen; ours[b.OutTradeNo] != net {
			t.Errorf("%s: ours %d fen, theirs %d fen", b.OutTradeNo, ours[b.OutTradeNo], net)
		}
	}
	if orders != workers*each {
		t.Errorf("%d orders in the books, want %d", orders, workers*each)
	}
	var struck int
	for _, f := range s.Faults() {
		struck += f.Hits
	}
	if struck == 0 {
		t.Error("no fault struck: the drill proves nothing")
	}
}

// BenchmarkPayment is one payment with its notification, as a host sees it.
func BenchmarkPayment(b *testing.B) {
	s := sandboxtest.Start(b, sandbox.Config{})
	h := sandboxtest.NewHost(b, s, "main")
	k := sandboxtest.KeysOf(b, s, "main")
	client, err := core.NewClient(b.Context(),
		option.WithWechatPayPublicKeyAuthCipher(k.MchID, k.CertificateSerial, k.Key, k.PublicKeyID, k.Pub),
		option.WithHTTPClient(sandboxtest.RedirectTo(b, s)))
	if err != nil {
		b.Fatal(err)
	}
	service := jsapi.JsapiApiService{Client: client}
	var n int
	var mu sync.Mutex
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			mu.Lock()
			n++
			no := fmt.Sprintf("BENCH%08d", n)
			mu.Unlock()
			if _, _, err := service.Prepay(b.Context(), sandboxtest.OrderOf(b, s, no, 100, h.URL)); err != nil {
				b.Error(err)
			}
			if _, err := s.Pay(no); err != nil {
				b.Error(err)
			}
			<-h.Received
		}
	})
	b.StopTimer()
	sandboxtest.Drain(b, s)
}
