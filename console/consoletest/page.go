package consoletest

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// Hidden returns the value of a hidden field of a page.
func Hidden(t testing.TB, page, name string) string {
	t.Helper()
	found := FindAll(page, `name="`+name+`" value="([^"]*)"`)
	if len(found) == 0 {
		t.Fatalf("no field %s on the page", name)
	}
	return found[0]
}

// Escape escapes a text for the query of an address.
func Escape(s string) string { return url.QueryEscape(s) }

// FindAll returns the first group of every match.
func FindAll(text, pattern string) []string {
	var out []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	return out
}

// WorkbookRows returns the rows of a downloaded workbook, the header first.
func WorkbookRows(t testing.TB, a Answer) [][]string {
	t.Helper()
	if a.Status != http.StatusOK || !strings.Contains(a.Header.Get("Content-Disposition"), "attachment") ||
		a.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("no download: status %d, %v\n%s", a.Status, a.Header, a.Body)
	}
	f, err := excelize.OpenReader(bytes.NewReader([]byte(a.Body)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetList()[0])
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
