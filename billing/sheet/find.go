package sheet

import (
	"bytes"
	"io"
)

// find reads until a needle has come whose preceding bytes (up to 32) are accepted, and gives a reader of all that
// follows it. Without one it has read everything, to the error of r if that has one.
func find(r io.Reader, needle []byte, accept func(before []byte) bool) (io.Reader, bool, error) {
	const before = 32
	window := make([]byte, 0, 64<<10)
	from := 0 // matches before it have been refused
	for {
		n, err := r.Read(window[len(window):cap(window)])
		window = window[:len(window)+n]
		for {
			i := bytes.Index(window[from:], needle)
			if i < 0 {
				break
			}
			at := from + i
			from = at + len(needle)
			if accept == nil || accept(window[max(0, at-before):at]) {
				return io.MultiReader(bytes.NewReader(window[from:]), r), true, nil
			}
		}
		if err == io.EOF {
			return nil, false, nil
		}
		if err != nil {
			return nil, false, err
		}
		// What is kept may hold the beginning of a needle, and what stands before it.
		keep := min(len(window), len(needle)-1+before)
		from = max(0, from-(len(window)-keep))
		window = append(window[:0], window[len(window)-keep:]...)
	}
}
