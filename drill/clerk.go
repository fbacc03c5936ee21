package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// clerk is a member of staff who is signed in to the console.
type clerk struct {
	d      *drill
	name   string
	client *http.Client
}

const staffPassword = "drill correct horse"

// hire adds one account of each role that the drill needs.
func hire(ctx context.Context, db *store.DB) error {
	hash, err := office.HashPassword(staffPassword)
	if err != nil {
		return err
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		for _, role := range []string{office.RoleCashier, office.RoleFinance, office.RoleManager} {
			if err := office.AddStaff(tx, models.SystemActor("drill"), &office.Staff{Username: "drill-" + role, Name: "演练" + role,
				Role: role, PasswordHash: hash}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (d *drill) newClerk(ctx context.Context, role string) (*clerk, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	c := &clerk{d: d, name: "drill-" + role, client: &http.Client{Jar: jar, Transport: d.client.Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	a := c.post(ctx, "/staff/login", url.Values{"username": {c.name}, "password": {staffPassword}})
	if a.status != http.StatusSeeOther {
		return nil, fmt.Errorf("%s cannot sign in: status %d", c.name, a.status)
	}
	return c, nil
}

// page is what the console answered.
type page struct {
	status int // 0 if there was no answer
	to     string
	body   string
}

// done reports whether an action was carried out: the answer redirects to another page.
func (p page) done() bool { return p.status == http.StatusSeeOther }

func (c *clerk) get(ctx context.Context, path string) page {
	return c.try(ctx, http.MethodGet, path, nil)
}

// post sends a form, and repeats it if no answer came. To repeat is safe: every form that
// moves money has a key of its own, or moves a state only once.
func (c *clerk) post(ctx context.Context, path string, form url.Values) page {
	return c.try(ctx, http.MethodPost, path, form)
}

func (c *clerk) try(ctx context.Context, method, path string, form url.Values) (p page) {
	for try := range tries {
		p = c.once(ctx, method, path, form)
		if p.status != 0 && p.status < 500 || ctx.Err() != nil {
			break
		}
		time.Sleep(time.Duration(100*(try+1)) * time.Millisecond)
	}
	c.d.log.add(fmt.Sprintf("answers to staff: %s", outcome(p.status)), 1)
	return p
}

func outcome(status int) string {
	switch {
	case status == 0:
		return "none"
	case status >= 500:
		return "fault"
	case status >= 400:
		return "refused"
	}
	return "done"
}

func (c *clerk) once(ctx context.Context, method, path string, form url.Values) page {
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, "http://"+c.d.bed.front.address()+path, strings.NewReader(form.Encode()))
	if err != nil {
		return page{}
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := c.client.Do(req)
	if err != nil {
		return page{}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	if err != nil {
		return page{}
	}
	return page{res.StatusCode, res.Header.Get("Location"), string(body)}
}

// staffed signs the staff in before the faults begin.
func (d *drill) staffed(ctx context.Context) (err error) {
	var errs [3]error
	d.cashier, errs[0] = d.newClerk(ctx, office.RoleCashier)
	d.finance, errs[1] = d.newClerk(ctx, office.RoleFinance)
	d.manager, errs[2] = d.newClerk(ctx, office.RoleManager)
	return errors.Join(errs[:]...)
}
