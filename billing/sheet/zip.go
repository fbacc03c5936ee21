package sheet

import (
	"archive/zip"
	"errors"
	"io"
	"path"
	"strings"
)

// archive holds the parts of an xlsx file. Only parts that are asked for are
// unpacked, each under a limit.
type archive struct{ parts map[string]*zip.File }

// errDirectory reports a zip directory beyond the limit.
var errDirectory = errors.New("sheet: zip directory too large")

// openArchive reads the directory of a zip.
func openArchive(content io.ReaderAt, size int64) (*archive, error) {
	capped := &cappedReader{ReaderAt: content, left: maxZipDir}
	// The number of records in the zip's end mark cannot be trusted, only the bytes that are read.
	zr, err := zip.NewReader(capped, size)
	capped.left = -1 // the parts have limits of their own
	if err != nil {
		if errors.Is(err, errDirectory) {
			return nil, fault(err, "压缩包的目录过大")
		}
		return nil, fault(err, "文件已损坏，不是完整的 xlsx")
	}
	a := &archive{parts: make(map[string]*zip.File, len(zr.File))}
	for _, f := range zr.File {
		if f.Flags&1 != 0 {
			return nil, fault(nil, "压缩包设有密码，请去掉密码后再导入")
		}
		name := partName(f.Name)
		// If a name is twice, another program might show staff the other part.
		if a.parts[name] != nil {
			return nil, fault(nil, "文件已损坏，部件重复：%s", shorten(name))
		}
		a.parts[name] = f
	}
	return a, nil
}

// partName makes names comparable. Some programs write backslashes, a leading
// slash or another letter case.
func partName(s string) string {
	s = strings.ToLower(strings.ReplaceAll(s, `\`, "/"))
	return strings.TrimPrefix(path.Clean("/"+s), "/")
}

// has reports whether there is a part of this name.
func (a *archive) has(name string) bool { return a.parts[partName(name)] != nil }

// size returns how large a part is unpacked, as the directory says; 0 if there is none.
func (a *archive) size(name string) uint64 {
	if f := a.parts[partName(name)]; f != nil {
		return f.UncompressedSize64
	}
	return 0
}

// open returns a part unpacked, as a stream. The size in the directory is
// checked here, and archive/zip returns an error as soon as a part is longer
// than its directory says. So neither an honest bomb nor a lying one is
// unpacked further.
func (a *archive) open(name string, limit uint64) (io.ReadCloser, error) {
	f := a.parts[partName(name)]
	if f == nil {
		return nil, fault(nil, "文件已损坏，缺少部件：%s", shorten(name))
	}
	if f.UncompressedSize64 > limit {
		return nil, fault(nil, "解压后过大（部件 %s 超过 %d MB）", shorten(name), limit>>20)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fault(err, "文件已损坏，部件无法解压：%s", shorten(name))
	}
	return r, nil
}

// cappedReader limits what archive/zip reads, and keeps, of a directory. left <
// 0 is no limit.
type cappedReader struct {
	io.ReaderAt
	left int
}

// ReadAt fails when the limit is reached.
func (c *cappedReader) ReadAt(p []byte, off int64) (int, error) {
	if c.left >= 0 {
		if len(p) > c.left {
			return 0, errDirectory
		}
		c.left -= len(p)
	}
	return c.ReaderAt.ReadAt(p, off)
}
