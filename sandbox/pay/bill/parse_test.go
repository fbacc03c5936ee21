package bill_test

import (
	"fmt"
	"strings"
	"testing"
)

// parsedBill is what an outsider reads from the file: rows by column name.
type parsedBill struct {
	rows    []map[string]string
	summary map[string]string
}

// parseBill knows the file format and nothing of the code that wrote it.
func parseBill(t *testing.T, file []byte) parsedBill {
	t.Helper()
	text, ok := strings.CutPrefix(string(file), "\xef\xbb\xbf")
	if !ok {
		t.Fatal("no byte order mark")
	}
	text, ok = strings.CutSuffix(text, "\r\n")
	if !ok {
		t.Fatal("no CRLF at the end")
	}
	table := strings.Split(text, "\r\n")
	if strings.Contains(strings.Join(table, ""), "\n") {
		t.Fatal("a line ends without CR")
	}
	row := func(head, line string) map[string]string {
		names, values := strings.Split(head, ","), strings.Split(line, ",")
		if len(names) != len(values) {
			t.Fatalf("%d columns, %d values: %s", len(names), len(values), line)
		}
		m := map[string]string{}
		for i, v := range values {
			if m[names[i]], ok = strings.CutPrefix(v, "`"); !ok {
				t.Fatalf("value without backtick: %s", line)
			}
		}
		return m
	}
	n := len(table)
	bill := parsedBill{summary: row(table[n-2], table[n-1])}
	for _, line := range table[1 : n-2] {
		bill.rows = append(bill.rows, row(table[0], line))
	}
	return bill
}

// yuan writes an amount of at least zero as a bill does.
func yuan(fen int64) string { return fmt.Sprintf("%d.%02d", fen/100, fen%100) }
