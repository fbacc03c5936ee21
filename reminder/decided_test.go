package reminder_test

import (
	"context"
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
)

var (
	clerk = office.Staff{ID: "c", Name: "收费员", Role: office.RoleFinance}
	boss  = office.Staff{ID: "m", Name: "经理", Role: office.RoleManager}
)

// requests decides as the server does: the answer goes out by this service.
func (w *world) requests() *billing.Requests {
	return &billing.Requests{DB: w.db, Decided: w.svc.RequestDecided}
}

func (w *world) asked(u estate.User, a billing.NewRequest) fees.Request {
	w.t.Helper()
	r, err := w.requests().SubmitAsOwner(context.Background(), u, a)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) decide(r fees.Request, approve bool, note string) {
	w.t.Helper()
	if _, err := w.requests().Decide(context.Background(), boss, billing.Decision{
		RequestID: r.ID, Approve: approve, Note: note,
	}); err != nil {
		w.t.Fatal(err)
	}
}

// The answer goes to who asked, once, also at night; a long note is not cut off.
func TestAnswerToARequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "2026-03-16 22:00")
	room := modelstest.Room(t, w.db)
	u, other := w.person(map[string]int{"request_decided": 2}, room), w.person(map[string]int{"request_decided": 2}, room)
	b := w.bill(room, "2026-01-15")
	w.decide(w.asked(u, billing.NewRequest{Kind: fees.RequestWaiver, RoomID: room.ID, BillIDs: []string{b.ID}, Text: "首次逾期"}), true, "同意减免")
	w.decide(w.asked(u, billing.NewRequest{
		Kind: fees.RequestDispute, RoomID: room.ID, BillIDs: []string{b.ID}, Reason: "amount", Text: "面积不对",
	}),
		false, "经核对房产证面积与账单一致，如有疑问请到服务中心查看测绘报告")
	if r := w.drain(); r.Sent != 2 {
		t.Fatalf("%+v", r)
	}
	w.wantGot("request_decided", "request_decided")
	first, second := w.sb.Messages("")[0], w.sb.Messages("")[1]
	if first.Values["thing1"] != "违约金减免申请" || first.Values["phrase2"] != "已同意" || first.Values["thing3"] != "同意减免" {
		t.Errorf("%v", first.Values)
	}
	if second.Values["thing1"] != "账单异议" || second.Values["phrase2"] != "未采纳" || second.Values["thing3"] != "请在小程序中查看答复" {
		t.Errorf("%v", second.Values)
	}
	if w.left(u, "request_decided") != 0 || w.left(other, "request_decided") != 2 {
		t.Error("another was told, or paid for it")
	}
}

// What staff asked for themselves is answered in the console.
func TestNoAnswerToStaff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	w.person(map[string]int{"request_decided": 1}, room)
	b := w.bill(room, "2026-01-15")
	r, err := w.requests().SubmitAsStaff(context.Background(), clerk, billing.NewRequest{
		Kind: fees.RequestVoid, RoomID: room.ID, BillIDs: []string{b.ID}, Text: "重复",
	})
	if err != nil {
		t.Fatal(err)
	}
	w.decide(r, true, "同意")
	if r := w.drain(); r.Sent != 0 {
		t.Errorf("%+v", r)
	}
}

// A promise moves the next reminder to the day before the promised day, to who
// promised; when the day has passed, the calendar goes on.
func TestPromiseMovesTheReminder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday) // 16 March
	room := modelstest.Room(t, w.db)
	u := w.person(map[string]int{"overdue": 3}, room)
	w.bill(room, "2026-03-15") // first notice is due today
	w.queue()
	w.asked(u, billing.NewRequest{Kind: fees.RequestPromise, RoomID: room.ID, PayOn: models.MustDate("2026-03-25")})
	if r := w.drain(); r.Skipped["promised"] != 1 {
		t.Errorf("queued before the promise: %+v", r)
	}
	for day := 17; day <= 23; day++ {
		w.clock.Advance(24 * time.Hour)
		if r := w.pass(); r.Sent+r.Queued+r.Unreachable != 0 {
			t.Errorf("%d March: %+v", day, r)
		}
	}
	w.clock.Advance(24 * time.Hour) // the 24th; the second notice of the calendar falls on it too
	w.pass()
	w.wantGot("overdue")
	if note := w.sb.Messages("")[0].Values["thing4"]; note != "共1笔账单，承诺缴费日将到" {
		t.Errorf("note %q", note)
	}
	w.clock.Advance(24 * time.Hour)
	w.pass()
	w.wantGot("overdue")
	w.clock.Advance(5 * 24 * time.Hour) // the 30th: the final notice
	w.pass()
	w.wantGot("overdue", "overdue")
}

// Bills that are paid in parts are reminded of by the part that is due, not more.
func TestOnlyThePartIsReminded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	u := w.person(map[string]int{"overdue": 5, "due_soon": 5}, room)
	b := w.bill(room, "2026-01-15") // 110.02 + 60 days: 19.80
	parts := []fees.RequestPart{
		{DueOn: models.MustDate("2026-03-30"), AmountFen: 4000},
		{DueOn: models.MustDate("2026-05-30"), AmountFen: 8982},
	}
	w.decide(w.asked(u, billing.NewRequest{Kind: fees.RequestInstalment, RoomID: room.ID, BillIDs: []string{b.ID}, Parts: parts}), true,
		"同意分期")
	if r := w.pass(); r.Sent != 0 {
		t.Fatalf("reminded of the whole bill: %+v", r)
	}
	w.clock.Advance(7 * 24 * time.Hour) // the 23rd: within ten days of the first part
	w.pass()
	w.wantGot("due_soon")
	if m := w.sb.Messages("")[0]; m.Values["amount2"] != "40.00元" || m.Values["date3"] != "2026年3月30日" {
		t.Errorf("%v", m.Values)
	}
	w.pay(b, 4000)
	w.clock.Advance(8 * 24 * time.Hour)
	if r := w.pass(); r.Sent != 0 {
		t.Errorf("the part is paid: %+v", r)
	}
}
