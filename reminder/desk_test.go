package reminder_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"           //nolint:depguard // a test takes the money as the desk would
	"wuyepay/payment/refund"    //nolint:depguard // the same
	"wuyepay/payment/wechatpay" //nolint:depguard // a test makes the merchant that the server would make
)

// desk is a cashier, and what books their money.
func (w *world) desk() (*payment.Service, office.Staff) {
	w.t.Helper()
	all := w.sb.Credentials()
	m, _ := all.Merchant("main")
	cfg := wechatpay.Config{
		Name: "main", BaseURL: w.sb.URL(), AppID: all.AppID, MchID: m.MchID, CertificateSerial: m.CertificateSerial,
		PrivateKeyPEM: m.PrivateKeyPEM, APIv3Key: m.APIv3Key, PublicKeyID: m.PublicKeyID, PublicKeyPEM: m.PublicKeyPEM,
	}
	client, err := wechatpay.New(cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(client.Close)
	pay, err := payment.New(w.db, payment.Config{OrderValidMinutes: 30, Surplus: "prepaid"},
		[]*payment.Merchant{{Name: "main", Config: cfg, Client: client}}, "http://127.0.0.1", slog.New(slog.DiscardHandler))
	if err != nil {
		w.t.Fatal(err)
	}
	pay.Booked = w.svc.PaymentReceived
	by := office.Staff{Username: "cashier", Name: "收费员", Role: office.RoleCashier, PasswordHash: "x"}
	modelstest.Write(w.t, w.db, func(tx *store.Tx) error { return office.AddStaff(tx, modelstest.Actor, &by) })
	return pay, by
}

// Anyone who pays at the desk between the queue and the sending is not reminded, and
// gets no receipt of a payment that no phone has made. What is undone is owed again.
func TestPaidAtTheDeskIsNotReminded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	pay, by := w.desk()
	room := modelstest.Room(t, w.db)
	u := w.person(map[string]int{"overdue": 2, "payment_received": 1}, room)
	w.bill(room, "2026-03-15")
	w.queue()
	r, err := pay.TakeAtDesk(context.Background(), by, payment.DeskRequest{
		RoomID: room.ID, Channel: money.ChannelCash, AmountFen: 20_000, PaidOn: w.db.Today(), FormKey: "f1",
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := w.drain(); d.Skipped["settled"] != 1 || w.left(u, "overdue") != 2 {
		t.Errorf("%+v, left %d", d, w.left(u, "overdue"))
	}
	w.wantGot()
	if diff := cmp.Diff([]string{"overdue_1 skipped settled"}, w.notices(room)); diff != "" {
		t.Error(diff)
	}
	finance := office.Staff{ID: "finance", Name: "财务", Role: office.RoleFinance}
	if _, err := refund.ReverseAtDesk(context.Background(), pay, finance, r.Payment.ID, "支票退票"); err != nil {
		t.Fatal(err)
	}
	w.clock.Set(at("2026-03-24 10:00")) // nine days past due
	w.pass()
	w.wantGot("overdue")
}
