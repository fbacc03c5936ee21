package sandbox

import (
	"bufio"
	"compress/gzip"
	"io"
	"net/http"
)

// serveBillFile answers GET /v3/billdownload/file: the request must be signed
// like any other, the file is not.
func (s *billService) serveBillFile(w http.ResponseWriter, r *http.Request) {
	s.core.count(RouteBillDownload)
	m, refused := s.host.authorize(r, nil)
	if refused != nil {
		writePlain(w, refused)
		return
	}
	struck := s.core.faults.strike(RouteBillDownload, m.Name, nil)
	if struck != nil && (s.core.spoilBefore(w, r, struck, refusePay) || s.core.spoilAfter(w, r, struck, refusePay)) {
		return
	}
	token, ok := s.desk.lookup(r.URL.Query().Get("token"))
	if !ok {
		writePlain(w, invalidRequest(268435461, "账单下载地址无效或已过期"))
		return
	}
	if token.m != m {
		writePlain(w, noAuth("无权下载其他商户的账单"))
		return
	}
	file := token.file
	if k := struck.kind(); k == FaultHalfBill || k == FaultTruncated {
		file = half(file)
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	if err := writeBill(w, file, r.URL.Query().Get("tartype") == "gzip"); err != nil {
		s.core.log.Debug("sandbox: bill not sent whole", "error", err)
	}
	if struck.kind() == FaultTruncated {
		cutShort(w)
	}
}

// writeBill sends a file plain or packed; the hash is of the plain bytes in
// both cases.
func writeBill(w io.Writer, file billFile, packed bool) error {
	if !packed {
		return file(w)
	}
	// Packed without a Content-Encoding header, so no client unpacks it unasked.
	zip := gzip.NewWriter(w)
	if err := file(zip); err != nil {
		return err
	}
	return zip.Close()
}

// half is a file that ends in the middle.
func half(file billFile) billFile {
	return func(w io.Writer) error {
		var size counter
		if err := file(&size); err != nil {
			return err
		}
		return file(&limited{w: w, left: int(size) / 2})
	}
}

// counter measures a file by writing it nowhere.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// limited passes on the first bytes and swallows the rest.
type limited struct {
	w    io.Writer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	pass := p[:min(len(p), l.left)]
	l.left -= len(pass)
	if _, err := l.w.Write(pass); err != nil {
		return 0, err
	}
	return len(p), nil
}

// lines makes a billFile of a function that writes lines; the byte order mark
// and the buffer are the same for all bills.
func lines(write func(*bufio.Writer)) billFile {
	return func(w io.Writer) error {
		buffered := bufio.NewWriterSize(w, 64<<10)
		buffered.WriteString("\uFEFF")
		write(buffered)
		return buffered.Flush() // keeps the first error of all writes
	}
}
