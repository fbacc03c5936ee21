package mini_test

import (
	"testing"
	"time"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

func TestAppFaults(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Config{})
	mp, _ := sandboxtest.MiniProgram(t, s, true)
	if err := s.GrantSubscription(s.OpenID("wang"), s.Credentials().Templates["overdue"], 9); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		fault  sandbox.Fault
		code   int64
		effect bool
	}{
		{sandbox.Fault{Kind: sandbox.FaultSystemError}, -1, false},
		{sandbox.Fault{Kind: sandbox.FaultSystemErrorAfter}, -1, true},
		{sandbox.Fault{Kind: sandbox.FaultFrequency}, 45009, false},
		{sandbox.Fault{Kind: sandbox.FaultError, ErrCode: 43108}, 43108, false},
		{sandbox.Fault{Kind: sandbox.FaultBadGateway}, 0, false},
		{sandbox.Fault{Kind: sandbox.FaultCutBefore}, 0, false},
		{sandbox.Fault{Kind: sandbox.FaultTimeoutAfter, Delay: time.Millisecond}, 0, true},
		{sandbox.Fault{Kind: sandbox.FaultTruncated}, 0, true},
	}
	for _, test := range tests {
		before := len(s.Messages(""))
		test.fault.Route = sandbox.RouteSubscribe
		if _, err := s.Inject(test.fault); err != nil {
			t.Fatal(err)
		}
		err := mp.GetSubscribe().Send(sandboxtest.GoodMessage(s, s.OpenID("wang")))
		if err == nil || sandboxtest.ErrCode(err) != test.code {
			t.Errorf("%s: %v, want errcode %d", test.fault.Kind, err, test.code)
		}
		if got := len(s.Messages("")) > before; got != test.effect {
			t.Errorf("%s: message arrived %v, want %v", test.fault.Kind, got, test.effect)
		}
	}
}
