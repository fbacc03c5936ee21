package bank_test

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
)

// TestCollectionPages registers agreements, makes a batch, takes its file, takes in
// an answer with a mistake and then the right one.
func TestCollectionPages(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	first, second := modelstest.Room(t, w.DB), modelstest.Room(t, w.DB)
	modelstest.Bill(t, w.DB, first)
	modelstest.Bill(t, w.DB, second)
	b := w.As(w.Staff[office.RoleFinance])
	b.Get("/staff/mandates").Want(t, http.StatusOK, "还没有托收协议")
	form := url.Values{"community": {first.CommunityID}, "room": {first.Code}, "agreement": {"XY-1"}, "bank": {"建设银行"},
		"holder": {"王小明"}, "account": {"12"}}
	b.Post("/staff/mandates", form).Want(t, http.StatusBadRequest, "8 至 32 位数字", "XY-1").Without(t, "王小明")
	form.Set("account", "6227 0000 0000 0001")
	if a := b.Post("/staff/mandates", form); a.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.Status, a.Body)
	}
	community := map[string]string{"community": first.CommunityID}
	b.SendFile("/staff/mandates/import", "", "", community).Want(t, http.StatusBadRequest, "请选择文件")
	head := "房号,协议号,开户行,户名,账号\n"
	b.SendFile("/staff/mandates/import", "协议.csv", head+"无此房,XY-2,工商银行,李,62220000000002\n", community).Want(t,
		http.StatusUnprocessableEntity, "第 2 行「房号」列", "没有这个房号").Without(t, "6222")
	b.SendFile("/staff/mandates/import", "协议.csv", "\x00nonsense", community).Want(t, http.StatusUnprocessableEntity, "协议.csv")
	if a := b.SendFile("/staff/mandates/import", "协议.csv", head+second.Code+",XY-2,工商银行,李,62220000000002\n",
		community); a.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.Status, a.Body)
	}
	b.Get("/staff/mandates").Want(t, http.StatusOK, "尾号 0001", "尾号 0002", "建设银行").Without(t, "62220000000002")
	b.Post("/staff/collection", url.Values{"community": {first.CommunityID}, "due_by": {"2020-01-01"}}).Want(t, http.StatusConflict,
		"没有可以托收的账单")
	made := b.Post("/staff/collection", url.Values{"community": {first.CommunityID}, "due_by": {"2026-03-31"}})
	if made.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", made.Status, made.Body)
	}
	path := made.Location()
	b.Get(path).Want(t, http.StatusOK, "TS20260315-1", "258.98", "等待银行", "撤销批次", "批次已生成").Without(t, "导入回盘")
	bank := b.Post(path+"/file", url.Values{"format": {"csv"}}).Want(t, http.StatusOK, "6227000000000001", "129.49")
	b.Get(path).Want(t, http.StatusOK, "待回盘", "导入回盘").Without(t, "撤销批次", "6227000000000001")
	b.Get("/staff/rooms/"+first.ID+"/desk").Want(t, http.StatusOK, "TS20260315-1 正在等待银行扣款")
	b.Post(path+"/cancel", nil).Want(t, http.StatusConflict, "不能撤销")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(bank.Body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%v, %v", rows, err)
	}
	rows[1][9], rows[2][9], rows[2][10] = "成功", "失败", "余额不足"
	answered := func() string {
		var out bytes.Buffer
		_ = csv.NewWriter(&out).WriteAll(rows)
		return out.String()
	}
	good := answered()
	rows[1][6] = "1.00"
	b.SendFile(path+"/answer", "回盘.csv", answered(), map[string]string{"on": "2026-03-15"}).Want(t, http.StatusUnprocessableEntity,
		"没有入账", "第 2 行「金额」列", "与批次中的金额不一致")
	for range 2 {
		if a := b.SendFile(path+"/answer", "回盘.csv", good, map[string]string{"on": "2026-03-15"}); a.Status != http.StatusSeeOther {
			t.Fatalf("status %d: %s", a.Status, a.Body)
		}
	}
	b.Get(path).Want(t, http.StatusOK, "已回盘", "余额不足", "129.49")
	b.Get(path+"?status=failed").Want(t, http.StatusOK, "余额不足").Without(t, "XY-1")
	b.Get("/staff/collection").Want(t, http.StatusOK, "TS20260315-1", "已回盘")
	if rows := consoletest.WorkbookRows(t, b.Get(path+"/export?status=failed")); len(rows) != 2 || rows[1][9] != "余额不足" {
		t.Errorf("%v", rows)
	}
	b.Get("/staff/takings").Want(t, http.StatusOK, "银行托收", "129.49")
	b.Get("/staff/rooms/"+first.ID).Want(t, http.StatusOK, "银行托收", "银行回盘")
	if strings.Contains(w.Logs.String(), "6227") {
		t.Error("an account number is in the log")
	}
}
