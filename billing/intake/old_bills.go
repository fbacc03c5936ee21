package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// OldBills is the kind of a file with the bills of another system. [Import] does not take
// it: the bills are compared with ours, and nothing of them is stored in the books.
const OldBills = "shadow"

// OldBill is a row of such a file. Room has no ID if we have no such room; Missing then
// says why, in Chinese. A figure that the file does not have is not valid.
type OldBill struct {
	Place     int32
	Sheet     string
	Row       int
	Community string // as the file writes it
	Code      string
	Room      estate.Room
	Missing   string
	Item      string
	Days      calc.Days
	AmountFen models.Fen
	Area      decimal.NullDecimal
	Price     decimal.NullDecimal
	Quantity  decimal.NullDecimal
	HasLate   bool // the remark speaks of late fee
}

// maxOldMonths is how many months one bill of the other system can be for.
const maxOldMonths = 24

// ReadOldBills reads the bills of another system and hands them to take in batches, in the
// order of the file. keep reports whether a bill is to be compared; the others are left
// out. A row without days is for the days of usual, unless those are empty, and then it is
// a mistake. The error is [sheet.Mistakes], a [*sheet.FileError], that of take, or a fault
// of the database; mistakes are returned after the whole file was read.
func ReadOldBills(tx *store.Tx, f File, usual calc.Days, keep func(OldBill) bool, take func([]OldBill) error) (Result, error) {
	f.Name = filepath.Base(f.Name)
	p := &pass{tx: tx, first: newFirstPass()}
	p.open(OldBills)
	err := runTable(p, f, &oldBillTable{pass: p, usual: usual, keep: keep, take: take})
	return p.result, err
}

// oldBillTable is the table of the bills of another system.
type oldBillTable struct {
	*pass
	usual calc.Days
	keep  func(OldBill) bool
	take  func([]OldBill) error
}

// oldBillRow is a row that was read.
type oldBillRow struct {
	roomRef
	bill OldBill
}

// Keys of the columns of old bills.
const (
	colMonth    = "month"
	colArea     = "area"
	colQuantity = "quantity"
	colNote     = "note"
)

// columns returns the columns with the names that companies use for them.
func (t *oldBillTable) columns() []sheet.Column {
	return []sheet.Column{
		{Key: colCommunity, Names: communityNames},
		{Key: colRoom, Names: roomNames, Required: true},
		{Key: colItem, Names: itemNames, Required: true},
		{Key: colFrom, Names: []string{"账期起", "账期开始", "账期起始", "费用开始日期", "计费开始日期", "起始日期", "开始日期"}},
		{Key: colTo, Names: []string{"账期止", "账期结束", "账期截止", "费用结束日期", "计费结束日期", "终止日期", "结束日期"}},
		{Key: colMonth, Names: []string{"账期", "费用月份", "计费月份", "所属账期", "所属月份", "账单月份", "收费月份"}},
		{Key: colAmount, Names: []string{"应收金额", "应收", "应缴金额", "应收款", "账单金额", "金额"}, Required: true},
		{Key: colArea, Names: []string{"计费面积", "收费面积", "建筑面积", "面积"}},
		{Key: colPrice, Names: []string{"单价", "收费单价", "价格", "收费标准"}},
		{Key: colQuantity, Names: []string{"用量", "数量", "计费数量", "使用量"}},
		{Key: colNote, Names: []string{"备注", "说明", "摘要"}},
	}
}

// read reads a row.
func (t *oldBillTable) read(row *sheet.Row) oldBillRow {
	r := oldBillRow{roomRef: t.roomRef(row)}
	b := &r.bill
	b.Place, b.Sheet, b.Row = row.Place(), row.Sheet(), row.Number()
	b.Community, b.Code = r.community, row.Text(colRoom)
	b.Item = t.required(row, colItem, 40)
	b.Days = t.oldDays(row)
	var ok bool
	if b.AmountFen, ok = t.fen(row, colAmount); !ok && row.Blank(colAmount) {
		t.addMistake(row.Mistake(colAmount, "不能为空"))
	}
	quantity := calc.ReadingBounds
	for key, figure := range map[string]struct {
		to     *decimal.NullDecimal
		bounds calc.Bounds
	}{colArea: {&b.Area, calc.AreaBounds}, colPrice: {&b.Price, calc.PriceBounds}, colQuantity: {&b.Quantity, quantity}} {
		figure.to.Decimal, figure.to.Valid = t.figure(row, key, figure.bounds)
	}
	note := t.text(row, colNote, 1000)
	b.HasLate = strings.Contains(note, "滞纳金") || strings.Contains(note, "违约金")
	return r
}

// oldDays returns the days of a row: by its first and last day, by its month, or those that
// the whole file is for.
func (t *oldBillTable) oldDays(row *sheet.Row) calc.Days {
	if row.Blank(colFrom) && row.Blank(colTo) {
		switch {
		case !row.Blank(colMonth):
			return t.monthDays(row)
		case !t.usual.Empty():
			return t.usual
		}
	}
	days := calc.Days{From: t.requiredDate(row, colFrom), To: t.requiredDate(row, colTo)}
	switch {
	case days.From == 0 || days.To == 0:
	case days.Empty():
		t.addMistake(row.Mistake(colTo, "早于账期开始"))
	case days.To-days.From > maxOldMonths*31:
		t.addMistake(row.Mistake(colTo, "一笔账单最长 24 个月"))
	}
	return days
}

// monthForm is a month as a cell shows it: 2026-03, 202603, 2026年3月.
var monthForm = regexp.MustCompile(`^(\d{4})[-/.年]?(\d{1,2})月?份?$`)

// monthDays returns the days of the month in a cell. A cell with a day means its month.
func (t *oldBillTable) monthDays(row *sheet.Row) calc.Days {
	part := monthForm.FindStringSubmatch(models.HalfWidth(row.Text(colMonth)))
	if part == nil {
		day := t.requiredDate(row, colMonth)
		if day == 0 {
			return calc.Days{From: 1}
		}
		year, month, _ := day.Parts()
		p := calc.Period{Year: year, Month: month}
		return calc.Days{From: p.First(), To: p.Last()}
	}
	p, err := calc.ParsePeriod(part[1] + "-" + twoDigits(part[2]))
	if err != nil {
		t.addMistake(row.Mistake(colMonth, "应写成 2026-03 的样子"))
		return calc.Days{From: 1}
	}
	return calc.Days{From: p.First(), To: p.Last()}
}

// batch finds the rooms and hands on what is to be compared. That a room is not known is
// what the comparison is to show, and no mistake; which of two rooms is meant, nobody can
// know.
func (t *oldBillTable) batch(rows []oldBillRow) error {
	refs := make([]roomRef, len(rows))
	for i, r := range rows {
		refs[i] = r.roomRef
	}
	before := len(t.mistakes)
	rooms, err := t.findRooms(refs)
	if err != nil {
		return err
	}
	unknown, ambiguous := map[int32]string{}, map[int32]bool{}
	kept := t.mistakes[:before]
	for _, m := range t.mistakes[before:] {
		switch m.Reason {
		case reasonNoRoom, reasonNoCommunity:
			unknown[m.Place()] = strings.TrimSuffix(m.Reason, "，请先导入房产资料")
		default:
			ambiguous[m.Place()] = true
			kept = append(kept, m)
		}
	}
	t.mistakes = kept
	var out []OldBill
	for i, r := range rows {
		b := r.bill
		b.Room, b.Missing = rooms[i], unknown[b.Place]
		switch {
		case ambiguous[b.Place]:
		case t.keep != nil && !t.keep(b):
			t.decide(r.row, leftOut)
		default:
			t.decide(r.row, added)
			out = append(out, b)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return t.take(out)
}

// end has nothing to add: two bills for the same days are a finding, not a mistake.
func (*oldBillTable) end() error { return nil }

// FileSum returns the SHA-256 of the file, by which a comparison says what it compared.
func FileSum(f File) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(f.Content, 0, f.Size)); err != nil {
		return "", &sheet.FileError{File: f.Name, Reason: "读取失败", Err: fmt.Errorf("hash file: %w", err)}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
