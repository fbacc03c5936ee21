package sheet

import (
	"encoding/xml"
	"io"
	"path"
	"strings"
)

// workbook holds what is needed of a workbook before its table is read.
type workbook struct {
	sheets    []bookSheet
	textsPart string // "" if the workbook has no shared strings
	stylePart string // "" if it has no styles
	date1904  bool
}

// bookSheet is a sheet as the workbook lists it. kind is worksheet, or that of a chart.
type bookSheet struct {
	name, part, kind string
	hidden           bool
}

// relation is a reference from a part to another one. target is the part's name
// from the root of the zip.
type relation struct{ kind, target string }

// readWorkbook finds the sheets and their parts.
func readWorkbook(a *archive) (*workbook, error) {
	part := "xl/workbook.xml" // where every program puts it, unless the root relations say otherwise
	if a.has("_rels/.rels") {
		roots, err := readRelations(a, "_rels/.rels", "")
		if err != nil {
			return nil, err
		}
		for _, r := range roots {
			if r.kind == "officeDocument" {
				part = r.target
			}
		}
	}
	if !a.has(part) {
		return nil, fault(nil, "压缩包里没有 Excel 工作簿（缺少部件 %s）", shorten(part))
	}
	// Word, PowerPoint and the binary .xlsb have the same outer format.
	if !strings.HasSuffix(part, ".xml") || strings.HasPrefix(part, "word/") || strings.HasPrefix(part, "ppt/") {
		return nil, fault(nil, "不是 .xlsx 表格，请另存为 .xlsx 再导入")
	}
	dir, base := path.Split(part)
	rels, err := readRelations(a, dir+"_rels/"+base+".rels", dir)
	if err != nil {
		return nil, err
	}
	w := &workbook{}
	for _, r := range rels {
		switch r.kind {
		case "sharedStrings":
			w.textsPart = r.target
		case "styles":
			w.stylePart = r.target
		}
	}
	return w, w.listSheets(a, part, rels)
}

// listSheets lists the sheets in the order of the workbook. What staff see when they open
// the file is what is imported; a hidden sheet often holds last year's table.
func (w *workbook) listSheets(a *archive, part string, rels map[string]relation) error {
	return eachElement(a, part, maxPart, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			v := attr(e, "date1904")
			w.date1904 = v == "1" || v == "true"
		case "sheet":
			if len(w.sheets) == maxSheets {
				return fault(nil, "工作表超过 %d 张，请拆分后再导入", maxSheets)
			}
			state := attr(e, "state")
			rel := rels[attr(e, "id")]
			w.sheets = append(w.sheets, bookSheet{
				name: shorten(clean(attr(e, "name"))), part: rel.target, kind: rel.kind,
				hidden: state == "hidden" || state == "veryHidden",
			})
		}
		return nil
	})
}

// readRelations returns the relations of a part by id. Targets are resolved
// against dir.
func readRelations(a *archive, part, dir string) (map[string]relation, error) {
	rels := make(map[string]relation)
	err := eachElement(a, part, maxPart, func(e xml.StartElement) error {
		if e.Name.Local != "Relationship" || attr(e, "TargetMode") == "External" {
			return nil
		}
		// The last element of the type is the same in the transitional and the strict format.
		kind, target := attr(e, "Type"), attr(e, "Target")
		if !strings.HasPrefix(target, "/") {
			target = dir + target
		}
		rels[attr(e, "Id")] = relation{kind[strings.LastIndex(kind, "/")+1:], partName(target)}
		return nil
	})
	return rels, err
}

// eachElement calls visit with every start element of a part of at most limit bytes.
func eachElement(a *archive, part string, limit uint64, visit func(xml.StartElement) error) error {
	r, err := a.open(part, limit)
	if err != nil {
		return err
	}
	defer r.Close()
	x := newXMLStream(r)
	for {
		t, err := x.next()
		if err == io.EOF { //nolint:errorlint // the end is bare; an EOF inside another error is a torn file
			return nil
		}
		if err != nil {
			return fault(err, "文件已损坏，部件无法读取：%s", shorten(part))
		}
		if e, ok := t.(xml.StartElement); ok {
			if err := visit(e); err != nil {
				return err
			}
		}
	}
}
