package sheet

import (
	"bytes"
	"io"
)

// find reads until a needle whose preceding bytes (up to 32) are accepted, and
// returns a reader of everything after it. If there is none it reads to the
// end, or to the error of r.
func find(r io.Reader, needle []byte, accept func(before []byte) bool) (io.Reader, bool, error) {
	const before = 32
	window := make([]byte, 0, 64<<10)
	from := 0 // matches before it were not accepted
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
		// Keep the possible beginning of a needle, and the bytes before it.
		keep := min(len(window), len(needle)-1+before)
		from = max(0, from-(len(window)-keep))
		window = append(window[:0], window[len(window)-keep:]...)
	}
}
