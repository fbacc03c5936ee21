package wechatpay

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"time"
)

// spool is a bill on disk, decompressed. Its name is unlinked as soon as the system
// allows it, so that a crash leaves nothing behind.
type spool struct {
	Date string // the day of the bill, Asia/Shanghai
	Size int64  // bytes, decompressed
	SHA1 string // of those bytes, hexadecimal; WeChat Pay announced the same
	// Reply is the signed answer that announced the hash: it proves the file.
	Reply Reply
	op    string
	file  *os.File
}

// Close removes the file.
func (s *spool) Close() error {
	err := s.file.Close()
	if rm := os.Remove(s.file.Name()); rm != nil && !errors.Is(rm, os.ErrNotExist) {
		return rm
	}
	return err
}

// open returns a new reader of the whole bill.
func (s *spool) open() io.Reader { return io.NewSectionReader(s.file, 0, s.Size) }

// download fetches a bill file with the client that does not verify. Files are not
// signed; their hash was in a reply that was
// (pay.weixin.qq.com/doc/v3/merchant/4013071238). The hash covers the decompressed
// bytes.
func (c *Client) download(ctx context.Context, op, address string, sum []byte) (*spool, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// There is no total limit. A slow bill is accepted, one without progress is not.
	watch := time.AfterFunc(c.limits.stall, cancel)
	defer watch.Stop()

	result, err := c.files.Get(ctx, address)
	if result != nil && result.Response != nil && result.Response.Body != nil {
		defer result.Response.Body.Close()
	}
	if err != nil {
		return nil, classify(ctx, op, result, err)
	}
	wire := &wireReader{next: result.Response.Body, alive: func() { watch.Reset(c.limits.stall) }}
	s, got, err := c.store(op, wire)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(got, sum) {
		_ = s.Close()
		return nil, &Error{Op: op, Kind: ErrBillHash}
	}
	s.SHA1 = hex.EncodeToString(got)
	return s, nil
}

// store decompresses the download into a temporary file and returns it with its SHA-1.
func (c *Client) store(op string, wire *wireReader) (_ *spool, sum []byte, err error) {
	file, err := os.CreateTemp("", "wechatpay-bill-*")
	if err != nil {
		return nil, nil, &Error{Op: op, Kind: ErrUnknown, Reason: "cannot create a temporary file"}
	}
	s := &spool{op: op, file: file}
	defer func() {
		if err != nil {
			_ = s.Close()
		}
	}()
	_ = os.Remove(file.Name())

	src, err := c.plain(wire)
	if err != nil {
		return nil, nil, wire.explain(op)
	}
	hash := sha1.New()
	disk := bufio.NewWriterSize(file, 256<<10)
	s.Size, err = io.CopyBuffer(io.MultiWriter(hash, disk), io.LimitReader(src, c.limits.plain+1), make([]byte, 64<<10))
	if flush := disk.Flush(); flush != nil {
		return nil, nil, &Error{Op: op, Kind: ErrUnknown, Reason: "cannot write the temporary file"}
	}
	if err != nil {
		return nil, nil, wire.explain(op)
	}
	if s.Size > c.limits.plain {
		return nil, nil, &Error{Op: op, Kind: ErrBillCorrupt, Reason: "larger than any real bill"}
	}
	return s, hash.Sum(nil), nil
}

// plain decompresses by the first bytes, because no header of WeChat Pay says whether a
// file is compressed.
func (c *Client) plain(wire *wireReader) (io.Reader, error) {
	wire.limit = c.limits.wire
	buffered := bufio.NewReaderSize(wire, 64<<10)
	magic, err := buffered.Peek(2)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		wire.limit = 0 // the bill has a limit of its own
		return buffered, nil
	}
	return gzip.NewReader(buffered)
}

// wireReader keeps the error that ended the network, which gzip would hide, and resets
// the watch.
type wireReader struct {
	next  io.Reader
	alive func()
	limit int64 // 0 = none
	read  int64
	err   error
}

func (w *wireReader) Read(p []byte) (int, error) {
	n, err := w.next.Read(p)
	w.read += int64(n)
	if n > 0 {
		w.alive()
	}
	if w.limit > 0 && w.read > w.limit {
		err = errReplyTooLarge
	}
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

// explain returns an error that separates a broken connection, which is worth another
// try, from a broken file.
func (w *wireReader) explain(op string) error {
	switch {
	case w.err == nil:
		return &Error{Op: op, Kind: ErrBillCorrupt, Reason: "cannot be decompressed"}
	case errors.Is(w.err, errReplyTooLarge):
		return &Error{Op: op, Kind: ErrBillCorrupt, Reason: "larger than any real bill"}
	}
	return &Error{Op: op, Kind: ErrUnknown, Reason: "download broke off"}
}
