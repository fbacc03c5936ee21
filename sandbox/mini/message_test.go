package mini_test

import (
	"strings"
	"sync"
	"testing"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

func TestSDKSubscribeSpendsTheQuota(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Config{})
	mp, _ := sandboxtest.MiniProgram(t, s, true)
	openID, templateID := s.OpenID("wang"), s.Credentials().Templates["overdue"]
	if err := mp.GetSubscribe().Send(sandboxtest.GoodMessage(s, openID)); sandboxtest.ErrCode(err) != 43101 {
		t.Errorf("without agreement: %v, want 43101", err)
	}
	if err := s.GrantSubscription(openID, templateID, 2); err != nil {
		t.Fatal(err)
	}
	bad := sandboxtest.GoodMessage(s, openID)
	bad.Data["thing1"].Value = strings.Repeat("长", 21)
	err := mp.GetSubscribe().Send(bad)
	if sandboxtest.ErrCode(err) != 47003 || !strings.Contains(err.Error(), "data.thing1.value invalid") {
		t.Errorf("21 characters: %v, want 47003", err)
	}
	if q := s.Quota(openID, templateID); q != 2 {
		t.Errorf("a refused message cost %d of 2 agreements", 2-q)
	}
	var ids []int64
	for range 2 {
		id, err := mp.GetSubscribe().SendGetMsgID(sandboxtest.GoodMessage(s, openID))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := mp.GetSubscribe().Send(sandboxtest.GoodMessage(s, openID)); sandboxtest.ErrCode(err) != 43101 {
		t.Errorf("used up: %v, want 43101", err)
	}
	messages := s.Messages(openID)
	if len(messages) != 2 || messages[1].MsgID != ids[1] || messages[0].Key != "overdue" || messages[0].Values["number3"] != "31" {
		t.Errorf("messages = %+v", messages)
	}
	stranger := sandboxtest.GoodMessage(s, "oNobody")
	if err := mp.GetSubscribe().Send(stranger); sandboxtest.ErrCode(err) != 40003 {
		t.Errorf("stranger: %v, want 40003", err)
	}
	stranger = sandboxtest.GoodMessage(s, openID)
	stranger.TemplateID = "none"
	if err := mp.GetSubscribe().Send(stranger); sandboxtest.ErrCode(err) != 40037 {
		t.Errorf("unknown template: %v, want 40037", err)
	}
}

// Two senders, one agreement: one message.
func TestQuotaIsSpentOnce(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Config{})
	mp, _ := sandboxtest.MiniProgram(t, s, true)
	openID := s.OpenID("wang")
	if err := s.GrantSubscription(openID, s.Credentials().Templates["overdue"], 5); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { _ = mp.GetSubscribe().Send(sandboxtest.GoodMessage(s, openID)) }) // most are refused
	}
	wg.Wait()
	if n := len(s.Messages(openID)); n != 5 {
		t.Errorf("%d messages for 5 agreements", n)
	}
}
