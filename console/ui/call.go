package ui

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Call is one request on its way through a page: who asks, and a reader of the
// database.
type Call struct {
	*App
	W     http.ResponseWriter
	R     *http.Request
	View  *store.Tx
	Staff office.Staff // zero before sign-in
}

// Can tells whether the member of staff has a permission.
func (c *Call) Can(p Permission) bool { return may(c.Staff, p) }

// Scope is which rooms the member of staff may see.
func (c *Call) Scope() office.Scope { return c.Staff.Scope() }

// Handler makes a handler of a route: who is it, may they, do it, and one place that
// turns errors into pages.
func (a *App) Handler(need Permission, handle func(*Call) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		x := &Call{App: a, W: w, R: req, View: a.DB.View(req.Context())}
		defer func() {
			// A sum that overflows panics, by design. Staff get a page; the connection
			// that is to be aborted is the server's business.
			if p := recover(); p != nil && p != http.ErrAbortHandler { //nolint:errorlint // a panic's value, compared as net/http does
				x.fail(fmt.Errorf("console: panic: %v\n%s", p, debug.Stack()))
			} else if p != nil {
				panic(p)
			}
		}()
		if err := x.serve(need, handle); err != nil {
			x.fail(err)
		}
	})
}

func (c *Call) serve(need Permission, handle func(*Call) error) error {
	if need != PermNone {
		err := c.Identify()
		if errors.Is(err, models.ErrUnauthorized) {
			c.toSignIn()
			return nil
		}
		if err != nil {
			return err
		}
		if !c.Can(need) {
			return models.ErrForbidden
		}
	}
	return handle(c)
}

// Redirect sends the browser on; after a form, so that loading the page again
// posts nothing.
func (c *Call) Redirect(to string) error {
	http.Redirect(c.W, c.R, to, http.StatusSeeOther)
	return nil
}

// toSignIn asks for a sign-in and remembers the page that was wanted. What was
// posted is not remembered.
func (c *Call) toSignIn() {
	to := "/staff/login"
	if c.R.Method == http.MethodGet && c.R.URL.Path != HomePath {
		to += "?next=" + url.QueryEscape(c.R.URL.RequestURI())
	}
	if c.R.Header.Get("HX-Request") != "" { // a part of a page: the whole page has to go
		c.W.Header().Set("HX-Redirect", "/staff/login")
		c.W.WriteHeader(http.StatusUnauthorized)
		return
	}
	_ = c.Redirect(to)
}

// Form reads a posted form; one that is too large or garbled is a refusal.
func (c *Call) Form() error {
	err := c.R.ParseForm()
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return ErrTooLarge
	}
	if err != nil {
		return ErrBadForm.Because(err)
	}
	return nil
}

// Field is a field of the posted form, after [call.form] has read it.
func (c *Call) Field(name string) string { return c.R.PostFormValue(name) }

// Fields are all values of a field of the posted form, after [call.form] has read it.
func (c *Call) Fields(name string) []string {
	return c.R.PostForm[name] //nolint:forbidigo // the form that came in, not the function that sends one
}

// NotFound answers to what is no page.
func (*Call) NotFound() error { return models.ErrNotFound }
