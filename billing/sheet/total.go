package sheet

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Role is what a column says about its rows. It tells a total from a row of the table.
type Role uint8

// Roles of columns.
const (
	// RoleOther is an amount or another value that a total may have as well.
	RoleOther Role = iota
	// RoleKey identifies the row, together with the other keys: the code of a room.
	RoleKey
	// RoleGroup is what rows are grouped and summed by: a community, a building.
	RoleGroup
	// RoleName is the name of a person, who may be called anything.
	RoleName
	// RoleProof is never summed: a phone number, a date. A row that has one is no total.
	RoleProof
)

// verdict is what a row below the header is: a row of the table, one that is left out for a
// reason, or one of which nobody can say.
type verdict struct {
	leftOut string // Chinese; "" for a row of the table
	doubt   string // Chinese: why the row is a mistake
	column  int    // of the doubt, its index in the columns; -1 for a column that is not known
}

// judge returns what a row is. first tells the row below the header.
func (t *worksheet) judge(columns []Column, raw rawRow, first bool) verdict {
	cells := raw.cells
	own := t.ownCells(columns, cells)
	if len(own) == 0 {
		return verdict{leftOut: "没有内容的行"}
	}
	switch {
	case t.repeatsHeader(cells):
		return verdict{leftOut: "重复的表头"}
	case first && countsColumns(own):
		return verdict{leftOut: "栏号行"}
	}
	if v, ok := totalOf(columns, own); ok {
		return v
	}
	return noteOf(columns, own, t.isTitle(raw.number, own[0].at))
}

// isTitle reports whether a cell is merged over several columns. Rows are asked for in their
// order.
func (t *worksheet) isTitle(row, column int) bool {
	for len(t.titles) > 0 && t.titles[0].top < row {
		t.titles = t.titles[1:]
	}
	for _, g := range t.titles {
		if g.top != row {
			break
		}
		if g.column == column {
			return true
		}
	}
	return false
}

// ownCell is a filled cell of a row that is not lent from a row above.
type ownCell struct {
	cell
	at     int
	column int // index in the columns; -1 if it is not known
	role   Role
	label  string // the text as it is compared with words
}

// ownCells returns the filled cells of a row. Signs that stand for nothing are not filled.
func (t *worksheet) ownCells(columns []Column, cells []cell) []ownCell {
	var own []ownCell
	for at, c := range cells {
		label := strings.ToLower(squeeze(narrow(c.text)))
		if c.merged || c.kind == blank || c.kind != broken && label == "" || c.kind == text && isNothing(label) {
			continue
		}
		o := ownCell{cell: c, at: at, column: -1, label: label}
		for i, k := range t.header.at {
			if k == at {
				o.column, o.role = i, columns[i].Role
			}
		}
		own = append(own, o)
	}
	return own
}

// repeatsHeader reports whether a row is the header once more, as on each page of a print.
func (t *worksheet) repeatsHeader(cells []cell) bool {
	n := 0
	for i, at := range t.header.at {
		if at < 0 {
			continue
		}
		if at >= len(cells) || headerKey(cells[at].text) != headerKey(t.header.texts[i]) {
			return false
		}
		n++
	}
	return n > 1
}

// countsColumns reports whether a row numbers its columns, 1 2 3 4, as below the headings
// of printed forms.
func countsColumns(own []ownCell) bool {
	for i, o := range own {
		d, _, reason := parseFigure(o.text)
		if reason != "" || o.at != own[0].at+i || !d.IsInteger() || d.IntPart() != int64(i+1) {
			return false
		}
	}
	return len(own) > 3
}

// counted are the words for what is counted or summed up.
const counted = `(?:户|间|套|笔|条|个|项|行|家|人|元|㎡|m2|平方米|平米|车位)`

var (
	// totalForm is 合计, also after what is summed up (2栋小计) and before how many (合计：共2户).
	totalForm = regexp.MustCompile(`^.{0,20}?(?:总合计|合计|总计|小计|共计|累计|总和|total)` +
		`(?:数|额|金额|面积|户数|欠费|应收|已收|实收|未收|用量|人民币|:|共)*(?:\d[\d,.]*` + counted + `?)*$`)
	countForm = regexp.MustCompile(`^共计?:?(?:\d[\d,.]*` + counted + `)+$`)
)

// isTotalLabel reports whether a text is a word for a sum and nothing else. A building that
// is called 总计大厦 is no sum.
func isTotalLabel(label string) bool {
	label = strings.Trim(bracketed.ReplaceAllString(label, ""), ":*-=·.,")
	return totalForm.MatchString(label) || countForm.MatchString(label)
}

// totalOf tells a sum below the table, or within it, from a row of it. ok is false for a row
// without the words for a sum.
func totalOf(columns []Column, own []ownCell) (v verdict, ok bool) {
	var label *ownCell
	keyed, named := false, false // a key, or a name, that is no word for a sum
	for i := range own {
		o := &own[i]
		sum := o.kind == text && isTotalLabel(o.label)
		switch {
		case sum && (o.column < 0 || o.role == RoleKey || o.role == RoleGroup || o.role == RoleName || i == 0):
			// A key says more about the row than a group, and a group more than a name.
			if label == nil || rank(o) < rank(label) {
				label = o
			}
		case o.role == RoleKey && !isCount(o.label):
			keyed = true
		case o.role == RoleName:
			named = true
		}
	}
	if label == nil {
		return v, false
	}
	proof := proofOf(own)
	if proof == "" && named && label.role == RoleKey {
		proof = "姓名"
	}
	v = verdict{leftOut: "合计行"}
	switch {
	case label.role == RoleKey || label.column >= 0 && label.role != RoleName:
		if proof == "" && (!keyed || label.role == RoleKey) {
			return v, true
		}
	case keyed && label.role == RoleName && proof != "", keyed && label.column < 0 && label.at != own[0].at:
		return verdict{}, true // 小计 may be what a person is called, or a remark
	case !keyed && proof == "":
		return v, true
	}
	return verdict{column: label.column,
		doubt: "是合计的字样，但这一行又像一条数据；不是合计请更正，是合计请删去这一行的其他内容"}, true
}

// rank orders labels by how much they say about their row.
func rank(o *ownCell) int {
	switch {
	case o.role == RoleKey:
		return 0
	case o.column < 0:
		return 2
	case o.role == RoleName:
		return 3
	}
	return 1
}

// isCount reports whether a key may be how many rows were summed up, as a total has it.
func isCount(label string) bool {
	return strings.Trim(label, "0123456789户间套笔条个共") == ""
}

// proofOf returns a value that no total has, or "". A sum that was dragged over all columns
// is a number, and proves nothing.
func proofOf(own []ownCell) string {
	for _, o := range own {
		if o.role != RoleProof {
			continue
		}
		_, noPhone := parsePhone(o.cell)
		_, _, noNumber := parseFigure(o.text)
		words := o.kind == text && !isTotalLabel(o.label) && (noNumber != "" || compactForm.MatchString(o.label))
		if words || o.kindOfFormat() == formatDate || noPhone == "" {
			return o.label
		}
	}
	return ""
}

var footerForm = regexp.MustCompile(`^(?:(?:制表|制单|填表|填报|编制|审核|审批|审定|复核|核对|校对|核准|批准|经办|经手|主管|负责|财务|出纳|会计|统计|打印|导出|报表|` +
	`盖章|签字|签名|签章|日期|时间|单位|项目经理|联系|页码)[^:]{0,8}:` +
	`|(?:备注|附注|注|说明|注意|注意事项|填表说明|填写说明|温馨提示|提示|声明)[0-9一二三四五六七八九]{0,2}[:、.。]` +
	`|[※★▲]|第\d+页|(?:以上|上述|本表|此表|表中))`)

// noteOf tells the lines below a table, such as who made it, from a row of it. title means
// that the first cell is merged over several columns.
func noteOf(columns []Column, own []ownCell, title bool) verdict {
	first := own[0]
	if first.kind != text || first.role != RoleKey && first.role != RoleGroup && first.column >= 0 {
		return verdict{}
	}
	filled, complete := map[int]bool{}, true
	for _, o := range own {
		filled[o.column] = true
	}
	for i, c := range columns {
		complete = complete && (!c.Required || filled[i])
	}
	switch {
	case footerForm.MatchString(first.label) && complete:
		return verdict{column: first.column, doubt: "像表尾的说明，但这一行又像一条数据，请更正"}
	case footerForm.MatchString(first.label):
		return verdict{leftOut: "表尾"}
	case len(own) == 1 && (title || isSentence(first)):
		return verdict{leftOut: "说明行"}
	}
	return verdict{}
}

// isSentence reports whether the only text of a row is a sentence, not a name.
func isSentence(o ownCell) bool {
	length := utf8.RuneCountInString(o.label)
	if o.role == RoleKey {
		return length > 20
	}
	return length > 20 || length > 6 && strings.ContainsAny(o.label, "。;,:!")
}

// isBlank reports whether a row has nothing of its own.
func isBlank(cells []cell) bool {
	for _, c := range cells {
		if !c.merged && c.kind != blank && (c.kind != text || clean(c.text) != "") {
			return false
		}
	}
	return true
}
