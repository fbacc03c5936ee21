package console_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// sends posts a form with a file.
func (b *browser) sends(path, name, content string, fields map[string]string) answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, v := range fields {
		if err := w.WriteField(k, v); err != nil {
			b.t.Fatal(err)
		}
	}
	if name != "" {
		part, err := w.CreateFormFile("file", name)
		if err != nil {
			b.t.Fatal(err)
		}
		if _, err := io.WriteString(part, content); err != nil {
			b.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.base+path, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Origin", b.base)
	resp, err := b.http.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{Status: resp.StatusCode, Header: resp.Header, Body: string(text)}
}

// TestCollectionPages registers agreements, makes a batch, takes its file, takes in
// an answer with a mistake and then the right one.
func TestCollectionPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := modelstest.Room(t, w.db), modelstest.Room(t, w.db)
	modelstest.Bill(t, w.db, first)
	modelstest.Bill(t, w.db, second)
	b := w.as(w.staff[models.RoleFinance])
	b.get("/staff/mandates").want(t, http.StatusOK, "还没有托收协议")
	form := url.Values{"community": {first.CommunityID}, "room": {first.Code}, "agreement": {"XY-1"}, "bank": {"建设银行"}, "holder": {"王小明"}, "account": {"12"}}
	b.post("/staff/mandates", form).want(t, http.StatusBadRequest, "8 至 32 位数字", "XY-1").without(t, "王小明")
	form.Set("account", "6227 0000 0000 0001")
	if a := b.post("/staff/mandates", form); a.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.Status, a.Body)
	}
	community := map[string]string{"community": first.CommunityID}
	b.sends("/staff/mandates/import", "", "", community).want(t, http.StatusBadRequest, "请选择文件")
	head := "房号,协议号,开户行,户名,账号\n"
	b.sends("/staff/mandates/import", "协议.csv", head+"无此房,XY-2,工商银行,李,62220000000002\n", community).want(t, http.StatusUnprocessableEntity, "第 2 行「房号」列", "没有这个房号").without(t, "6222")
	b.sends("/staff/mandates/import", "协议.csv", "\x00nonsense", community).want(t, http.StatusUnprocessableEntity, "协议.csv")
	if a := b.sends("/staff/mandates/import", "协议.csv", head+second.Code+",XY-2,工商银行,李,62220000000002\n", community); a.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.Status, a.Body)
	}
	b.get("/staff/mandates").want(t, http.StatusOK, "尾号 0001", "尾号 0002", "建设银行").without(t, "62220000000002")
	b.post("/staff/collection", url.Values{"community": {first.CommunityID}, "due_by": {"2020-01-01"}}).want(t, http.StatusConflict, "没有可以托收的账单")
	made := b.post("/staff/collection", url.Values{"community": {first.CommunityID}, "due_by": {"2026-03-31"}})
	if made.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", made.Status, made.Body)
	}
	path := made.location()
	b.get(path).want(t, http.StatusOK, "TS20260315-1", "258.98", "等待银行", "撤销批次", "批次已生成").without(t, "导入回盘")
	bank := b.post(path+"/file", url.Values{"format": {"csv"}}).want(t, http.StatusOK, "6227000000000001", "129.49")
	b.get(path).want(t, http.StatusOK, "待回盘", "导入回盘").without(t, "撤销批次", "6227000000000001")
	b.get("/staff/rooms/"+first.ID+"/desk").want(t, http.StatusOK, "TS20260315-1 正在等待银行扣款")
	b.post(path+"/cancel", nil).want(t, http.StatusConflict, "不能撤销")
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
	b.sends(path+"/answer", "回盘.csv", answered(), map[string]string{"on": "2026-03-15"}).want(t, http.StatusUnprocessableEntity, "没有入账", "第 2 行「金额」列", "与批次中的金额不一致")
	for range 2 {
		if a := b.sends(path+"/answer", "回盘.csv", good, map[string]string{"on": "2026-03-15"}); a.Status != http.StatusSeeOther {
			t.Fatalf("status %d: %s", a.Status, a.Body)
		}
	}
	b.get(path).want(t, http.StatusOK, "已回盘", "余额不足", "129.49")
	b.get(path+"?status=failed").want(t, http.StatusOK, "余额不足").without(t, "XY-1")
	b.get("/staff/collection").want(t, http.StatusOK, "TS20260315-1", "已回盘")
	if rows := workbookRows(t, b.get(path+"/export?status=failed")); len(rows) != 2 || rows[1][9] != "余额不足" {
		t.Errorf("%v", rows)
	}
	b.get("/staff/takings").want(t, http.StatusOK, "银行托收", "129.49")
	b.get("/staff/rooms/"+first.ID).want(t, http.StatusOK, "银行托收", "银行回盘")
	if strings.Contains(w.logs.String(), "6227") {
		t.Error("an account number is in the log")
	}
}
