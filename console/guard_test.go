package console_test

import (
	"net/http"
	"strings"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/office"
)

// TestBrokenDatabase opens pages over a database that always fails: a page with a
// request id, and nothing of what went wrong.
func TestBrokenDatabase(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	b := w.As(w.Staff[office.RoleAdmin])
	if err := w.DB.Close(); err != nil {
		t.Fatal(err)
	}
	for pattern := range access {
		if access[pattern] == "open" {
			continue
		}
		method, path := concrete(pattern, n)
		a := b.Do(method, path, nil).Want(t, http.StatusInternalServerError, "系统出错了", "请求号")
		a.Without(t, "sql", "database is closed", "SELECT", "goroutine", ".go:")
		id := consoletest.FindAll(a.Body, `<code>([0-9A-Z]{26})</code>`)
		if len(id) != 1 || !strings.Contains(w.Logs.String(), id[0]) {
			t.Errorf("%s: request id %v is not in the log", pattern, id)
		}
	}
	w.SignedOut().Post("/staff/login", consoletest.Credentials("admin", consoletest.Password, "")).Want(t,
		http.StatusInternalServerError, "系统出错了")
	w.SignedOut().Get("/staff/login").Want(t, http.StatusOK, "员工登录")
}
