package bill

import (
	"bufio"
	"io"
)

// half returns a file that ends in the middle.
func half(file file) file {
	return func(w io.Writer) error {
		var size counter
		if err := file(&size); err != nil {
			return err
		}
		return file(&limited{w: w, left: int(size) / 2})
	}
}

// counter counts the bytes that are written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// limited passes on the first bytes and drops the rest.
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

// lines returns the file of a function that writes lines. It adds the byte order mark
// of every bill.
func lines(write func(*bufio.Writer)) file {
	return func(w io.Writer) error {
		buffered := bufio.NewWriterSize(w, 64<<10)
		buffered.WriteString("\uFEFF")
		write(buffered)
		return buffered.Flush() // returns the first error of all writes
	}
}
