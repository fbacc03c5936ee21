package consoletest

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Client is a browser that keeps cookies and does not follow redirects.
type Client struct {
	t    testing.TB
	Base string
	HTTP *http.Client
}

// SignedOut returns a client in which nobody has signed in.
func (w *World) SignedOut() *Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.T.Fatal(err)
	}
	return &Client{w.T, w.Server.URL, &http.Client{Jar: jar, Timeout: 5 * time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// As returns a client in which somebody has signed in, by a session made straight in the
// database.
func (w *World) As(s office.Staff) *Client {
	w.T.Helper()
	var token string
	modelstest.Write(w.T, w.DB, func(tx *store.Tx) (err error) {
		token, _, err = office.StartSession(tx, office.SessionStaff, s.ID, time.Hour)
		return err
	})
	b := w.SignedOut()
	u, _ := url.Parse(b.Base + "/staff/")
	b.HTTP.Jar.SetCookies(u, []*http.Cookie{{Name: "wuyepay_staff", Value: token, Path: "/staff/"}})
	return b
}

// Answer is what the server returned.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Location returns where a redirect leads.
func (a Answer) Location() string { return a.Header.Get("Location") }

// Do sends a request with a form and headers, given as name and value in turn.
func (b *Client) Do(method, path string, form url.Values, header ...string) Answer {
	b.t.Helper()
	req, err := http.NewRequest(method, b.Base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := b.HTTP.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return Answer{res.StatusCode, res.Header, string(body)}
}

// Get asks for a page.
func (b *Client) Get(path string, header ...string) Answer {
	b.t.Helper()
	return b.Do(http.MethodGet, path, nil, header...)
}

// Post posts a form.
func (b *Client) Post(path string, form url.Values, header ...string) Answer {
	b.t.Helper()
	return b.Do(http.MethodPost, path, form, header...)
}

// Want fails the test unless the answer has the status and every text.
func (a Answer) Want(t testing.TB, status int, texts ...string) Answer {
	t.Helper()
	if a.Status != status {
		t.Fatalf("status %d, want %d; location %q; body:\n%s", a.Status, status, a.Location(), a.Body)
	}
	for _, text := range texts {
		if !strings.Contains(a.Body, text) {
			t.Fatalf("no %q in:\n%s", text, a.Body)
		}
	}
	return a
}

// Without fails the test if the answer has one of the texts.
func (a Answer) Without(t testing.TB, texts ...string) Answer {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(a.Body, text) {
			t.Fatalf("%q must not be in:\n%s", text, a.Body)
		}
	}
	return a
}

// SendFile posts a form with a file.
func (b *Client) SendFile(path, name, content string, fields map[string]string) Answer {
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
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.Base+path, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Origin", b.Base)
	resp, err := b.HTTP.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return Answer{Status: resp.StatusCode, Header: resp.Header, Body: string(text)}
}
