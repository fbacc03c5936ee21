package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"syscall"
	"time"

	"wuyepay/models"
	"wuyepay/models/store"
	"wuyepay/sandbox"
)

const (
	// signsOfOrder is the number of signatures of an order: one for the request to
	// WeChat, one for the phone's parameters.
	signsOfOrder = 2
	// orderWorkers is enough to keep the processors busy. More only wait for each other
	// and cool the caches; docs/performance.md has figures of 32, too.
	orderWorkers = 8
)

// measureOrder measures the processor time that the server spends on an order. The share
// outside RSA comes from a CPU profile of the server. The number of signatures is their
// time divided by that of one. WeChat is the sandbox in this process, so that its own
// signatures do not count.
func measureOrder(ctx context.Context, b *bed, opt options) (rows []row, err error) {
	n := opt.pick(800, 300)
	box, err := b.startSandbox(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, box.Close()) }()
	cfg, err := b.database(ctx, "mysql", "order")
	if err != nil {
		return nil, err
	}
	cfg.DSN = b.beside(cfg.DSN)
	requests, err := orderRequests(ctx, cfg, box.OpenID("bench"), opt.rounds*n)
	if err != nil {
		return nil, err
	}
	profile := filepath.Join(b.dir, "order.pprof")
	server, err := b.startServer(ctx, cfg, box.URL(), "CPUPROFILE="+profile)
	if err != nil {
		return nil, err
	}
	var turns []orderTurn
	counts, err := b.count(func() (err error) {
		turns, err = orderTurns(b, server, requests, n)
		return err
	})
	if err := errors.Join(err, server.stop()); err != nil {
		return nil, err
	}
	if err := proveBooks(ctx, cfg); err != nil {
		return nil, err
	}
	total, signing, err := profiled(ctx, b.binary, profile, "crypto/rsa.SignPKCS1v15")
	if err != nil {
		return nil, err
	}
	orders := float64(len(requests))
	ms := func(s float64) string { return fmt.Sprintf("%.2f ms", s*1000) }
	one := median(turns, func(t orderTurn) float64 { return t.sign })
	signs := signing.Seconds() / orders / one
	calls := float64(box.Calls(sandbox.RoutePrepay)) / orders
	return []row{
		atMost("creating an order: share of CPU that is not RSA signing", ms(total.Seconds()/orders), ms(signing.Seconds()/orders),
			1-signing.Seconds()/total.Seconds(), 0.25),
		// A third signature would make 3. Other work cools the caches, which adds some percent.
		atMost("creating an order: signatures, by their CPU", fmt.Sprintf("%.1f", signs), fmt.Sprint(signsOfOrder), signs/signsOfOrder,
			1.25),
		atMost("creating an order: signed calls to WeChat", fmt.Sprintf("%.2f", calls), "1", calls, 1),
		forContext("creating an order: CPU by the system's count, against two signatures alone",
			ms(median(turns, func(t orderTurn) float64 { return t.order })), ms(one*signsOfOrder),
			median(turns, func(t orderTurn) float64 { return t.order / t.sign / signsOfOrder })),
		forContext("statements of an order", fmt.Sprintf("%.1f", float64(counts[0])/orders), "", float64(counts[0])/orders),
	}, nil
}

// startSandbox runs the sandbox with the keys of the bed.
func (b *bed) startSandbox(ctx context.Context) (*sandbox.Server, error) {
	return sandbox.Start(ctx, sandbox.Config{AppID: appID, AppSecret: "bench",
		Merchants: []sandbox.Merchant{{Name: merchantName, MchID: mchID,
			CertificateSerial: certSerial, PrivateKeyPEM: string(privatePEM(b.merchant)), APIv3Key: apiV3Key, PublicKeyID: publicKeyID,
			PublicKeyPEM: string(publicPEM(&b.platform.PublicKey)), PlatformKeyPEM: string(privatePEM(b.platform))}}})
}

// orderTurn is the processor time of a round in seconds: of an order, and of one
// signature that is made right after.
type orderTurn struct{ order, sign float64 }

func orderTurns(b *bed, server *process, requests [][]byte, n int) ([]orderTurn, error) {
	var turns []orderTurn
	for ; len(requests) > 0; requests = requests[n:] {
		var t orderTurn
		before, err := server.cpu()
		if err != nil {
			return nil, err
		}
		if _, err = post(server.address, orderWorkers, requests[:n], http.StatusCreated); err != nil {
			return nil, err
		}
		after, err := server.cpu()
		if err != nil {
			return nil, err
		}
		t.order = (after - before).Seconds() / float64(n)
		begun := ownCPU()
		if _, err = hammer(orderWorkers, n, func(int, int) error {
			_, err := sign(b.merchant, "1700000000", "bench", []byte("{}"))
			return err
		}); err != nil {
			return nil, err
		}
		t.sign = (ownCPU() - begun).Seconds() / float64(n)
		turns = append(turns, t)
	}
	return turns, nil
}

// ownCPU returns the processor time that this process has used.
func ownCPU() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // fails only for a wrong argument
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// orderRequests adds rooms with three bills each, and returns the requests that order
// their payment.
func orderRequests(ctx context.Context, cfg store.Config, payer string, n int) (_ [][]byte, err error) {
	db, err := openBooks(cfg)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	w, err := makeWorld(ctx, db, payer)
	if err != nil {
		return nil, err
	}
	homes, err := w.makeHomes(ctx, db, n, billsOfOrder)
	if err != nil {
		return nil, err
	}
	out := make([][]byte, n)
	for i := range homes {
		h := &homes[i]
		var ids []string
		for _, b := range h.bills {
			ids = append(ids, b.ID)
		}
		body, err := json.Marshal(object{"room_id": h.room.ID, "bill_ids": ids, "prepay_fen": 0, "expected_total_fen": h.total()})
		if err != nil {
			return nil, err
		}
		var req bytes.Buffer
		fmt.Fprintf(&req, "POST /api/v1/orders HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\nIdempotency-Key: "+
			"%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
			w.token, models.NewID(), len(body), body)
		out[i] = req.Bytes()
	}
	return out, nil
}
