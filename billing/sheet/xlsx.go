package sheet

import (
	"bytes"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
)

// openXLSX finds the sheet and prepares the stream of its rows.
func (r *Reader) openXLSX(content io.ReaderAt, size int64) error {
	a, err := openArchive(content, size)
	if err != nil {
		return err
	}
	w, err := readWorkbook(a)
	if err != nil {
		return err
	}
	if w.sheetPart == "" {
		return fault(nil, "没有可见的工作表")
	}
	r.sheet, r.date1904 = w.sheet, w.date1904
	if r.merges.list, err = scanMerges(a, w.sheetPart); err != nil {
		return err
	}
	src := &xlsxSource{}
	r.src = src // from here on Close frees what it holds, even if a later step fails
	if w.textsPart != "" {
		if err := src.loadTexts(a, w.textsPart); err != nil {
			return err
		}
	}
	src.in, err = a.open(w.sheetPart, maxSheet)
	if err != nil {
		return err
	}
	src.xml = newXMLStream(src.in)
	return nil
}

// loadTexts reads the shared strings. A string may consist of several runs of
// rich text. rPh runs are reading aids (pinyin) and not part of it.
func (s *xlsxSource) loadTexts(a *archive, part string) error {
	r, err := a.open(part, maxTexts)
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
				if err := s.texts.add(item); err != nil {
					return fault(err, "临时文件写入失败")
				}
			}
		}
	}
	if err := s.texts.done(); err != nil {
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
	_, bottom, ok2 := parseRef(last)
	return merge{top: top, bottom: bottom, column: column}, ok && ok1 && ok2 && bottom >= top
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
