package staffapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"unicode"

	"wuyepay/handlers/staffapi"
)

// document is the generated document, as its readers see it.
type document struct {
	Servers  []struct{ URL string }
	Security []map[string][]string
	Paths    map[string]map[string]operation
	Info     struct{ Description string }

	Components struct {
		Schemas map[string]property
	}
}

type operation struct {
	Summary, Description string
	OperationID          string                 `json:"operationId"`
	Security             *[]map[string][]string `json:"security"`
	Parameters           []struct{ Name, Description string }
	Responses            map[string]struct {
		Description string
		Content     map[string]struct{ Schema property }
	}
}

type property struct {
	Type        any
	Description string
	Properties  map[string]property
	AllOf       []property `json:"allOf"`
	Enum        []string
}

// chinese reports whether a text has Chinese in it.
func chinese(text string) bool {
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			return true
		}
	}
	return false
}

// The document explains every call, every field and every refusal in Chinese.
func TestDocument(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := httptest.NewRecorder()
	d.doors.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, staffapi.Prefix+"/openapi.json", http.NoBody))
	var doc document
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Servers) != 1 || doc.Servers[0].URL != "https://fees.example.cn" || len(doc.Security) != 1 || !chinese(doc.Info.Description) {
		t.Errorf("servers %v, security %v", doc.Servers, doc.Security)
	}
	for path, calls := range doc.Paths {
		for method, op := range calls {
			name := method + " " + path
			if !chinese(op.Summary) || !chinese(op.Description) || op.OperationID == "" {
				t.Errorf("%s is not explained", name)
			}
			open := path == staffapi.Prefix+"/session" && method == "post"
			if op.Security == nil || open != (len(*op.Security) == 0) {
				t.Errorf("%s: security %v", name, op.Security)
			}
			for _, p := range op.Parameters {
				if !chinese(p.Description) {
					t.Errorf("%s: parameter %s is not explained", name, p.Name)
				}
			}
			wantCodes(t, name, op, open)
		}
	}
	for name, s := range doc.Components.Schemas {
		for field, p := range s.Properties {
			if field != "$schema" && !chinese(p.Description) {
				t.Errorf("%s.%s is not explained", name, field)
			}
		}
	}
}

// wantCodes wants the codes of a call's refusals by status.
func wantCodes(t *testing.T, name string, op operation, open bool) {
	t.Helper()
	codes := func(status string) (out []string) {
		r, ok := op.Responses[status]
		if ok && !chinese(r.Description) {
			t.Errorf("%s: %s is not explained", name, status)
		}
		for _, part := range r.Content["application/json"].Schema.AllOf {
			out = append(out, part.Properties["code"].Enum...)
		}
		return out
	}
	want := map[string][]string{"400": {"INVALID_REQUEST"}, "401": {"UNAUTHORIZED"}, "403": {"FORBIDDEN"}, "500": {"INTERNAL"}}
	if open {
		want = map[string][]string{"400": {"INVALID_REQUEST"}, "401": {"BAD_SIGN_IN"}, "429": {"LOCKED_OUT", "TOO_MANY_REQUESTS"}}
	}
	for status, list := range want {
		have := codes(status)
		for _, code := range list {
			if !slices.Contains(have, code) {
				t.Errorf("%s: %s is %v, want %v among them", name, status, have, list)
			}
		}
	}
	if _, ok := op.Responses["default"]; ok {
		t.Errorf("%s: an answer without a status", name)
	}
}
