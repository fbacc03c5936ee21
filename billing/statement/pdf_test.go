package statement_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/billing/statement"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// TestStatementPDF reads the document back with another program. WUYEPAY_PDF names
// a file to keep it in, for eyes.
func TestStatementPDF(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	owner := h.Owner("2026-01-01")
	h.Clock.Set(models.MustDate("2025-01-05").Start())
	var bills []fees.Bill
	for m := range 14 {
		start := models.NewDate(2025, time.Month(1+m), 1)
		h.Clock.Set((start + 4).Start())
		for _, item := range []string{"物业服务费", "公摊水电费", "车位管理服务费（地下）"} {
			bills = append(bills, h.Bill(owner, start.String(), (start+27).String(), func(b *fees.Bill) {
				b.Item, b.DueOn, b.CreatedAt = item, start+14, h.DB.Now()
			}))
		}
		if m%3 == 1 {
			h.Clock.Set((start + 40).Start())
			id, no := models.NewID(), models.NewID()
			modelstest.Write(t, h.DB, func(tx *store.Tx) error {
				var portions []billing.Portion
				for _, b := range bills[len(bills)-3:] {
					portions = append(portions, billing.Portion{BillID: b.ID, Amount: 13000})
				}
				left, err := billing.Apply(tx, billing.Money{
					PaymentID: id, RoomID: h.Room.ID, CommunityID: h.Room.CommunityID, Debit: money.AccountWechat,
					Settlement: estate.LateFeeFirst, EffectiveOn: tx.Today(),
				}, portions)
				if err != nil {
					return err
				}
				if err := money.InsertPayment(tx, &money.Payment{
					ID: id, Channel: money.ChannelWechat, OrderNo: &no, TransactionID: &no, CommunityID: h.Room.CommunityID,
					RoomID: h.Room.ID, AmountFen: 39000, SurplusFen: left, Source: money.LearnedByCallback, PaidAt: tx.Now,
					PaidOn: tx.Today(), BookedAt: tx.Now,
				}); err != nil {
					return err
				}
				if err := money.MovePrepaid(tx, h.Room.ID, money.PrepaidSurplus, left, id, ""); err != nil {
					return err
				}
				return money.Journal(tx, []money.JournalLine{{
					Kind: money.JournalSurplus, Debit: money.AccountWechat, Credit: money.AccountPrepaid, AmountFen: left,
					CommunityID: h.Room.CommunityID, RoomID: h.Room.ID, PaymentID: id,
				}})
			})
		}
	}
	h.Clock.Set(models.MustDate("2026-03-15").Start())
	s, err := statement.Of(h.DB.View(context.Background()), h.Room,
		estate.BillVisibility{OwnerID: owner.ID, Role: estate.RoleOwner}, models.MustDate("2025-02-01"), models.MustDate("2026-03-15"))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := s.WritePDF(&b, statement.Party{Community: "云杉苑", Owner: "王小明😀", MadeAt: h.DB.Now()}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "statement.pdf")
	if keep := os.Getenv("WUYEPAY_PDF"); keep != "" {
		path = keep
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed")
	}
	out, err := exec.Command("pdftotext", "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	text := string(out)
	for _, want := range []string{
		"物业费对账单", "云杉苑", "王小明□", "2025-02-01 至 2026-03-15", "缴费 微信支付", "违约金（随缴费计入）", statement.BalanceText(s.ClosingFen), "2,799.54",
		"共 2 页",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if n := strings.Count(text, "账单 公摊水电费"); n != 13 {
		t.Errorf("%d of 13 bills of one item on paper", n)
	}
}
