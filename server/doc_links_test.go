package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

var (
	mdLink    = regexp.MustCompile(`\]\(([^)\s]+)\)|<img src="([^"]+)"`)
	mdHeading = regexp.MustCompile(`(?m)^#{1,6} +(.+)$`)
	mdFence   = regexp.MustCompile("(?ms)^```.*?^```$")
)

// TestDocumentLinks holds every link of every document to files and headings that
// are there.
func TestDocumentLinks(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != ".." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "data" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".md" {
			return nil
		}
		for _, m := range mdLink.FindAllStringSubmatch(readProse(t, path), -1) {
			if link := m[1] + m[2]; !strings.Contains(link, "://") {
				checkLink(t, path, link)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// readProse is a document without its fenced blocks.
func readProse(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return mdFence.ReplaceAllString(string(raw), "")
}

func checkLink(t *testing.T, from, link string) {
	t.Helper()
	file, anchor, _ := strings.Cut(link, "#")
	target := from
	if file != "" {
		target = filepath.Join(filepath.Dir(from), file)
	}
	if _, err := os.Stat(target); err != nil {
		t.Errorf("%s: %s leads nowhere", from, link)
		return
	}
	if anchor == "" {
		return
	}
	for _, m := range mdHeading.FindAllStringSubmatch(readProse(t, target), -1) {
		if slug(m[1]) == anchor {
			return
		}
	}
	t.Errorf("%s: %s names a heading that is not there", from, link)
}

// slug is the anchor that code hosts give a heading: lower case, blanks as
// hyphens, no other signs.
func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(heading))
}
