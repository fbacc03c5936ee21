package sheet

import (
	"io"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

// gbLater are the characters that GB18030 has had in two bytes since 2005, and since 2022
// outside the private area of Unicode. x/text knows the table of 2000, in which their codes
// are empty, so that a name such as 龴小 is taken for a damaged one. Each is known to it by
// its code of four bytes.
var gbLater = map[string]rune{
	"\xa6\xd9": '︐', "\xa6\xda": '︒', "\xa6\xdb": '︑', "\xa6\xdc": '︓', "\xa6\xdd": '︔', "\xa6\xde": '︕', "\xa6\xdf": '︖',
	"\xa6\xec": '︗', "\xa6\xed": '︘', "\xa6\xf3": '︙', "\xa8\xbc": 'ḿ',
	"\xfe\x51": '𠂇', "\xfe\x52": '𠂉', "\xfe\x53": '𠃌', "\xfe\x59": '龴', "\xfe\x61": '龵', "\xfe\x66": '龶', "\xfe\x67": '龷',
	"\xfe\x6c": '𡗗', "\xfe\x6d": '龸', "\xfe\x76": '𢦏', "\xfe\x7e": '龹', "\xfe\x90": '龺', "\xfe\x91": '𤇾', "\xfe\xa0": '龻',
}

// decodeGB18030 returns a reader of the text as UTF-8. Bytes that are no character become
// U+FFFD.
func decodeGB18030(r io.Reader) io.Reader {
	return simplifiedchinese.GB18030.NewDecoder().Reader(transform.NewReader(r, gbWiden{}))
}

// gbWiden writes the characters of gbLater in four bytes and leaves all others.
type gbWiden struct{ transform.NopResetter }

// Transform splits the text into characters of one, two and four bytes. What is none is
// left to the decoder.
func (gbWiden) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		size := gbSize(src[nSrc:])
		if size == 0 && !atEOF {
			return nDst, nSrc, transform.ErrShortSrc
		}
		size = min(max(size, 1), len(src)-nSrc)
		out := src[nSrc : nSrc+size]
		if later, ok := gbLater[string(out)]; ok {
			// The encoder has no state, and these characters are all in its table.
			out, _ = simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(string(later)))
		}
		if len(dst)-nDst < len(out) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += copy(dst[nDst:], out)
		nSrc += size
	}
	return nDst, nSrc, nil
}

// gbSize returns the length of the first character, or 0 if more bytes are needed to tell.
func gbSize(b []byte) int {
	switch {
	case b[0] < 0x81 || b[0] == 0xff:
		return 1
	case len(b) < 2:
		return 0
	case b[1] < '0' || b[1] > '9':
		return 2
	case len(b) < 4:
		return 0
	}
	return 4
}
