package paymenttest

import (
	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
)

// Balanced is [world.agree] where money came in at the desk as well.
func (w *World) Balanced() {
	w.T.Helper()
	w.Clean()
	count, sum := int64(0), int64(0)
	for tr := range w.Box.Books() {
		if tr.State == "SUCCESS" {
			count, sum = count+1, sum+tr.TotalFen
		}
	}
	if n, fen := w.Number("SELECT COUNT(*) FROM payments WHERE channel = 'wechat'"),
		w.Number("SELECT COALESCE(SUM(amount_fen), 0) FROM payments WHERE channel = 'wechat'"); n != count || fen != sum {
		w.T.Errorf("booked %d payments of %d fen by WeChat, WeChat has %d of %d", n, fen, count, sum)
	}
}

// Staff makes a member of staff.
func (w *World) Staff(role string) office.Staff {
	w.T.Helper()
	s := office.Staff{Username: models.NewID(), Name: "员工" + role, Role: role, PasswordHash: "x"}
	modelstest.Write(w.T, w.Db, func(tx *store.Tx) error { return office.AddStaff(tx, modelstest.Actor, &s) })
	return s
}

// AtDesk is cash for bills of the room by number, as the page shows them.
func (h *Home) AtDesk(bills ...int) payment.DeskRequest {
	h.W.T.Helper()
	req := payment.DeskRequest{
		RoomID: h.Room.ID, Channel: money.ChannelCash, PaidOn: h.W.Db.Today(), FormKey: models.NewID(), ShownFen: h.Due(bills...),
	}
	for _, i := range bills {
		req.BillIDs = append(req.BillIDs, h.Bills[i].ID)
	}
	return req
}

// Amount is cash of an amount for the room.
func (h *Home) Amount(fen models.Fen) payment.DeskRequest {
	return payment.DeskRequest{
		RoomID: h.Room.ID, Channel: money.ChannelCash, PaidOn: h.W.Db.Today(), FormKey: models.NewID(), AmountFen: fen,
	}
}

// Takes has a cashier take money at the desk, which must be taken.
func (w *World) Takes(by office.Staff, req payment.DeskRequest) payment.DeskReceipt {
	w.T.Helper()
	r, err := w.Pay.TakeAtDesk(Bg, by, req)
	if err != nil {
		w.T.Fatalf("desk: %v", err)
	}
	return r
}

// Journaled is what an account holds, debit less credit.
func (w *World) Journaled(account string) models.Fen {
	w.T.Helper()
	return models.Fen(
		w.Number(
			"SELECT COALESCE(SUM(CASE WHEN debit = ? THEN amount_fen ELSE -amount_fen END), 0) FROM journal WHERE debit = ? OR credit = ?",
			account, account, account))
}
