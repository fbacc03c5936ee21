package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// apiDocFile is the document for the mini-program team, which the tests in
// api_doc_test.go keep true.
const apiDocFile = "../miniprogram-api.md"

// apiDoc is what the tests read out of the document.
type apiDoc struct {
	headings []docHeading
	examples []docExample
	schemas  map[string][]string // by name of the schema: first column of the table under its marker
	codes    map[string]string   // error code -> status column
}

// docHeading is a heading with the text below it, up to the next heading.
type docHeading struct {
	line int
	text string
	body string
}

// docExample is a request with the answer that the document promises. Without an
// answer any success will do.
type docExample struct {
	line    int
	heading string
	request string
	status  string // empty: any 2xx
	answer  string // empty: no body is compared
	text    bool   // the answer is no JSON; it may end in …
}

var (
	schemaMarker = regexp.MustCompile(`^<!-- schema: (\w+) -->$`)
	fieldCell    = regexp.MustCompile("^\\| `(\\w+)` \\|")
	codeRow      = regexp.MustCompile("^\\| `([A-Z][A-Z0-9_]+)` \\| ([0-9]{3}) \\|")
)

// docReader walks over the lines of the document.
type docReader struct {
	doc     apiDoc
	schema  string // whose table comes next, or is being read
	inTable bool
	codes   bool // inside of the list of error codes
}

func readAPIDoc(t *testing.T) apiDoc {
	t.Helper()
	raw, err := os.ReadFile(apiDocFile)
	if err != nil {
		t.Fatal(err)
	}
	r := docReader{doc: apiDoc{schemas: map[string][]string{}, codes: map[string]string{}}}
	lines := bufio.NewScanner(strings.NewReader(string(raw)))
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if info, ok := strings.CutPrefix(lines.Text(), "```"); ok {
			var block []string
			begun := n
			for n++; lines.Scan() && lines.Text() != "```"; n++ {
				block = append(block, lines.Text())
			}
			if err := r.fence(begun, info, strings.Join(block, "\n")); err != nil {
				t.Fatalf("%s:%d: %v", apiDocFile, begun, err)
			}
			continue
		}
		r.line(n, lines.Text())
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return r.doc
}

// fence takes a fenced block: http is a request; json or text with a status is the
// answer to the request before it.
func (r *docReader) fence(line int, info, block string) error {
	lang, status, _ := strings.Cut(info, " ")
	switch lang {
	case "http":
		heading := ""
		if n := len(r.doc.headings); n > 0 {
			heading = r.doc.headings[n-1].text
		}
		r.doc.examples = append(r.doc.examples, docExample{line: line, heading: heading, request: block})
	case "json", "text":
		n := len(r.doc.examples)
		if n == 0 || r.doc.examples[n-1].status != "" || status == "" {
			return fmt.Errorf("an answer without its request, or without its status")
		}
		r.doc.examples[n-1].status, r.doc.examples[n-1].answer = status, block
		r.doc.examples[n-1].text = lang == "text"
	}
	return nil
}

func (r *docReader) line(n int, text string) {
	if strings.HasPrefix(text, "#") {
		title := strings.TrimLeft(text, "# ")
		r.doc.headings = append(r.doc.headings, docHeading{line: n, text: title})
		r.schema, r.inTable = "", false
		r.codes = title == "错误码"
		return
	}
	if len(r.doc.headings) > 0 {
		h := &r.doc.headings[len(r.doc.headings)-1]
		h.body += text + "\n"
	}
	if m := codeRow.FindStringSubmatch(text); m != nil && r.codes {
		r.doc.codes[m[1]] = m[2]
	}
	if m := schemaMarker.FindStringSubmatch(text); m != nil {
		r.schema, r.inTable = m[1], false
		r.doc.schemas[r.schema] = []string{}
		return
	}
	switch m := fieldCell.FindStringSubmatch(text); {
	case r.schema == "":
	case m != nil:
		r.doc.schemas[r.schema] = append(r.doc.schemas[r.schema], m[1])
		r.inTable = true
	case r.inTable: // the table has ended
		r.schema, r.inTable = "", false
	}
}

// docVariables are values that the server gave, by the name that the document
// gives them: {token}.
type docVariables map[string]string

var docVariable = regexp.MustCompile(`\{([A-Za-z][A-Za-z0-9_]*)\}`)

// fill puts the values in; a name without a value is a fault of the document.
func (v docVariables) fill(text string) (out string, err error) {
	out = docVariable.ReplaceAllStringFunc(text, func(m string) string {
		value, ok := v[m[1:len(m)-1]]
		if !ok {
			err = fmt.Errorf("%s has no value yet", m)
		}
		return value
	})
	return out, err
}

// match holds a value against what the document says: the same keys, the same
// types and the same values, except for {name}, which takes the value or compares
// it with the one taken before, for texts that end in …, and for a last element …
// of a list, which stands for more of the same shape.
func (v docVariables) match(path string, want, got any) error {
	switch want := want.(type) {
	case map[string]any:
		return v.matchObject(path, want, got)
	case []any:
		return v.matchList(path, want, got)
	case string:
		return v.matchText(path, want, got)
	}
	if want != got { // numbers as they are written, true, false and null
		return fmt.Errorf("%s: the document has %v, the server %v", path, want, got)
	}
	return nil
}

func (v docVariables) matchObject(path string, want map[string]any, got any) error {
	have, ok := got.(map[string]any)
	if !ok {
		return fmt.Errorf("%s: the document has an object, the server %T", path, got)
	}
	for key := range have {
		if _, ok := want[key]; !ok {
			return fmt.Errorf("%s.%s: not in the document", path, key)
		}
	}
	for key, w := range want {
		g, ok := have[key]
		if !ok {
			return fmt.Errorf("%s.%s: not in the answer", path, key)
		}
		if err := v.match(path+"."+key, w, g); err != nil {
			return err
		}
	}
	return nil
}

func (v docVariables) matchList(path string, want []any, got any) error {
	have, ok := got.([]any)
	if !ok {
		return fmt.Errorf("%s: the document has a list, the server %T", path, got)
	}
	more := len(want) > 1 && want[len(want)-1] == "…"
	if more {
		want = want[:len(want)-1]
	}
	if len(have) < len(want) || !more && len(have) > len(want) {
		return fmt.Errorf("%s: the document has %d elements, the server %d", path, len(want), len(have))
	}
	for i, g := range have {
		here := fmt.Sprintf("%s[%d]", path, i)
		if i >= len(want) {
			if err := sameShape(here, want[0], g); err != nil {
				return err
			}
			continue
		}
		if err := v.match(here, want[i], g); err != nil {
			return err
		}
	}
	return nil
}

func (v docVariables) matchText(path, want string, got any) error {
	have, ok := got.(string)
	if !ok {
		return fmt.Errorf("%s: the document has a text, the server %T", path, got)
	}
	if m := docVariable.FindStringSubmatch(want); m != nil && m[0] == want {
		known, ok := v[m[1]]
		if v[m[1]] = have; have == "" || ok && known != have {
			return fmt.Errorf("%s: %s is %q, not %q", path, want, have, known)
		}
		return nil
	}
	prefix, cut := strings.CutSuffix(want, "…")
	if have != want && !(cut && len(have) > len(prefix) && strings.HasPrefix(have, prefix)) {
		return fmt.Errorf("%s: the document has %q, the server %q", path, want, have)
	}
	return nil
}

// sameShape reports whether two values have the same keys and types.
func sameShape(path string, a, b any) error {
	left, isObject := a.(map[string]any)
	right, alsoObject := b.(map[string]any)
	if !isObject || !alsoObject {
		if fmt.Sprintf("%T", a) != fmt.Sprintf("%T", b) && a != nil && b != nil {
			return fmt.Errorf("%s: %T and %T", path, a, b)
		}
		return nil
	}
	if len(left) != len(right) {
		return fmt.Errorf("%s: %d keys and %d", path, len(left), len(right))
	}
	for key, x := range left {
		y, ok := right[key]
		if !ok {
			return fmt.Errorf("%s.%s: missing", path, key)
		}
		if err := sameShape(path+"."+key, x, y); err != nil {
			return err
		}
	}
	return nil
}

// parseJSON keeps numbers as they are written.
func parseJSON(text string) (out any, err error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	err = d.Decode(&out)
	return out, err
}
