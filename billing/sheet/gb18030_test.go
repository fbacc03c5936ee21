package sheet

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"
)

// Names with characters that GB18030 has had since 2005 are read, wherever reads are cut.
func TestLaterCharactersOfGB18030(t *testing.T) {
	t.Parallel()
	for code, want := range gbLater {
		content := "\xb7\xbf\xba\xc5,\xc3\xe6\xbb\xfd\na" + code + "\xb0\xa1,88\n" // 房号,面积
		if got := table(t, []byte(content), "code"); len(got) != 1 || got[0] != "2|"+clean("a"+string(want)+"啊") {
			t.Errorf("% x: %q, want %c", code, got, want)
		}
	}
}

// All other text is decoded as x/text does it.
func TestOtherTextIsDecodedAsBefore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		content := rapid.SliceOf(rapid.Byte()).Draw(t, "content")
		for code := range gbLater {
			if bytes.Contains(content, []byte(code)) {
				return
			}
		}
		want, err := simplifiedchinese.GB18030.NewDecoder().Bytes(content)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(decodeGB18030(iotest.OneByteReader(bytes.NewReader(content))))
		if err != nil || strings.ToValidUTF8(string(got), "") != strings.ToValidUTF8(string(want), "") {
			t.Fatalf("%q, want %q: %v", got, want, err)
		}
	})
}
