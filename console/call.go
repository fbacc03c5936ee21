package console

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"

	"wuyepay/models"
)

// call is one request on its way through a page: who asks, and a reader of the
// database.
type call struct {
	*console
	w     http.ResponseWriter
	r     *http.Request
	view  *models.Tx
	staff models.Staff // zero before sign-in
}

// can tells whether the member of staff has a permission.
func (c *call) can(p permission) bool { return may(c.staff, p) }

// scope is which rooms the member of staff may see.
func (c *call) scope() models.Scope { return c.staff.Scope() }

// adapt makes a handler of a route: who is it, may they, do it, and one place that
// turns errors into pages.
func (c *console) adapt(r route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		x := &call{console: c, w: w, r: req, view: c.DB.View(req.Context())}
		defer func() {
			// A sum that overflows panics, by design. Staff get a page; the connection
			// that is to be aborted is the server's business.
			if p := recover(); p != nil && p != http.ErrAbortHandler { //nolint:errorlint // a panic's value, compared as net/http does
				x.fail(fmt.Errorf("console: panic: %v\n%s", p, debug.Stack()))
			} else if p != nil {
				panic(p)
			}
		}()
		if err := x.serve(r); err != nil {
			x.fail(err)
		}
	})
}

func (c *call) serve(r route) error {
	if r.need != permNone {
		err := c.identify()
		if errors.Is(err, models.ErrUnauthorized) {
			c.toSignIn()
			return nil
		}
		if err != nil {
			return err
		}
		if !c.can(r.need) {
			return models.ErrForbidden
		}
	}
	return r.handle(c)
}

// redirect sends the browser on; after a form, so that loading the page again
// posts nothing.
func (c *call) redirect(to string) error {
	http.Redirect(c.w, c.r, to, http.StatusSeeOther)
	return nil
}

// toSignIn asks for a sign-in and remembers the page that was wanted. What was
// posted is not remembered.
func (c *call) toSignIn() {
	to := "/staff/login"
	if c.r.Method == http.MethodGet && c.r.URL.Path != homePath {
		to += "?next=" + url.QueryEscape(c.r.URL.RequestURI())
	}
	if c.r.Header.Get("HX-Request") != "" { // a part of a page: the whole page has to go
		c.w.Header().Set("HX-Redirect", "/staff/login")
		c.w.WriteHeader(http.StatusUnauthorized)
		return
	}
	_ = c.redirect(to)
}

// form reads a posted form; one that is too large or garbled is a refusal.
func (c *call) form() error {
	err := c.r.ParseForm()
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return errTooLarge
	}
	if err != nil {
		return errBadForm.Because(err)
	}
	return nil
}

// field is a field of the posted form, after [call.form] has read it.
func (c *call) field(name string) string { return c.r.PostFormValue(name) }

// fields are all values of a field of the posted form, after [call.form] has read it.
func (c *call) fields(name string) []string {
	return c.r.PostForm[name] //nolint:forbidigo // the form that came in, not the function that sends one
}

// notFound answers to what is no page.
func (*call) notFound() error { return models.ErrNotFound }
