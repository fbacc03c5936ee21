package paymenttest

import (
	"bytes"
	"strings"

	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/office"
	"wuyepay/payment/collection"
)

// Clerk is the member of staff who collects through the bank.
var Clerk = models.Actor{Kind: models.ActorStaff, ID: "clerk", Name: "陈财务"}

// Agreed makes an agreement of the room with a bank.
func (h *Home) Agreed(number string) {
	h.W.T.Helper()
	changed, err := collection.SetMandate(Bg, h.W.Pay, Clerk, office.AllRooms(), collection.MandateRequest{
		RoomID: h.Room.ID, AgreementNo: number, BankName: "建设银行", Holder: "王小明", Account: "6227 0000 0000 " + number[len(number)-4:],
	})
	if err != nil || !changed {
		h.W.T.Fatalf("agreement: %t, %v", changed, err)
	}
}

// Batch makes a batch of what is due by the end of March.
func (h *Home) Batch() desk.CollectionBatch {
	h.W.T.Helper()
	b, err := collection.Make(Bg, h.W.Pay, Clerk, h.Room.CommunityID, models.MustDate("2026-03-31"))
	if err != nil {
		h.W.T.Fatal(err)
	}
	return b
}

// Exported is the file of a batch for the bank, row by row.
func (w *World) Exported(b desk.CollectionBatch) [][]string {
	w.T.Helper()
	var out bytes.Buffer
	if err := collection.Export(Bg, w.Pay, Clerk, b.ID, collection.CollectionCSV, &out); err != nil {
		w.T.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(strings.TrimPrefix(out.String(), "\ufeff")) {
		rows = append(rows, strings.Split(strings.TrimSpace(line), ","))
	}
	return rows
}

// File is rows as the bank would send them.
func File(rows [][]string) collection.File {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(strings.Join(r, ",") + "\n")
	}
	return collection.File{Name: "回盘.csv", Content: strings.NewReader(b.String()), Size: int64(b.Len())}
}

// Says fills in what the bank says of each line, in order: empty is success.
func Says(rows [][]string, reasons ...string) [][]string {
	out := [][]string{rows[0]}
	for i, r := range rows[1:] {
		r = append([]string{}, r...)
		r[9], r[11] = "成功", "2026-03-15"
		if reasons[i] != "" {
			r[9], r[10] = "失败", reasons[i]
		}
		out = append(out, r)
	}
	return out
}

// Answer takes the bank's answer to a batch, dated today.
func (w *World) Answer(b desk.CollectionBatch, rows [][]string) collection.Result {
	w.T.Helper()
	r, err := collection.TakeAnswer(Bg, w.Pay, Clerk, b.ID, w.Db.Today(), File(rows))
	if err != nil {
		w.T.Fatal(err)
	}
	return r
}
