package pay_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/services/refunddomestic"
	"github.com/wechatpay-apiv3/wechatpay-go/utils"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

func TestSDKRefundFromProcessingToSuccess(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{})
	h := sandboxtest.NewHost(t, s, "main")
	service := refunddomestic.RefundsApiService{Client: sandboxtest.SDK(t, s)}
	paid := sandboxtest.PayOrder(t, s, "PF000001", 12345)
	request := sandboxtest.RefundOf("PF000001", "RF@1", 2345, 12345, h.URL)
	got, _, err := service.Create(t.Context(), request)
	if err != nil || *got.Status != "PROCESSING" || *got.TransactionId != paid.TransactionID {
		t.Fatalf("refund = %v, %v", got, err)
	}
	// The same number is the same refund, not a second one.
	again, _, err := service.Create(t.Context(), request)
	if err != nil || *again.RefundId != *got.RefundId {
		t.Fatalf("repeated refund = %v, %v", again, err)
	}
	if err := s.FinishRefund("RF@1", sandbox.RefundSuccess); err != nil {
		t.Fatal(err)
	}
	sandboxtest.Drain(t, s)
	query, _, err := service.QueryByOutRefundNo(t.Context(), refunddomestic.QueryByOutRefundNoRequest{OutRefundNo: core.String("RF@1")})
	if err != nil || *query.Status != "SUCCESS" || query.SuccessTime == nil || *query.Amount.Refund != 2345 {
		t.Errorf("refund query = %v, %v", query, err)
	}
	order, err := s.Order("PF000001")
	if err != nil || order.State != sandbox.Refunded || order.RefundedFen != 2345 || order.FeeFen != 74 || order.FeeReturnedFen != 14 {
		t.Errorf("order = %+v, %v; want REFUND, 2345 refunded, fee 74 of which 14 back", order, err)
	}
	if good, bad := h.Counts(); good != 1 || bad != 0 {
		t.Fatalf("refund notifications: %d good, %d bad", good, bad)
	}
	// The plaintext says refund_status and has none of the query's own fields.
	r := h.Good[0].Resource
	plain, err := utils.DecryptAES256GCM(sandboxtest.KeysOf(t, s, "main").APIv3Key, r.AssociatedData, r.Nonce, r.Ciphertext)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal([]byte(plain), &fields); err != nil {
		t.Fatal(err)
	}
	if fields["refund_status"] != "SUCCESS" || fields["status"] != nil || fields["channel"] != nil ||
		fields["create_time"] != nil || h.Good[0].EventType != "REFUND.SUCCESS" {
		t.Errorf("refund notification = %s", plain)
	}
}

func TestRefundLimits(t *testing.T) {
	t.Parallel()
	c := sandboxtest.NewClock("2026-03-15 10:00")
	s := sandboxtest.Start(t, sandbox.Config{Now: c.Now})
	service := refunddomestic.RefundsApiService{Client: sandboxtest.SDK(t, s)}
	sandboxtest.PayOrder(t, s, "PF000001", 1000)
	sandboxtest.PayOrder(t, s, "PF000002", 1000)
	sandboxtest.Place(t, s, "OPEN0001", 1000, sandboxtest.Nowhere)
	steps := []struct {
		name    string
		request refunddomestic.CreateRequest
		wait    time.Duration
		code    string
	}{
		{"unpaid order", sandboxtest.RefundOf("OPEN0001", "R1", 1, 1000, sandboxtest.Nowhere), 0, "INVALID_REQUEST"},
		{"no such order", sandboxtest.RefundOf("NOBODY01", "R1", 1, 1000, sandboxtest.Nowhere), 0, "RESOURCE_NOT_EXISTS"},
		{"wrong total", sandboxtest.RefundOf("PF000001", "R1", 1, 999, sandboxtest.Nowhere), 0, "INVALID_REQUEST"},
		{"more than paid", sandboxtest.RefundOf("PF000001", "R1", 1001, 1000, sandboxtest.Nowhere), 0, "INVALID_REQUEST"},
		{"nothing", sandboxtest.RefundOf("PF000001", "R1", 0, 1000, sandboxtest.Nowhere), 0, "PARAM_ERROR"},
		{"first", sandboxtest.RefundOf("PF000001", "R1", 600, 1000, sandboxtest.Nowhere), 0, ""},
		{"same number, other amount", sandboxtest.RefundOf("PF000001", "R1", 500, 1000, sandboxtest.Nowhere), 0, "INVALID_REQUEST"},
		{"same number, other order", sandboxtest.RefundOf("PF000002", "R1", 600, 1000, sandboxtest.Nowhere), 0, "INVALID_REQUEST"},
		{"within a minute", sandboxtest.RefundOf("PF000001", "R2", 100, 1000, sandboxtest.Nowhere), 59 * time.Second, "FREQUENCY_LIMITED"},
		{"more than is left", sandboxtest.RefundOf("PF000001", "R2", 401, 1000, sandboxtest.Nowhere), time.Second, "INVALID_REQUEST"},
		{"the rest", sandboxtest.RefundOf("PF000001", "R2", 400, 1000, sandboxtest.Nowhere), 0, ""},
		{"after a year", sandboxtest.RefundOf("PF000002", "R3", 1, 1000, sandboxtest.Nowhere), 366 * 24 * time.Hour, "INVALID_REQUEST"},
	}
	for _, step := range steps {
		c.Add(step.wait)
		_, _, err := service.Create(t.Context(), step.request)
		if step.code == "" && err != nil {
			t.Errorf("%s: %v", step.name, err)
		}
		if step.code != "" {
			if code := sandboxtest.APICode(t, err); code != step.code {
				t.Errorf("%s: %s, want %s", step.name, code, step.code)
			}
		}
	}
	order, err := s.Order("PF000001")
	if err != nil || order.RefundedFen != 1000 || order.FeeReturnedFen != order.FeeFen {
		t.Errorf("fully refunded order = %+v, %v; want the whole fee back", order, err)
	}
}

func TestFiftyRefundsAtMost(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{RefundSpacing: -1})
	service := refunddomestic.RefundsApiService{Client: sandboxtest.SDK(t, s)}
	sandboxtest.PayOrder(t, s, "PF000001", 1000)
	for i := range 50 {
		request := sandboxtest.RefundOf("PF000001", fmt.Sprint("R", i), 1, 1000, sandboxtest.Nowhere)
		if _, _, err := service.Create(t.Context(), request); err != nil {
			t.Fatalf("refund %d: %v", i, err)
		}
	}
	_, _, err := service.Create(t.Context(), sandboxtest.RefundOf("PF000001", "R50", 1, 1000, sandboxtest.Nowhere))
	if code := sandboxtest.APICode(t, err); code != "INVALID_REQUEST" {
		t.Errorf("51st refund: %s, want INVALID_REQUEST", code)
	}
}

func TestClosedRefundFreesItsAmount(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{RefundSpacing: -1})
	service := refunddomestic.RefundsApiService{Client: sandboxtest.SDK(t, s)}
	sandboxtest.PayOrder(t, s, "PF000001", 1000)
	for i, status := range []sandbox.RefundStatus{sandbox.RefundClosed, sandbox.RefundAbnormal} {
		no := fmt.Sprint("R", i)
		if _, _, err := service.Create(t.Context(), sandboxtest.RefundOf("PF000001", no, 1000, 1000, sandboxtest.Nowhere)); err != nil {
			t.Fatal(err)
		}
		if err := s.FinishRefund(no, status); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.FinishRefund("R0", sandbox.RefundSuccess); err == nil {
		t.Error("a closed refund was decided again")
	}
	if err := s.FinishRefund("R1", sandbox.RefundSuccess); err != nil {
		t.Errorf("an abnormal refund could not be settled: %v", err)
	}
	if err := s.FinishRefund("R9", sandbox.RefundSuccess); !errors.Is(err, sandbox.ErrNotFound) {
		t.Errorf("unknown refund: %v, want ErrNotFound", err)
	}
}

func TestRefundSettlesByItself(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{RefundAfter: time.Millisecond})
	h := sandboxtest.NewHost(t, s, "main")
	sandboxtest.PayOrder(t, s, "PF000001", 1000)
	service := refunddomestic.RefundsApiService{Client: sandboxtest.SDK(t, s)}
	if _, _, err := service.Create(t.Context(), sandboxtest.RefundOf("PF000001", "R1", 1000, 1000, h.URL)); err != nil {
		t.Fatal(err)
	}
	<-h.Received
	if r, err := s.Refund("R1"); err != nil || r.Status != sandbox.RefundSuccess {
		t.Errorf("refund = %+v, %v", r, err)
	}
}
