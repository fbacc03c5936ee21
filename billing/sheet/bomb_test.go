package sheet

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"io"
	"os"
	"runtime"
	"testing"
)

// bomb is an xlsx whose part unpacks to about size bytes of filler; claimed is the size in its directory, 0 for the
// true one.
func bomb(t *testing.T, part string, size, claimed uint64, filler string) []byte {
	t.Helper()
	var packed bytes.Buffer
	fw, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	sum := crc32.NewIEEE()
	block := bytes.Repeat([]byte(filler), (1<<20)/len(filler))
	lead := []byte("<worksheet><sheetData>" + headerXML)
	unpacked := uint64(0)
	for w := io.MultiWriter(fw, sum); unpacked < size; lead = nil {
		n, err := w.Write(append(lead, block...))
		if err != nil {
			t.Fatal(err)
		}
		unpacked += uint64(n)
	}
	if claimed == 0 {
		claimed = unpacked
	}
	if err := fw.Close(); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range parts(headerXML+rowXML, map[string]string{part: ""}) {
		f, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(f, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	f, err := w.CreateRaw(&zip.FileHeader{Name: part, Method: zip.Deflate, CRC32: sum.Sum32(),
		CompressedSize64: uint64(packed.Len()), UncompressedSize64: claimed})
	if err == nil {
		_, err = f.Write(packed.Bytes())
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A small file that unpacks to very much is refused in bounded time and memory, whether its directory is honest
// about it or not, and leaves nothing on the disk. Not parallel: it measures what the process allocates.
func TestZipBombs(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	const sheet, texts, size = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", 64 << 20
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"honest worksheet":         {bomb(t, sheet, 1<<20, 40<<30, " "), "解压后过大（部件 xl/worksheets/sheet1.xml 超过 512 MB）"},
		"honest shared strings":    {bomb(t, texts, 1<<20, 40<<30, " "), "解压后过大"},
		"honest workbook":          {bomb(t, "xl/workbook.xml", 1<<20, 5<<20, " "), "解压后过大"},
		"lying worksheet":          {bomb(t, sheet, size, 1000, "<row/>"), "文件已损坏"},
		"blanks within the limit":  {bomb(t, sheet, size, 0, " "), "第 1 行：单元格文字过长或嵌套过深"},
		"one endless text":         {bomb(t, sheet, size, 0, "x"), "第 1 行：单元格文字过长或嵌套过深"},
		"elements without end":     {bomb(t, sheet, size, 0, "<a>"), "第 1 行：单元格文字过长或嵌套过深"},
		"attributes without end":   {bomb(t, sheet, size, 0, "<row a='"), "第 1 行：文件已损坏"},
		"shared strings of blanks": {bomb(t, texts, size, 0, " "), "部件无法读取：xl/sharedstrings.xml"},
		"rows without end":         {bomb(t, sheet, 1<<20, 0, "<row></row>"), "行：文件已损坏，表格内容不完整"},
		"directory without end":    {endlessDirectory(t), "目录过大"},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			_, _, err := readAll(c.content)
			runtime.ReadMemStats(&after)
			mustFail(t, err, c.want)
			// Total allocation bounds the heap's peak from above.
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 32<<20 {
				t.Errorf("%d KB packed: %d MB allocated", len(c.content)>>10, grown>>20)
			}
			t.Logf("%d KB: %d KB allocated: %v", len(c.content)>>10, (after.TotalAlloc-before.TotalAlloc)>>10, err)
		})
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("left on the disk: %v, %v", left, err)
	}
}

// endlessDirectory is a zip of nothing but directory records, which archive/zip would all hold in memory.
func endlessDirectory(t *testing.T) []byte {
	t.Helper()
	record := append([]byte("PK\x01\x02"), make([]byte, 43)...) // 46 bytes and a name of one
	record[28] = 1
	const n = 200_000
	dir := bytes.Repeat(record, n)
	end := append([]byte("PK\x05\x06"), make([]byte, 18)...)
	count := n % (1 << 16)
	binary.LittleEndian.PutUint16(end[8:], uint16(count))
	binary.LittleEndian.PutUint16(end[10:], uint16(count))
	binary.LittleEndian.PutUint32(end[12:], uint32(len(dir)))
	binary.LittleEndian.PutUint32(end[16:], 4)
	return append(append([]byte("PK\x03\x04"), dir...), end...)
}

func TestTooLargeAFileIsNotRead(t *testing.T) {
	t.Parallel()
	_, err := OpenReader("房产.xlsx", nil, maxFile+1, roomColumns)
	mustFail(t, err, "文件超过 64 MB")
}
