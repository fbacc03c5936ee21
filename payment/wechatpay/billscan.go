package wechatpay

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxBillLine bounds one line. Real ones have about 280 bytes.
const maxBillLine = 256 << 10

// billScanner reads a bill: header line, data rows, summary header and one summary row.
// Nothing may follow.
//
// The format is not CSV. Every value of a data or summary row begins with a backtick,
// nothing is quoted, and WeChat Pay escapes commas and line breaks inside the texts of
// users. So ",`" can only be a border. Splitting there is right and twice as fast as
// encoding/csv.
type billScanner struct {
	op      string
	summary string // first name of the summary header
	header  func(names []string) error
	row     func(fields []string) error
	totals  func(values map[string]string) error
}

// errBill is the text of a fault. scan adds the line number.
func errBill(format string, args ...any) error { return fmt.Errorf(format, args...) }

// stopped carries an error of the caller's own function unchanged through the scanner.
type stopped struct{ err error }

func (s *stopped) Error() string { return s.err.Error() }

// scan reads the whole bill. A fault becomes ErrBillCorrupt with its line number. An
// error of the caller's function or of ctx is returned unchanged.
func (b *billScanner) scan(ctx context.Context, r io.Reader) error {
	lines := &lineReader{r: bufio.NewReaderSize(r, maxBillLine)}
	err := b.sections(ctx, lines)
	var stop *stopped
	switch {
	case err == nil:
		return nil
	case errors.As(err, &stop):
		return stop.err
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return &Error{Op: b.op, Kind: ErrBillCorrupt, Reason: fmt.Sprintf("line %d: %v", lines.n, err)}
}

func (b *billScanner) sections(ctx context.Context, lines *lineReader) error {
	line, err := lines.next()
	if err != nil {
		return err
	}
	names := strings.Split(strings.TrimPrefix(line, "\ufeff"), ",")
	if err := b.header(names); err != nil {
		return err
	}
	fields := make([]string, 0, len(names))
	for {
		if line, err = lines.next(); err != nil {
			return err // io.EOF here means cut off before the summary
		}
		if line == "" || line[0] != '`' {
			break
		}
		if fields = splitTicked(line, fields[:0]); len(fields) != len(names) {
			return errBill("has %d columns, the header has %d", len(fields), len(names))
		}
		if err := b.row(fields); err != nil {
			return err
		}
		if lines.n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return b.ending(line, lines)
}

// ending reads the summary and checks that nothing follows it.
func (b *billScanner) ending(head string, lines *lineReader) error {
	names := strings.Split(head, ",")
	if names[0] != b.summary {
		return errBill("neither a row nor the summary")
	}
	line, err := lines.next()
	if err != nil {
		return err
	}
	if line == "" || line[0] != '`' {
		return errBill("the summary has no values")
	}
	fields := splitTicked(line, nil)
	if len(fields) != len(names) {
		return errBill("the summary has %d values for %d names", len(fields), len(names))
	}
	values := make(map[string]string, len(names))
	for i, name := range names {
		values[name] = fields[i]
	}
	if err := b.totals(values); err != nil {
		return err
	}
	for {
		line, err := lines.next()
		if errors.Is(err, errCutOff) {
			return nil
		}
		if err != nil {
			return err
		}
		if line != "" {
			return errBill("something follows the summary")
		}
	}
}

// splitTicked splits "`a,`b,`" into its values, which share the memory of line.
func splitTicked(line string, into []string) []string {
	start, pos := 1, 1
	for {
		i := strings.IndexByte(line[pos:], '`')
		if i < 0 {
			return append(into, line[start:])
		}
		// A backtick without a comma before it belongs to a text.
		if i += pos; i > start && line[i-1] == ',' {
			into = append(into, line[start:i-1])
			start = i + 1
		}
		pos = i + 1
	}
}

var errCutOff = errors.New("the bill is cut off")

// lineReader returns lines without their CRLF, each as a string of its own. That is one
// allocation a line, and a value that the caller keeps holds no more than its line in
// memory.
type lineReader struct {
	r *bufio.Reader
	n int
}

func (l *lineReader) next() (string, error) {
	raw, err := l.r.ReadSlice('\n')
	if err == io.EOF && len(raw) > 0 {
		err = nil
	}
	switch {
	case err == io.EOF:
		return "", errCutOff
	case errors.Is(err, bufio.ErrBufferFull):
		return "", errBill("the line is too long")
	case err != nil:
		return "", errBill("cannot be read")
	}
	l.n++
	end := len(raw)
	if end > 0 && raw[end-1] == '\n' {
		end--
	}
	if end > 0 && raw[end-1] == '\r' {
		end--
	}
	return string(raw[:end]), nil
}

// columnIndex returns the place of the first of several names of a column, or -1 if the
// bill has none of them.
func columnIndex(names []string, aliases ...string) int {
	for _, alias := range aliases {
		for i, name := range names {
			if name == alias {
				return i
			}
		}
	}
	return -1
}
