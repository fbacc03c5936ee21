package sheet

import (
	"bytes"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
)

// book is what the sheets of an xlsx file share.
type book struct {
	archive  *archive
	texts    texts // the shared strings
	styles   styles
	date1904 bool // the workbook counts days from 1904, as Excel for Mac did
}

// openXLSX finds the sheets that have the headings and opens the first of them.
func (r *Reader) openXLSX(content io.ReaderAt, size int64) error {
	a, err := openArchive(content, size)
	if err != nil {
		return err
	}
	w, err := readWorkbook(a)
	if err != nil {
		return err
	}
	r.book = &book{archive: a, date1904: w.date1904} // from here on Close frees what it holds, even if a later step fails
	if w.textsPart != "" {
		if err := r.book.loadTexts(w.textsPart); err != nil {
			return err
		}
	}
	// Some programs name the part and do not write it.
	if w.stylePart != "" && a.has(w.stylePart) {
		if err := r.book.loadStyles(w.stylePart); err != nil {
			return err
		}
	}
	if err := r.pickTables(w.sheets); err != nil {
		return err
	}
	return r.openTable()
}

// pickTables looks at the header of every sheet and lists those to read. A workbook with a
// single visible sheet must have the headings there. Of several, those without the
// headings are listed as unread.
func (r *Reader) pickTables(sheets []bookSheet) error {
	var first error // why the first visible sheet, or the one most like a table, is not read
	most, visible := -1, 0
	var unpacked uint64
	for _, s := range sheets {
		if s.kind != "worksheet" {
			r.unread = append(r.unread, Unread{Name: s.name, Reason: "不是数据表"})
			continue
		}
		if s.hidden {
			find, _, err := r.probe(s)
			r.unread = append(r.unread, Unread{Name: s.name, Reason: "工作表是隐藏的", Alike: err == nil && find.header.found > 0})
			continue
		}
		visible++
		find, fatal, err := r.probe(s)
		if fatal {
			return onSheet(err, s.name)
		}
		// Each sheet is below this limit by itself, but a forged workbook may list one part many times.
		if unpacked += r.book.archive.size(s.part); unpacked > maxSheet {
			return fault(nil, "工作表解压后合计超过 %d MB", maxSheet>>20)
		}
		if err != nil {
			r.unread = append(r.unread, Unread{Name: s.name, Reason: reasonOf(err), Alike: find.header.found > 1})
			if find.header.found > most {
				most, first = find.header.found, onSheet(err, s.name)
			}
			continue
		}
		r.tables = append(r.tables, &worksheet{name: s.name, place: len(r.tables), part: s.part, date1904: r.book.date1904})
	}
	switch {
	case visible == 0:
		return fault(nil, "没有可见的工作表")
	case len(r.tables) == 0:
		return first
	}
	return nil
}

// probe looks for the header of a sheet.
func (r *Reader) probe(s bookSheet) (find headerFind, fatal bool, err error) {
	src, err := r.book.open(s.part)
	if err != nil {
		return find, true, err
	}
	defer src.close()
	return findHeader(src, r.columns)
}

// openTable prepares the stream of the rows of the sheet whose turn it is.
func (r *Reader) openTable() (err error) {
	if err := r.closeTable(); err != nil {
		return fault(err, "读取失败")
	}
	t := r.table()
	if r.merges.list, err = scanMerges(r.book.archive, t.part); err != nil {
		return err
	}
	r.merges.active = nil
	if r.src, err = r.book.open(t.part); err != nil {
		return err
	}
	return r.readHeader()
}

// open returns the stream of the rows of a sheet.
func (b *book) open(part string) (source, error) {
	in, err := b.archive.open(part, maxSheet)
	if err != nil {
		return nil, err
	}
	return &xlsxSource{in: in, xml: newXMLStream(in), texts: &b.texts, styles: &b.styles}, nil
}

// loadTexts reads the shared strings. A string may consist of several runs of
// rich text. rPh runs are reading aids (pinyin) and not part of it.
func (b *book) loadTexts(part string) error {
	r, err := b.archive.open(part, maxTexts)
	if err != nil {
		return err
	}
	defer r.Close()
	x := newXMLStream(r)
	var item []byte
	inText, phonetic := false, 0
	for {
		t, err := x.next()
		if err == io.EOF { //nolint:errorlint // the end is bare; an EOF inside another error is a torn file
			break
		}
		if err != nil {
			return fault(err, "文件已损坏，部件无法读取：%s", shorten(part))
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "si":
				item = item[:0]
			case "rPh":
				phonetic++
			case "t":
				inText = phonetic == 0
			}
		case xml.CharData:
			if !inText {
				continue
			}
			if item = append(item, t...); len(item) > maxCell {
				return fault(nil, "单元格文字过长")
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "t":
				inText = false
			case "rPh":
				phonetic--
			case "si":
				if err := b.texts.add(item); err != nil {
					return fault(err, "临时文件写入失败")
				}
			}
		}
	}
	if err := b.texts.done(); err != nil {
		return fault(err, "临时文件写入失败")
	}
	return nil
}

// scanMerges passes over the worksheet once, without decoding its cells, for
// the merged ranges that follow them. The same pass verifies the checksum of
// the part, so that a damaged file is refused before its first row.
func scanMerges(a *archive, part string) ([]merge, error) {
	r, err := a.open(part, maxSheet)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	damaged := func(err error) error { return fault(err, "文件已损坏，部件无法读取：%s", shorten(part)) }
	tail, found, err := find(r, []byte("mergeCells"), opensElement)
	if err != nil {
		return nil, damaged(err)
	}
	if !found {
		return nil, nil
	}
	var list []merge
	x := newXMLStream(io.MultiReader(strings.NewReader("<mergeCells"), tail))
	x.raw = true // the prefix of the element, if it has one, is gone
	for {
		t, err := x.next()
		if e, ok := t.(xml.EndElement); ok && e.Name.Local == "mergeCells" {
			break
		}
		if err != nil {
			return nil, damaged(err)
		}
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "mergeCell" {
			continue
		}
		if g, ok := parseMerge(attr(e, "ref")); ok {
			list = append(list, g)
		}
		if len(list) > maxMerges {
			return nil, fault(nil, "合并的单元格超过 %d 处", maxMerges)
		}
	}
	// archive/zip compares the checksum at the very end only.
	if _, err := io.Copy(io.Discard, tail); err != nil {
		return nil, damaged(err)
	}
	return list, nil
}

// opensElement tells <mergeCells and <x:mergeCells from the same letters in the
// text of a cell.
func opensElement(before []byte) bool {
	tag := before[bytes.LastIndexByte(before, '<')+1:]
	if len(tag) == len(before) {
		return false // no < at all
	}
	return len(tag) == 0 || bytes.IndexAny(tag, ":> /") == len(tag)-1 && tag[len(tag)-1] == ':'
}

// parseMerge parses a range such as A3:A7.
func parseMerge(ref string) (merge, bool) {
	first, last, ok := strings.Cut(ref, ":")
	column, top, ok1 := parseRef(first)
	right, bottom, ok2 := parseRef(last)
	return merge{top: top, bottom: bottom, column: column, last: right}, ok && ok1 && ok2 && bottom >= top
}

// parseRef parses the name of a cell: H8 is column 7, row 8.
func parseRef(s string) (column, row int, ok bool) {
	i := 0
	for ; i < len(s) && i < 4 && s[i] >= 'A' && s[i] <= 'Z'; i++ {
		column = column*26 + int(s[i]-'A') + 1
	}
	row, err := strconv.Atoi(s[i:])
	return column - 1, row, i > 0 && err == nil && row > 0
}
