package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// stage takes what a comparing pass finds out about each row, in the order of the file, and
// hands the rows on as soon as they are decided. It holds a batch of rows; tariffs, which
// are decided at the end of the file, are few.
type stage struct {
	columns  []sheet.Column
	keys     []string // of the columns that the first sheet has
	headings []string
	sheets   map[int32]map[string]int // by place of a sheet: heading to place in cells

	rows    []*stagedRow
	byPlace map[int32]*stagedRow
	late    map[int32][]office.ImportNote // mistakes in rows that were handed on already

	// put takes rows that are decided. amend takes mistakes in rows that it was given
	// before.
	put   func(rows []*stagedRow) error
	amend func(late map[int32][]office.ImportNote) error
}

// stagedRow is a row of a preview.
type stagedRow struct {
	place   int32
	sheet   string
	number  int
	outcome string // empty while it is not decided
	office.ImportCells
}

func newStage(put func([]*stagedRow) error, amend func(map[int32][]office.ImportNote) error) *stage {
	return &stage{sheets: map[int32]map[string]int{}, byPlace: map[int32]*stagedRow{}, late: map[int32][]office.ImportNote{},
		put: put, amend: amend}
}

// begin takes a row before it is compared.
func (s *stage) begin(row *sheet.Row) {
	if s == nil {
		return
	}
	at, _ := sheet.PlaceRow(row.Place())
	if s.keys == nil {
		for _, c := range s.columns {
			if hasColumn(row, c.Key) {
				s.keys = append(s.keys, c.Key)
				s.headings = append(s.headings, row.Mistake(c.Key, "").Column)
			}
		}
	}
	if s.sheets[int32(at)] == nil { //nolint:gosec // a file has few sheets
		place := map[string]int{}
		for i, key := range s.keys {
			place[row.Mistake(key, "").Column] = i
		}
		s.sheets[int32(at)] = place //nolint:gosec // a file has few sheets
	}
	r := &stagedRow{place: row.Place(), sheet: row.Sheet(), number: row.Number()}
	r.Cells = make([]string, len(s.keys))
	for i, key := range s.keys {
		r.Cells[i] = shown(row, key)
	}
	s.rows = append(s.rows, r)
	s.byPlace[r.place] = r
}

// dayColumns hold dates, which a workbook keeps as numbers.
var dayColumns = map[string]bool{"handover": true, colFrom: true, colTo: true, colDue: true, colReadOn: true}

// shown returns a cell as a person reads it.
func shown(row *sheet.Row, key string) string {
	text := row.Text(key)
	if dayColumns[key] && text != "" {
		if day, m := row.Date(key); m == nil && !day.IsZero() {
			return models.DateOf(day).String()
		}
	}
	return store.CutRunes(text, 200)
}

var outcomeNames = map[outcome]string{added: office.RowAdded, changed: office.RowChanged, unchanged: office.RowUnchanged,
	leftOut: office.RowLeftOut, wrong: office.RowWrong}

// decide takes what becomes of a row. A mistake is final.
func (s *stage) decide(row *sheet.Row, as outcome) {
	if s == nil {
		return
	}
	if r := s.byPlace[row.Place()]; r != nil && r.outcome != office.RowWrong {
		r.outcome = outcomeNames[as]
	}
}

// changes takes the fields that a row changes.
func (s *stage) changes(row *sheet.Row, fields map[string]any) {
	if s == nil {
		return
	}
	if r := s.byPlace[row.Place()]; r != nil {
		r.Changes = changesOf(fields)
	}
}

// mistake takes a mistake, in a row that is held or in one that was handed on.
func (s *stage) mistake(m *sheet.Mistake) {
	if s == nil {
		return
	}
	if r := s.byPlace[m.Place()]; r != nil {
		r.Mistakes, r.outcome = append(r.Mistakes, s.note(m)), office.RowWrong
		return
	}
	s.late[m.Place()] = append(s.late[m.Place()], s.note(m))
}

// warning takes an oddity. One about no row, or a row that was handed on, is in the summary
// only.
func (s *stage) warning(m *sheet.Mistake) {
	if s == nil {
		return
	}
	if r := s.byPlace[m.Place()]; r != nil {
		r.Warnings = append(r.Warnings, s.note(m))
	}
}

func (s *stage) note(m *sheet.Mistake) office.ImportNote {
	at, _ := sheet.PlaceRow(m.Place())
	n := office.ImportNote{At: -1, Column: m.Column, Cell: m.Cell, Reason: m.Reason}
	if i, ok := s.sheets[int32(at)][m.Column]; ok { //nolint:gosec // a file has few sheets
		n.At = i
	}
	return n
}

// flush hands on the rows that are decided.
func (s *stage) flush() error {
	if s == nil {
		return nil
	}
	var ready []*stagedRow
	s.rows = slices.DeleteFunc(s.rows, func(r *stagedRow) bool {
		if r.outcome == "" {
			return false
		}
		ready = append(ready, r)
		delete(s.byPlace, r.place)
		return true
	})
	if len(ready) == 0 {
		return nil
	}
	return s.put(ready)
}

// end hands on what is left: rows, the rows that no table has seen, and mistakes that were
// found late.
func (s *stage) end(passed []sheet.LeftOut, tables []sheet.Table) error {
	if s == nil {
		return nil
	}
	if err := s.flush(); err != nil {
		return err
	}
	places := map[string]int{}
	for i, t := range tables {
		places[t.Name] = i
	}
	rows := make([]*stagedRow, 0, len(passed))
	for _, l := range passed {
		m := sheet.Mistake{SheetPlace: places[l.Sheet], Row: l.Row}
		rows = append(rows, &stagedRow{place: m.Place(), sheet: l.Sheet, number: l.Row, outcome: office.RowLeftOut,
			ImportCells: office.ImportCells{Warnings: []office.ImportNote{{At: -1, Reason: l.Reason}}}})
	}
	if len(rows) > 0 {
		if err := s.put(rows); err != nil {
			return err
		}
	}
	if len(s.late) == 0 {
		return nil
	}
	return s.amend(s.late)
}

// stageRows returns the stage that keeps the rows of a run.
func stageRows(ctx context.Context, db *store.DB, run *office.ImportRun, renew func(*store.Tx) error) *stage {
	done := 0
	put := func(rows []*stagedRow) error {
		return store.InChunks(rows, func(part []*stagedRow) error {
			sealed := make([]office.ImportRow, len(part))
			for i, r := range part {
				sealed[i] = office.ImportRow{ImportID: run.ID, Seq: int(r.place), Sheet: store.CutRunes(r.sheet, 200), Number: r.number,
					Outcome: r.outcome}
				if err := sealed[i].Seal(db.View(ctx), r.ImportCells); err != nil {
					return err
				}
			}
			done += len(part)
			return db.Write(ctx, func(tx *store.Tx) error {
				if err := office.InsertImportRows(tx, sealed); err != nil {
					return err
				}
				if err := renew(tx); err != nil {
					return err
				}
				return office.SetImportProgress(tx, run.ID, done)
			})
		})
	}
	return newStage(put, func(late map[int32][]office.ImportNote) error { return amendRows(ctx, db, run.ID, late) })
}

// amendRows adds mistakes to rows of a preview that are stored.
func amendRows(ctx context.Context, db *store.DB, runID string, late map[int32][]office.ImportNote) error {
	places := make([]int, 0, len(late))
	for p := range late {
		places = append(places, int(p))
	}
	slices.Sort(places)
	return store.InChunks(places, func(part []int) error {
		return db.Write(ctx, func(tx *store.Tx) error {
			rows, err := office.ImportRowsAt(tx, runID, part)
			if err != nil {
				return err
			}
			for _, p := range part {
				r, ok := rows[p]
				if !ok {
					continue
				}
				cells, err := r.Open(tx)
				if err != nil {
					return err
				}
				cells.Mistakes = append(cells.Mistakes, late[int32(p)]...) //nolint:gosec // it was one
				r.Outcome = office.RowWrong
				if err := r.Seal(tx, cells); err != nil {
					return err
				}
				if err := office.SetImportRow(tx, r); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// changesOf puts changed fields, as the audit log names them, into words. A field without
// values, such as a phone number, is only named.
func changesOf(fields map[string]any) []office.ImportChange {
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	out := make([]office.ImportChange, 0, len(names))
	for _, name := range names {
		c := office.ImportChange{Field: name}
		if word, ok := fieldWords[name]; ok {
			c.Field = word
		}
		switch v := fields[name].(type) {
		case [2]string:
			c.Old, c.New = valueWord(v[0]), valueWord(v[1])
		case [2]models.Date:
			c.Old, c.New = valueWord(v[0].String()), valueWord(v[1].String())
		case [2]int:
			c.Old, c.New = fmt.Sprint(v[0]), fmt.Sprint(v[1])
		}
		out = append(out, c)
	}
	return out
}

// fieldWords are the headings of fields that an import may change.
var fieldWords = map[string]string{
	"code": "房号", "area": "面积", "building": "楼栋", "unit": "单元", "number": "房间", "kind": "物业类型", "price": "单价", "cycle": "缴费周期",
	"steward": "管家", "occupancy": "房屋状态", "handed_over_on": "交房日期", "owner": "业主", "owner_phone": "联系电话",
	"method": "计费方式", "tiers": "阶梯", "late_rate": "违约金日利率", "late_cap": "违约金上限", "to_on": "截止日期",
	"vacant_share": "空置比例", "unsold_share": "未售比例", "discount_share": "优惠比例", "discount_until": "优惠截止",
	"due_day": "缴费截止日", "grace_days": "宽限天数", "cycle_start": "周期起始月", "due_after_days": "缴费期限",
}

// valueWord puts a stored word into the one that files use, where there is one.
func valueWord(v string) string {
	if v == "" {
		return "（空）"
	}
	if word, ok := storedWords[v]; ok {
		return word
	}
	return v
}

var storedWords = map[string]string{
	"month": "月", "quarter": "季", "half_year": "半年", "year": "年", "occupied": "已入住", "vacant": "空置", "unsold": "未售",
	"area": "按面积", "fixed": "固定", "meter": "按表", "shared": "公摊", "one_off": "一次性",
}

// joined returns names in one text that fits its column.
func joined(names []string) string { return store.CutRunes(strings.Join(names, "、"), 500) }
