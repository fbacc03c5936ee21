package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/console"
	"wuyepay/console/consoletest"
	"wuyepay/models/office"
)

// access is who may open what, written out: cashier c, steward s, finance f, manager m and
// admin a. "open" is for everybody, also without sign-in.
var access = map[string]string{
	"GET /staff/static/{hash}/{file...}":          "open",
	"GET /staff/login":                            "open",
	"POST /staff/login":                           "open",
	"POST /staff/logout":                          "csfma",
	"GET /staff/password":                         "csfma",
	"POST /staff/password":                        "csfma",
	"GET /staff/{$}":                              "csfma",
	"GET /staff/rooms":                            "csfma",
	"GET /staff/rooms/export":                     "csfma",
	"GET /staff/rooms/{id}":                       "csfma",
	"GET /staff/rooms/{id}/edit":                  "fma",
	"POST /staff/rooms/{id}/edit":                 "fma",
	"GET /staff/rooms/{id}/changes/export":        "csfma",
	"GET /staff/rooms/{id}/phones":                "csfma",
	"POST /staff/rooms/{id}/phones":               "csfma",
	"GET /staff/rooms/{id}/allocation":            "csfma",
	"GET /staff/rooms/{id}/prepaid":               "csfma",
	"POST /staff/rooms/{id}/prepaid/refund":       "csfma",
	"POST /staff/rooms/{id}/prepaid":              "cfma",
	"GET /staff/rooms/{id}/meters":                "csfma",
	"POST /staff/rooms/{id}/meters":               "csma",
	"GET /staff/meters":                           "csfma",
	"GET /staff/meters/sheet":                     "csfma",
	"POST /staff/meters/sheet":                    "csma",
	"POST /staff/meters/{id}/replace":             "csma",
	"POST /staff/meters/{id}/multiplier":          "csma",
	"POST /staff/meters/{id}/digits":              "csma",
	"POST /staff/meters/{id}/doubt":               "csma",
	"POST /staff/meters/{id}/withdraw":            "csma",
	"POST /staff/meters/{id}/withdraw/decide":     "fma",
	"GET /staff/rooms/{id}/bills/export":          "csfma",
	"GET /staff/rooms/{id}/payments/export":       "csfma",
	"GET /staff/rooms/{id}/statement":             "csfma",
	"GET /staff/rooms/{id}/statement.pdf":         "csfma",
	"GET /staff/rooms/{id}/transfer":              "fma",
	"POST /staff/rooms/{id}/transfer":             "fma",
	"GET /staff/rooms/{id}/owner":                 "fma",
	"POST /staff/rooms/{id}/owner":                "fma",
	"GET /staff/arrears":                          "csfma",
	"GET /staff/arrears/sums":                     "csfma",
	"GET /staff/arrears/export":                   "csfma",
	"GET /staff/limitation":                       "csfma",
	"GET /staff/limitation/export":                "csfma",
	"GET /staff/rooms/{id}/tenants":               "csfma",
	"POST /staff/rooms/{id}/tenants":              "fma",
	"POST /staff/rooms/{id}/tenants/{tenure}/end": "fma",
	"GET /staff/reports":                          "csfma",
	"GET /staff/reports/export":                   "csfma",
	"GET /staff/transfers":                        "csfma",
	"GET /staff/transfers/export":                 "csfma",
	"GET /staff/rooms/{id}/ask":                   "csfma",
	"POST /staff/rooms/{id}/ask":                  "csfma",
	"GET /staff/requests":                         "csfma",
	"GET /staff/requests/export":                  "csfma",
	"GET /staff/requests/{id}":                    "csfma",
	"POST /staff/requests/{id}":                   "csfma",
	"GET /staff/parties":                          "cfma",
	"POST /staff/parties":                         "fma",
	"GET /staff/parties/{id}":                     "cfma",
	"POST /staff/parties/{id}":                    "fma",
	"POST /staff/parties/{id}/hold":               "fma",
	"GET /staff/parties/{id}/export":              "cfma",
	"GET /staff/parties/{id}/statement":           "cfma",
	"GET /staff/parties/{id}/statement/export":    "cfma",
	"GET /staff/parties/{id}/statement.pdf":       "cfma",
	"GET /staff/parties/{id}/desk":                "cfma",
	"POST /staff/parties/{id}/desk":               "cfma",
	"GET /staff/groups/{id}":                      "cfma",
	"GET /staff/groups/{id}/receipt":              "cfma",
	"POST /staff/groups/{id}/reverse":             "cfma",
	"GET /staff/slips":                            "csfma",
	"GET /staff/slips/export":                     "csfma",
	"GET /staff/slips/new":                        "csfma",
	"POST /staff/slips/new":                       "csfma",
	"GET /staff/slips/{id}":                       "csfma",
	"GET /staff/slips/{id}/edit":                  "csfma",
	"POST /staff/slips/{id}/edit":                 "csfma",
	"GET /staff/slips/{id}/pdf":                   "csfma",
	"POST /staff/slips/{id}/offer":                "csfma",
	"POST /staff/slips/{id}/recall":               "csfma",
	"POST /staff/slips/{id}/cancel":               "csfma",
	"POST /staff/slips/{id}/paper":                "cfma",
	"GET /staff/tariffs":                          "fma",
	"GET /staff/tariffs/export":                   "fma",
	"GET /staff/tariffs/new":                      "fma",
	"POST /staff/tariffs/new":                     "fma",
	"GET /staff/tariffs/{id}":                     "fma",
	"POST /staff/tariffs/{id}":                    "fma",
	"POST /staff/tariffs/{id}/end":                "fma",
	"GET /staff/late-rules":                       "fma",
	"POST /staff/late-rules":                      "fma",
	"GET /staff/late-rules/export":                "fma",
	"GET /staff/late-rules/{id}":                  "fma",
	"POST /staff/late-rules/{id}":                 "ma",
	"GET /staff/billing":                          "fma",
	"POST /staff/billing":                         "fma",
	"GET /staff/billing/export":                   "fma",
	"POST /staff/billing/day":                     "ma",
	"GET /staff/billing/{id}":                     "fma",
	"GET /staff/billing/{id}/export":              "fma",
	"POST /staff/billing/{id}/publish":            "fma",
	"POST /staff/billing/{id}/redraft":            "fma",
	"POST /staff/billing/{id}/gaps":               "fma",
	"POST /staff/billing/{id}/discard":            "fma",
	"GET /staff/shadow":                           "fma",
	"POST /staff/shadow":                          "fma",
	"GET /staff/shadow/export":                    "fma",
	"GET /staff/shadow/{id}":                      "fma",
	"GET /staff/shadow/{id}/export":               "fma",
	"GET /staff/charges":                          "fma",
	"GET /staff/charges/export":                   "fma",
	"GET /staff/charges/new":                      "fma",
	"POST /staff/charges/new":                     "fma",
	"GET /staff/charges/{id}":                     "fma",
	"POST /staff/charges/{id}/void":               "fma",
	"POST /staff/charges/{id}/decide":             "ma",
	"GET /staff/vacancies":                        "csfma",
	"POST /staff/vacancies":                       "csfma",
	"GET /staff/vacancies/export":                 "csfma",
	"POST /staff/vacancies/{id}":                  "ma",
	"GET /staff/desk":                             "cfma",
	"GET /staff/rooms/{id}/desk":                  "cfma",
	"POST /staff/rooms/{id}/desk":                 "cfma",
	"GET /staff/desk/payments":                    "cfma",
	"GET /staff/desk/payments/export":             "cfma",
	"GET /staff/desk/payments/{id}":               "cfma",
	"POST /staff/desk/payments/{id}/reverse":      "cfma",
	"GET /staff/dayclose":                         "cfma",
	"POST /staff/dayclose":                        "cfma",
	"GET /staff/dayclose/export":                  "cfma",
	"GET /staff/collection":                       "fma",
	"POST /staff/collection":                      "fma",
	"GET /staff/collection/export":                "fma",
	"GET /staff/collection/{id}":                  "fma",
	"GET /staff/collection/{id}/export":           "fma",
	"POST /staff/collection/{id}/file":            "fma",
	"POST /staff/collection/{id}/answer":          "fma",
	"POST /staff/collection/{id}/cancel":          "fma",
	"GET /staff/mandates":                         "fma",
	"POST /staff/mandates":                        "fma",
	"GET /staff/mandates/export":                  "fma",
	"POST /staff/mandates/import":                 "fma",
	"POST /staff/mandates/{id}/end":               "fma",
	"GET /staff/takings":                          "cfma",
	"GET /staff/takings/export":                   "cfma",
	"GET /staff/imports":                          "fma",
	"POST /staff/imports":                         "fma",
	"GET /staff/imports/export":                   "fma",
	"GET /staff/import-templates/{kind}":          "fma",
	"GET /staff/imports/{id}":                     "fma",
	"GET /staff/imports/{id}/file":                "fma",
	"POST /staff/imports/{id}/commit":             "fma",
	"POST /staff/imports/{id}/discard":            "fma",
	"POST /staff/imports/{id}/back":               "fma",
	"POST /staff/imports/{id}/refuse":             "fma",
	"GET /staff/orders":                           "csfma",
	"GET /staff/orders/export":                    "csfma",
	"GET /staff/orders/{no}":                      "csfma",
	"POST /staff/orders/{no}/end-exception":       "fma",
	"GET /staff/orders/{no}/refund":               "cfma",
	"POST /staff/orders/{no}/refund":              "cfma",
	"GET /staff/refunds":                          "csfma",
	"GET /staff/refunds/export":                   "csfma",
	"GET /staff/refunds/{no}":                     "csfma",
	"POST /staff/refunds/{no}":                    "ma",
	"POST /staff/refunds/{no}/follow":             "fma",
	"POST /staff/refunds/{no}/by-hand":            "fma",
	"POST /staff/refunds/{no}/give-up":            "fma",
	"GET /staff/orders/{no}/receipt":              "csfma",
	"GET /staff/receipts":                         "csfma",
	"GET /staff/receipts/export":                  "csfma",
	"GET /staff/receipts/{id}":                    "csfma",
	"GET /staff/invoices":                         "fma",
	"GET /staff/invoices/export":                  "fma",
	"GET /staff/invoices/{id}":                    "fma",
	"POST /staff/invoices/{id}":                   "fma",
	"GET /staff/reconcile":                        "fma",
	"GET /staff/reconcile/export":                 "fma",
	"GET /staff/reconcile/{day}":                  "fma",
	"GET /staff/reconcile/{day}/export":           "fma",
	"POST /staff/reconcile/{day}":                 "fma",
	"POST /staff/reconcile/{day}/sign":            "fma",
	"GET /staff/findings":                         "fma",
	"GET /staff/findings/export":                  "fma",
	"GET /staff/findings/{id}":                    "fma",
	"POST /staff/findings/{id}":                   "fma",
	"GET /staff/suspense":                         "fma",
	"GET /staff/suspense/export":                  "fma",
	"POST /staff/suspense/{id}":                   "fma",
	"GET /staff/events":                           "fma",
	"GET /staff/events/export":                    "fma",
	"GET /staff/evidence":                         "fma",
	"GET /staff/shipments":                        "fma",
	"GET /staff/shipments/export":                 "fma",
	"POST /staff/shipments/{no}/retry":            "fma",
	"GET /staff/evidence/export":                  "fma",
	"GET /staff/evidence/{id}":                    "fma",
	"GET /staff/merchants":                        "fma",
	"GET /staff/merchants/export":                 "fma",
	"POST /staff/merchants":                       "ma",
	"GET /staff/audit":                            "ma",
	"GET /staff/audit/export":                     "ma",
	"GET /staff/people":                           "ma",
	"GET /staff/people/export":                    "ma",
	"GET /staff/people/new":                       "a",
	"POST /staff/people/new":                      "a",
	"POST /staff/people/{id}/disable":             "a",
	"POST /staff/people/{id}/enable":              "a",
	"GET /staff/settings":                         "a",
	"GET /staff/holidays":                         "ma",
	"POST /staff/holidays":                        "ma",
	"POST /staff/holidays/{day}/drop":             "ma",
	"GET /staff/holidays/export":                  "ma",
	"/staff/":                                     "csfma",
}

// TestEveryRouteWithEveryRole asks for every route as every role, and as nobody.
func TestEveryRouteWithEveryRole(t *testing.T) {
	t.Parallel()
	have, want := map[string]bool{}, map[string]bool{}
	for pattern := range console.Routes() {
		have[pattern] = true
	}
	for pattern := range access {
		want[pattern] = true
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Fatalf("the table of this test and the routes differ:\n%s", diff)
	}
	w := consoletest.New(t)
	n := w.Town()
	for pattern, who := range access {
		if who == "open" || pattern == "POST /staff/logout" || pattern == "POST /staff/password" {
			continue // nobody's to refuse, or would end the session
		}
		method, path := concrete(pattern, n)
		a := w.SignedOut().Do(method, path, nil)
		if a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location(), "/staff/login") {
			t.Errorf("%s without sign-in: status %d to %q", pattern, a.Status, a.Location())
		}
		for _, role := range office.StaffRoles {
			steward := role == office.RoleSteward // whose name no room bears: sees nothing
			a := w.As(w.Staff[role]).Do(method, path, nil)
			allowed := strings.Contains(who, role[:1])
			switch {
			case !allowed && a.Status != http.StatusForbidden:
				t.Errorf("%s as %s: status %d, want 403", pattern, role, a.Status)
			case allowed && a.Status == http.StatusForbidden:
				t.Errorf("%s as %s: refused", pattern, role)
			case allowed && a.Status >= 500:
				t.Errorf("%s as %s: status %d", pattern, role, a.Status)
			case steward && strings.Contains(pattern, "/{") && strings.Contains(pattern, "s/{") && allowed &&
				a.Status != http.StatusNotFound:
				t.Errorf("%s as a steward of other rooms: status %d, want 404", pattern, a.Status)
			}
			if a.Status == http.StatusForbidden {
				a.Want(t, http.StatusForbidden, "没有权限")
			}
		}
	}
}

// concrete fills the places of a pattern.
func concrete(pattern string, n consoletest.Town) (method, path string) {
	method, path, ok := strings.Cut(pattern, " ")
	if !ok {
		return http.MethodGet, "/staff/nothing-here"
	}
	return method, strings.NewReplacer("rooms/{id}", "rooms/"+n.Room.ID, "{no}", n.Paid.No, "{day}", "2026-03-13", "people/{id}",
		"people/nobody", "meters/{id}", "meters/nobody", "{tenure}", "nothing", "{$}", "").Replace(path)
}

// TestMenuShowsWhatMayBeOpened follows every link of everybody's menu.
func TestMenuShowsWhatMayBeOpened(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	for role, want := range map[string]int{office.RoleCashier: 15, office.RoleSteward: 11, office.RoleFinance: 28,
		office.RoleManager: 31, office.RoleAdmin: 32} {
		b := w.As(w.Staff[role])
		links := consoletest.FindAll(b.Get("/staff/").Want(t, http.StatusOK).Body, `class="menu-item[^"]*" href="([^"]+)"`)
		if len(links) != want {
			t.Errorf("%s has %d links, want %d: %v", role, len(links), want, links)
		}
		for _, link := range links {
			b.Get(link).Want(t, http.StatusOK, `aria-current="page"`)
		}
	}
}

// TestStewardSeesOwnRoomsOnly tries the ids of other people's rooms everywhere.
func TestStewardSeesOwnRoomsOnly(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	b := w.As(w.AddStaff("zhou", "周楠", office.RoleSteward))
	b.Get("/staff/").Want(t, http.StatusOK, "只统计您负责的房产", `<p class="figure">1<small>户`).Without(t, "99,999", "今日微信收款", "对账")
	b.Get("/staff/rooms").Want(t, http.StatusOK, "3栋2单元1201").Without(t, "5栋", "7栋")
	b.Get("/staff/rooms?q="+consoletest.Escape("王小明")).Want(t, http.StatusOK, "3栋2单元1201").Without(t, "5栋", "7栋")
	b.Get("/staff/rooms?q=5-1-301").Want(t, http.StatusOK, "没有找到").Without(t, n.Other.ID)
	b.Get("/staff/orders").Want(t, http.StatusOK, n.Paid.No, n.Pending.No).Without(t, n.OtherPaid.No)
	b.Get("/staff/orders?number="+n.OtherPaid.No).Want(t, http.StatusOK, "没有符合条件的订单")
	b.Get("/staff/rooms/"+n.Room.ID).Want(t, http.StatusOK)
	b.Get("/staff/orders/"+n.Paid.No).Want(t, http.StatusOK)
	for _, path := range []string{"/staff/rooms/" + n.Other.ID, "/staff/rooms/" + n.Other.ID + "/bills/export",
		"/staff/rooms/" + n.Other.ID + "/payments/export",
		"/staff/orders/" + n.OtherPaid.No} {
		b.Get(path).Want(t, http.StatusNotFound, "不在您负责的范围内").Without(t, "5栋1单元301")
	}
	for _, row := range consoletest.WorkbookRows(t, b.Get("/staff/rooms/export"))[1:] {
		if row[1] != "3-2-1201" {
			t.Errorf("room %s in the steward's workbook", row[1])
		}
	}
	for _, row := range consoletest.WorkbookRows(t, b.Get("/staff/orders/export"))[1:] {
		if row[2] != "3-2-1201" {
			t.Errorf("order of room %s in the steward's workbook", row[2])
		}
	}
}
