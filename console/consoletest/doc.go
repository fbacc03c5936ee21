// Package consoletest builds a console for tests: a database of its own, staff of
// every role, WeChat's side from package sandbox, and a client in which somebody has
// signed in.
//
//	w := consoletest.New(t)
//	n := w.Town() // a small community with something on every page
//	w.As(w.Staff[office.RoleFinance]).Get("/staff/orders").Want(t, http.StatusOK, n.Paid.No)
//
// Only tests import it.
package consoletest
