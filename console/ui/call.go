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

// Call is one request on its way through a page: who asks, and a view of the database.
type Call struct {
	*App
	W     http.ResponseWriter
	R     *http.Request
	View  *store.Tx
	Staff office.Staff // zero before sign-in
}

// Can reports whether the member of staff has the permission.
func (c *Call) Can(p office.Permission) bool { return c.Staff.Can(p) }

// Scope returns the rooms that the member of staff may see.
func (c *Call) Scope() office.Scope { return c.Staff.Scope() }

// Handler returns the handler of a route. It finds out who asks, refuses those without the
// permission, and turns every error and panic into a page.
func (a *App) Handler(need office.Permission, handle func(*Call) error) http.Handler {
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

func (c *Call) serve(need office.Permission, handle func(*Call) error) error {
	if need != office.PermNone {
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

// Redirect sends the browser on to another page. After a form it keeps a reload from
// posting the form again.
func (c *Call) Redirect(to string) error {
	http.Redirect(c.W, c.R, to, http.StatusSeeOther)
	return nil
}

// toSignIn leads to the sign-in page and remembers the page that was wanted. It does not
// remember a form that was posted.
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

// Form reads the posted form. It refuses one that is too large or garbled.
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

// Field returns a field of the posted form, which [Call.Form] has read.
func (c *Call) Field(name string) string { return c.R.PostFormValue(name) }

// Fields returns all values of a field of the posted form, which [Call.Form] has read.
func (c *Call) Fields(name string) []string {
	return c.R.PostForm[name] //nolint:forbidigo // the form that came in, not the function that sends one
}

// NotFound is the handler of an address that is no page.
func (*Call) NotFound() error { return models.ErrNotFound }
