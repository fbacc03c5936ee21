package handlers_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"wuyepay/handlers"
	"wuyepay/models"
)

// wrong is one fault of a good body or query: the field with the fault, its value, and what
// the answer says of it.
type wrong struct {
	field   string
	value   any // absent: the field is left out
	message string
}

type left struct{}

var (
	absent  = left{}
	long    = strings.Repeat("长", 501)
	tooMany = slices.Repeat([]string{"01"}, 201)
)

// repeated is a text of some length.
func repeated(n int) string { return strings.Repeat("长", n) }

// bodies are the calls with a body: a good one, and what is refused of it.
var bodies = []struct {
	call string
	good object
	bad  []wrong
}{
	{"POST /session", object{"code": "c"}, []wrong{
		{"code", absent, "缺少必填字段 code"}, {"code", "", "长度不可小于 1"}, {"code", repeated(129), "长度不可大于 128"}, {"code", 7, "应为字符串"},
		{"code", nil, "应为字符串"}}},
	{"POST /phone", object{"code": "c"}, []wrong{
		{"code", absent, "缺少必填字段 code"}, {"code", "", "长度不可小于 1"}, {"code", repeated(129), "长度不可大于 128"}, {"code", true, "应为字符串"}}},
	{"POST /rooms/bind", object{"community_id": "c", "room_code": "1-1-101", "owner_name": "王小明", "phone_last4": "0001"}, []wrong{
		{"community_id", absent, "缺少必填字段 community_id"}, {"community_id", "", "长度不可小于 1"}, {"community_id", repeated(65), "长度不可大于 64"},
		{"room_code", absent, "缺少必填字段 room_code"}, {"room_code", repeated(65), "长度不可大于 64"},
		{"owner_name", absent, "缺少必填字段 owner_name"}, {"owner_name", repeated(101), "长度不可大于 100"},
		{"phone_last4", absent, "缺少必填字段 phone_last4"}, {"phone_last4", "001", "长度不可小于 4"}, {"phone_last4", "00012", "格式不符：四位数字"},
		{"phone_last4", "abcd", "格式不符：四位数字"}, {"phone_last4", 1234, "应为字符串"}}},
	{"POST /orders", object{"room_id": "r", "bill_ids": []string{"b"}, "prepay_fen": 1, "prepay_item": "水费", "plan_part_id": "p",
		"expected_total_fen": 1}, []wrong{
		{"room_id", absent, "缺少必填字段 room_id"}, {"room_id", "", "长度不可小于 1"}, {"room_id", repeated(65), "长度不可大于 64"},
		{"bill_ids", "b", "应为数组"}, {"bill_ids", tooMany, "最多 200 项"}, {"bill_ids[0]", []any{1}, "应为字符串"},
		{"prepay_fen", -1, "不可小于 0"}, {"prepay_fen", 10_000_001, "不可大于 10000000"}, {"prepay_fen", "1", "应为整数"}, {"prepay_fen", 1.5, "应为整数"},
		{"prepay_item", repeated(41), "长度不可大于 40"}, {"plan_part_id", repeated(65), "长度不可大于 64"},
		{"expected_total_fen", absent, "缺少必填字段 expected_total_fen"}, {"expected_total_fen", 0, "不可小于 1"},
		{"expected_total_fen", 100_000_000_001, "不可大于 100000000000"}, {"expected_total_fen", "1", "应为整数"},
		{"expected_total_fen", 1.5, "应为整数"}}},
	{"POST /shares/t/orders", object{"expected_total_fen": 1, "bill_ids": []string{"b"}}, []wrong{
		{"expected_total_fen", absent, "缺少必填字段 expected_total_fen"}, {"expected_total_fen", 0, "不可小于 1"},
		{"expected_total_fen", 100_000_000_001, "不可大于 100000000000"}, {"bill_ids", tooMany, "最多 200 项"}, {"bill_ids", object{}, "应为数组"}}},
	{"POST /orders/n/invoice", object{"kind": "company", "title": "某某公司", "tax_no": "91350100M000100Y43"}, []wrong{
		{"kind", absent, "缺少必填字段 kind"}, {"kind", "firm", "应为以下之一：personal, company"}, {"title", absent, "缺少必填字段 title"},
		{"title", "某", "长度不可小于 2"}, {"title", repeated(101), "长度不可大于 100"}, {"tax_no", repeated(41), "长度不可大于 40"}}},
	{"POST /rooms/r/shares", object{"bill_ids": []string{"b"}, "valid_hours": 1, "label": "女儿"}, []wrong{
		{"bill_ids", absent, "缺少必填字段 bill_ids"}, {"bill_ids", []string{}, "至少 1 项"}, {"bill_ids", tooMany, "最多 200 项"},
		{"valid_hours", absent, "缺少必填字段 valid_hours"}, {"valid_hours", 0, "不可小于 1"}, {"valid_hours", 721, "不可大于 720"},
		{"label", repeated(21), "长度不可大于 20"}}},
	{"POST /bills/b/disputes", object{"kind": "amount", "text": "不对"}, []wrong{
		{"kind", absent, "缺少必填字段 kind"}, {"kind", "price", "应为以下之一：amount, period, service, quality, not_mine, other"},
		{"text", absent, "缺少必填字段 text"}, {"text", "", "长度不可小于 1"}, {"text", long, "长度不可大于 500"}}},
	{"POST /rooms/r/promises", object{"pay_on": "2026-03-20", "text": "发工资后"}, []wrong{
		{"pay_on", absent, "缺少必填字段 pay_on"}, {"pay_on", "20 March", "应为日期，如 2026-03-15"}, {"pay_on", "2026-02-30", "应为日期，如 2026-03-15"},
		{"text", long, "长度不可大于 500"}}},
	{"POST /rooms/r/waivers", object{"bill_ids": []string{"b"}, "reason": "困难", "amount_fen": 1}, []wrong{
		{"bill_ids", absent, "缺少必填字段 bill_ids"}, {"bill_ids", []string{}, "至少 1 项"}, {"bill_ids", tooMany, "最多 200 项"},
		{"reason", absent, "缺少必填字段 reason"}, {"reason", "", "长度不可小于 1"}, {"reason", long, "长度不可大于 500"},
		{"amount_fen", -1, "不可小于 0"}, {"amount_fen", 100_000_000_001, "不可大于 100000000000"}}},
	{"POST /rooms/r/instalments", object{"bill_ids": []string{"b"}, "parts": parts(2), "text": "分期"}, []wrong{
		{"bill_ids", absent, "缺少必填字段 bill_ids"}, {"bill_ids", []string{}, "至少 1 项"}, {"parts", absent, "缺少必填字段 parts"},
		{"parts", parts(1), "至少 2 项"}, {"parts", parts(25), "最多 24 项"}, {"text", long, "长度不可大于 500"},
		{"parts[1].amount_fen", append(parts(1), object{"due_on": "2026-04-01", "amount_fen": 0}), "不可小于 1"},
		{"parts[1].due_on", append(parts(1), object{"due_on": "April", "amount_fen": 1}), "应为日期，如 2026-03-15"},
		{"parts[1].due_on", append(parts(1), object{"amount_fen": 1}), "缺少必填字段 due_on"},
		{"parts[1].at", append(parts(1), object{"due_on": "2026-04-01", "amount_fen": 1, "at": 1}), "不认识的字段"}}},
	{"POST /slips/s/sign", object{"expected_total_fen": 1, "digest": "d"}, []wrong{
		{"expected_total_fen", absent, "缺少必填字段 expected_total_fen"}, {"expected_total_fen", -1, "不可小于 0"},
		{"expected_total_fen", 100_000_000_001, "不可大于 100000000000"}, {"digest", repeated(65), "长度不可大于 64"}}},
	{"POST /slips/s/decline", object{"reason": "未修好"}, []wrong{
		{"reason", absent, "缺少必填字段 reason"}, {"reason", "", "长度不可小于 1"}}},
	{"POST /subscriptions", object{"results": object{"overdue": "accept"}}, []wrong{
		{"results", absent, "缺少必填字段 results"}, {"results", []string{"overdue"}, "应为对象"}, {"results.overdue", object{"overdue": 1}, "应为字符串"},
		{"results", eleven(), "最多 10 个字段"}}},
}

func parts(n int) (out []object) {
	for range n {
		out = append(out, object{"due_on": "2026-04-01", "amount_fen": 1})
	}
	return out
}

func eleven() object {
	out := object{}
	for _, r := range "abcdefghijk" {
		out[string(r)] = "accept"
	}
	return out
}

// faults are the details of a refused input, and their fields in order.
func (a answer) faults() (out []handlers.FieldFault) {
	a.t.Helper()
	var body struct{ Details []handlers.FieldFault }
	if err := json.Unmarshal([]byte(a.Body), &body); err != nil {
		a.t.Fatal(err)
	}
	return body.Details
}

// wantFault wants a refusal of one field, in words that do not repeat its value.
func (a answer) wantFault(field, message string) {
	a.t.Helper()
	a.refused(400, "INVALID_REQUEST")
	for _, f := range a.faults() {
		if f.Field == field && f.Message == message {
			return
		}
	}
	a.t.Errorf("%s: %s, want %q for %s", a.call, a.Body, message, field)
}

// Each field of each body is checked before anything is done, and named in the refusal.
func TestBodiesAreChecked(t *testing.T) {
	f := newFront(t)
	p := f.as(f.Home(0).User)
	var tried []string
	for _, b := range bodies {
		method, path, _ := strings.Cut(b.call, " ")
		tried = append(tried, patternOf(b.call))
		f.run(b.call, func(t *testing.T) {
			send := func(body any) answer { return p.send(method, path, body, key(models.NewID())) }
			if a := send(b.good); a.Status == 400 && strings.Contains(a.Body, "INVALID_REQUEST") {
				t.Errorf("the good body is refused: %s", a.Body)
			}
			extra := maps.Clone(b.good)
			extra["Amount"] = "13800138000"
			a := send(extra)
			a.wantFault("body.Amount", "不认识的字段")
			if strings.Contains(a.Body, "13800138000") {
				t.Errorf("the answer repeats what was sent: %s", a.Body)
			}
			for _, x := range b.bad {
				body := maps.Clone(b.good)
				name, _, _ := strings.Cut(strings.ReplaceAll(x.field, "[", "."), ".")
				if body[name] = x.value; x.value == absent {
					delete(body, name)
				}
				want := "body." + x.field
				if strings.HasPrefix(x.message, "缺少必填字段") { // of the object that lacks it
					want = strings.TrimSuffix("body."+strings.TrimSuffix(x.field, "."+lastOf(x.field)), "."+x.field)
				}
				send(body).wantFault(want, x.message)
			}
			for text, message := range map[string]string{`{"`: "不是有效的 JSON", "": "缺少请求内容", "[]": "应为对象", `null`: "应为对象"} {
				send(text).wantFault("body", message)
			}
			p.send(method, path, "a=b", key("k"), func(r *http.Request) {
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}).refused(415, "INVALID_REQUEST")
			send(`{"x":"`+strings.Repeat("x", handlers.MaxBody)+`"}`).refused(413, "REQUEST_TOO_LARGE")
		})
	}
	for _, op := range operations(f) {
		if strings.HasPrefix(op, "POST") && op != "POST /orders/{no}/close" && !slices.Contains(tried, op) {
			t.Errorf("%s is in no case", op)
		}
	}
	for _, table := range []string{"orders", "requests", "shares", "bindings WHERE source = 'form'"} {
		if n := f.Number("SELECT COUNT(*) FROM " + table); n != 0 {
			t.Errorf("%d rows of %s were made", n, table)
		}
	}
}

func lastOf(field string) string { return field[strings.LastIndex(field, ".")+1:] }

// patternOf is the operation of a call.
func patternOf(call string) string {
	for from, to := range map[string]string{"/shares/t/": "/shares/{token}/", "/orders/n/": "/orders/{no}/",
		"/slips/s/": "/slips/{slip_id}/", "/rooms/r/": "/rooms/{room_id}/", "/bills/b/": "/bills/{bill_id}/"} {
		call = strings.ReplaceAll(call, from, to)
	}
	return call
}

// Each parameter of a query is checked, and named in the refusal.
func TestQueriesAreChecked(t *testing.T) {
	f := newFront(t)
	h := f.Home(1)
	p := f.as(h.User)
	room := "/rooms/" + h.Room.ID
	for _, x := range []struct{ path, field, message string }{
		{room + "/allocation", "query.amount_fen", "缺少必填参数"},
		{room + "/allocation?amount_fen=0", "query.amount_fen", "不可小于 1"},
		{room + "/allocation?amount_fen=100000000001", "query.amount_fen", "不可大于 100000000000"},
		{room + "/allocation?amount_fen=1.5", "query.amount_fen", "应为整数"},
		{room + "/bills?limit=0", "query.limit", "不可小于 1"},
		{room + "/bills?limit=101", "query.limit", "不可大于 100"},
		{room + "/bills?limit=many", "query.limit", "应为整数"},
		{room + "/bills?cursor=2026-03-15", "query.cursor", "格式不符：上一页的 next_cursor"},
		{room + "/bills?status=open", "query.status", "应为以下之一：unpaid, partial, paid, void"},
		{room + "/bills?year=1899", "query.year", "不可小于 1900"},
		{room + "/bills?year=2201", "query.year", "不可大于 2200"},
		{"/orders?limit=0", "query.limit", "不可小于 1"},
		{"/orders?limit=101", "query.limit", "不可大于 100"},
		{"/orders?cursor=yesterday", "query.cursor", "格式不符：上一页的 next_cursor"},
		{"/requests?limit=101", "query.limit", "不可大于 100"},
		{"/requests?cursor=yesterday", "query.cursor", "格式不符：上一页的 next_cursor"},
		{room + "/statement?year=1989", "query.year", "不可小于 1990"},
		{room + "/statement?from=2026-13-01&to=2026-03-15", "query.from", "应为日期，如 2026-03-15"},
		{room + "/statement.pdf?year=2201", "query.year", "不可大于 2200"},
		{"/communities?q=" + repeated(51), "query.q", "长度不可大于 50"},
		{"/shares/" + strings.Repeat("x", 65), "path.token", "长度不可大于 64"},
	} {
		f.run(x.path, func(*testing.T) { p.send("GET", x.path, nil).wantFault(x.field, x.message) })
	}
}

// Several faults are told at once.
func TestEveryFaultIsTold(t *testing.T) {
	f := newFront(t)
	a := (&phone{f: f}).send("POST", "/session", object{"code": "", "name": "王"})
	a.wantFault("body.code", "长度不可小于 1")
	a.wantFault("body.name", "不认识的字段")
	if n := len(a.faults()); n != 2 {
		t.Errorf("%d faults: %s", n, a.Body)
	}
}
