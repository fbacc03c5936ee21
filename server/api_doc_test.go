package main

import (
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wuyepay/handlers"
	"wuyepay/models"
)

// Addresses that the document uses; the tests run on free ports.
const (
	docServer  = "http://127.0.0.1:8080"
	docSandbox = "http://127.0.0.1:18980"
)

// docApp is the app that the document speaks of: the demonstration community on
// 15 March 2026. The jobs do not run, so that nothing but the examples changes
// anything.
func docApp(t *testing.T) (a *app, base string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base = "http://" + listener.Addr().String()
	cfg, err := loadConfig("../config.yaml", []string{
		"WUYEPAY_CLOCK=2026-03-15T10:00:00+08:00",
		"WUYEPAY_SERVER__PUBLIC_URL=" + base,
		"WUYEPAY_DATABASE__DSN=" + filepath.Join(t.TempDir(), "wuyepay.db"),
		"WUYEPAY_SANDBOX__LISTEN=127.0.0.1:0",
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if a, err = newApp(ctx, cfg, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if err := a.loadDemo(ctx); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(a.handler())
	server.Listener.Close()
	server.Listener = listener
	server.Start()
	t.Cleanup(func() {
		server.Close()
		if err := a.close(); err != nil {
			t.Error(err)
		}
	})
	return a, base
}

// TestAPIDocExamples runs every example of the document, in order.
func TestAPIDocExamples(t *testing.T) {
	t.Parallel()
	doc := readAPIDoc(t)
	a, base := docApp(t)
	addresses := strings.NewReplacer(docServer, base, docSandbox, a.sandbox.URL())
	values := docVariables{}
	for _, e := range doc.examples {
		if err := e.run(addresses, base, values); err != nil {
			t.Fatalf("%s:%d (%s): %v", apiDocFile, e.line, e.heading, err)
		}
	}
}

// patience is how long a GET may take to show what happened elsewhere: WeChat's
// callback comes by itself, late where the machine is slow.
const patience = 5 * time.Minute

// run sends the request and holds the answer against the document.
func (e docExample) run(addresses *strings.Replacer, base string, values docVariables) error {
	deadline := time.Now().Add(patience)
	for {
		now := maps.Clone(values) // a try that fails must not keep what it took
		err := e.try(addresses, base, now)
		if err == nil {
			maps.Copy(values, now)
			return nil
		}
		if !strings.HasPrefix(e.request, "GET ") || time.Now().After(deadline) {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (e docExample) try(addresses *strings.Replacer, base string, values docVariables) error {
	text, err := values.fill(e.request)
	if err != nil {
		return err
	}
	req, err := parseRequest(addresses.Replace(text), base)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if e.status == "" {
		if res.StatusCode/100 != 2 {
			return fmt.Errorf("status %d: %s", res.StatusCode, body)
		}
		return nil
	}
	if strconv.Itoa(res.StatusCode) != e.status {
		return fmt.Errorf("the document has status %s, the server %d: %s", e.status, res.StatusCode, body)
	}
	if e.answer == "" {
		if len(body) > 0 {
			return fmt.Errorf("the document has no body, the server %s", body)
		}
		return nil
	}
	if e.text {
		return values.match("answer", e.answer, string(body))
	}
	want, err := parseJSON(e.answer)
	if err != nil {
		return fmt.Errorf("the document's answer: %w", err)
	}
	got, err := parseJSON(string(body))
	if err != nil {
		return fmt.Errorf("the server's answer: %w", err)
	}
	if err := values.match("answer", want, got); err != nil {
		return fmt.Errorf("%w\n%s", err, body)
	}
	return nil
}

// parseRequest reads a request as the document writes it: method and address,
// headers, an empty line, the body.
func parseRequest(text, base string) (*http.Request, error) {
	head, body, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(strings.TrimSpace(head), "\n")
	method, address, ok := strings.Cut(lines[0], " ")
	if !ok {
		return nil, fmt.Errorf("no request line: %q", lines[0])
	}
	if strings.HasPrefix(address, "/") {
		address = base + address
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	u.RawQuery = u.Query().Encode() // the document writes Chinese as it is
	req, err := http.NewRequest(method, u.String(), strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	for _, line := range lines[1:] {
		name, value, ok := strings.Cut(line, ": ")
		if !ok {
			return nil, fmt.Errorf("no header: %q", line)
		}
		req.Header.Set(name, value)
	}
	return req, nil
}

// openDocument is what the tests need of the OpenAPI document.
type openDocument struct {
	Paths      map[string]map[string]openOperation `json:"paths"`
	Components struct {
		Schemas map[string]struct {
			Properties map[string]struct {
				Enum []string `json:"enum"`
			} `json:"properties"`
		} `json:"schemas"`
	} `json:"components"`
}

type openOperation struct {
	Parameters []struct {
		Name string `json:"name"`
	} `json:"parameters"`
}

func openAPIDocument(t *testing.T) openDocument {
	t.Helper()
	_, base := docApp(t)
	res, err := http.Get(base + "/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var out openDocument
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// callHeading is the heading of a call: method and path below /api/v1.
var callHeading = regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE) (/\S+)$`)

// TestAPIDocMatchesOpenAPI holds calls, parameters, objects, fields and fixed
// values of the document against those of the code.
func TestAPIDocMatchesOpenAPI(t *testing.T) {
	t.Parallel()
	doc, api := readAPIDoc(t), openAPIDocument(t)
	calls := map[string]docHeading{}
	for _, h := range doc.headings {
		if m := callHeading.FindStringSubmatch(h.text); m != nil {
			calls[m[1]+" /api/v1"+m[2]] = h
		}
	}
	want := map[string]openOperation{}
	for path, methods := range api.Paths {
		for method, op := range methods {
			want[strings.ToUpper(method)+" "+path] = op
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(calls))); diff != "" {
		t.Errorf("calls (-code +document):\n%s", diff)
	}
	for call, op := range want {
		for _, p := range op.Parameters {
			if !strings.Contains(calls[call].body, "`"+p.Name+"`") && p.Name != "Authorization" {
				t.Errorf("%s: parameter %s is not in the document", call, p.Name)
			}
		}
		if !hasExample(doc, calls[call].text) {
			t.Errorf("%s: no example of a success", call)
		}
	}
	fields := map[string][]string{}
	for name, s := range api.Components.Schemas {
		fields[name] = slices.Sorted(maps.Keys(s.Properties))
		for field, p := range s.Properties {
			checkEnum(t, doc, name, field, p.Enum)
		}
	}
	have := map[string][]string{}
	for name, list := range doc.schemas {
		have[name] = slices.Sorted(slices.Values(list))
	}
	if diff := cmp.Diff(fields, have); diff != "" {
		t.Errorf("objects and fields (-code +document):\n%s", diff)
	}
}

// hasExample reports whether a call is shown to succeed under its own heading.
func hasExample(doc apiDoc, heading string) bool {
	return slices.ContainsFunc(doc.examples, func(e docExample) bool {
		return e.heading == heading && strings.HasPrefix(e.status, "2")
	})
}

// checkEnum wants every fixed value of a field in the document.
func checkEnum(t *testing.T, doc apiDoc, schema, field string, values []string) {
	t.Helper()
	text := ""
	for _, h := range doc.headings {
		if strings.HasPrefix(h.text, schema+" ") {
			text = h.body
		}
	}
	for _, v := range values {
		if !strings.Contains(text, "`"+v+"`") {
			t.Errorf("%s.%s: the value %s is not in the document", schema, field, v)
		}
	}
}

// TestAPIDocErrorCodes holds the list of error codes against the code: the same
// codes, with the status that the front door gives them.
func TestAPIDocErrorCodes(t *testing.T) {
	t.Parallel()
	doc := readAPIDoc(t)
	code := codesInSource(t)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(code)), slices.Sorted(maps.Keys(doc.codes))); diff != "" {
		t.Errorf("error codes (-code +document):\n%s", diff)
	}
	for c, kind := range code {
		if kind == 0 { // made by a front door without a kind
			continue
		}
		f := handlers.Fail(context.Background(), slog.New(slog.DiscardHandler), models.Refusal(kind, c, ""))
		if want := strconv.Itoa(f.GetStatus()); doc.codes[c] != want {
			t.Errorf("%s: the document has status %s, the code %s", c, doc.codes[c], want)
		}
	}
}

// kindNames are the kinds by the names they have in the source.
var kindNames = map[string]models.Kind{
	"KindInvalid": models.KindInvalid, "KindUnauthorized": models.KindUnauthorized, "KindForbidden": models.KindForbidden,
	"KindNotFound": models.KindNotFound, "KindConflict": models.KindConflict, "KindUnprocessable": models.KindUnprocessable,
	"KindTooMany": models.KindTooMany, "KindUnavailable": models.KindUnavailable,
}

// codesInSource finds the code of every refusal in the source. The console's own
// codes are left out: its answers are pages.
func codesInSource(t *testing.T) map[string]models.Kind {
	t.Helper()
	codes := map[string]models.Kind{}
	files := token.NewFileSet()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != ".." && (d.Name() == "console" || d.Name() == "sandbox" || strings.HasPrefix(d.Name(), ".")) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err == nil {
			ast.Inspect(f, func(n ast.Node) bool { noteCode(codes, n); return true })
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return codes
}

// noteCode takes the code out of Refusal(kind, code, …), Invalid(code, …),
// writeFailure(w, status, code, …) and of constants called codeX or CodeX.
func noteCode(codes map[string]models.Kind, n ast.Node) {
	switch n := n.(type) {
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if i < len(n.Values) && regexp.MustCompile(`^[cC]ode[A-Z]`).MatchString(name.Name) {
				keepCode(codes, n.Values[i], 0)
			}
		}
	case *ast.CallExpr:
		switch name := lastName(n.Fun); {
		case name == "Refusal" && len(n.Args) == 3:
			keepCode(codes, n.Args[1], kindNames[lastName(n.Args[0])])
		case name == "Invalid" && len(n.Args) == 2:
			keepCode(codes, n.Args[0], models.KindInvalid)
		case name == "writeFailure" && len(n.Args) == 5:
			keepCode(codes, n.Args[2], 0)
		}
	}
}

// lastName is Refusal of models.Refusal, and Refusal itself.
func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

var codeForm = regexp.MustCompile(`^[A-Z][A-Z0-9_]+$`)

func keepCode(codes map[string]models.Kind, e ast.Expr, kind models.Kind) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return // a name for a refusal that is noted where it is made
	}
	if code, err := strconv.Unquote(lit.Value); err == nil && codeForm.MatchString(code) {
		if codes[code] == 0 {
			codes[code] = kind
		}
	}
}
