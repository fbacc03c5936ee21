package intake

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// Limits of a pass.
const (
	batchRows    = 500  // rows that are looked up together
	stepRows     = 100  // rows that one transaction of an import writes: payments wait for no more
	keptWarnings = 1000 // a longer list would help nobody
)

// table is one kind of file. read reads the cells of a row and records
// mistakes. Rows without mistakes are passed to batch, in the order of the
// file. end checks what only the whole file shows.
type table[R any] interface {
	columns() []sheet.Column
	read(row *sheet.Row) R
	batch(rows []R) error
	end() error
}

// pass is one reading of a file, either to compare (write false) or to write.
type pass struct {
	tx    *store.Tx
	by    models.Actor
	write bool
	first *firstPass

	stage   *stage          // takes what a comparing pass finds out; nil if nobody asks
	commit  *commit         // has a writing pass write in steps
	rec     *recorder       // of the step under way
	skipped bool            // steps were written before a restart, whose rows are not decided
	met     map[string]bool // ids of communities that rows belong to

	result      Result
	mistakes    sheet.Mistakes
	outcomes    outcomes
	hidden      []Sums                      // by place of the sheet, of its hidden rows
	last        []*sheet.Row                // by place of the sheet, the last row of it
	communities map[string]estate.Community // by name; one without ID does not exist yet
	locked      map[string]bool             // ids of communities
	rules       map[string]estate.LateRule  // default late-fee rules, by id of the community
	spelt       map[string]string           // the first spelling of each name in the file; see oneSpelling
	items       map[string]estate.ItemNames // by id of the community
}

// firstPass holds what the first pass found out for the second.
type firstPass struct {
	// phones holds, by id of an owner of several rooms, the index of the phone
	// number that the file has for them. It is empty if the rows of the file
	// differ.
	phones map[string]string
	// met are the communities that the rows belong to.
	met map[string]bool
}

func newFirstPass() *firstPass { return &firstPass{phones: map[string]string{}} }

// open makes an empty pass over a file of a kind.
func (p *pass) open(kind string) {
	p.result.Kind = kind
	p.communities, p.locked, p.rules = map[string]estate.Community{}, map[string]bool{}, map[string]estate.LateRule{}
	p.met = map[string]bool{}
	p.spelt, p.items = map[string]string{}, map[string]estate.ItemNames{}
}

// run reads the file once, as a table of one kind. Its errors are those of [Import], and
// that of the context if the caller has gone away.
func (p *pass) run(kind string, f File) error {
	p.open(kind)
	switch kind {
	case Rooms:
		return runTable(p, f, &roomTable{pass: p, roomNames: map[string]estate.RoomNames{}})
	case Arrears:
		return runTable(p, f, &arrearsTable{pass: p})
	case Tariffs:
		return runTable(p, f, &tariffTable{pass: p})
	case Meters:
		return runTable(p, f, &meterTable{pass: p})
	case Holidays:
		return runTable(p, f, &holidayTable{pass: p, seen: map[models.Date]seenHoliday{}})
	}
	return ErrKind
}

// runTable streams the rows of a file through a table and returns its mistakes.
// A row with mistakes is left out of the batches. The rows after it are still
// checked, so that one attempt lists everything that needs correction.
func runTable[R any](p *pass, f File, t table[R]) error {
	r, err := sheet.OpenReader(f.Name, f.Content, f.Size, t.columns())
	if err != nil {
		return err
	}
	defer r.Close()
	if p.stage != nil {
		p.stage.columns = t.columns()
	}
	err = stream(p, r, t)
	if err == nil && len(p.outcomes.places) == 0 {
		err = &sheet.FileError{File: f.Name, Sheet: r.Sheet(), Reason: "表头下面没有任何数据"}
	}
	if err != nil {
		p.result = Result{Kind: p.result.Kind}
		if whole := (*sheet.FileError)(nil); errors.As(err, &whole) {
			whole.File = cmp.Or(whole.File, f.Name)
		}
		return err
	}
	return p.finish(r)
}

// stream reads all rows and hands those without mistakes to the table in batches.
func stream[R any](p *pass, r *sheet.Reader, t table[R]) error {
	most := batchRows
	if p.commit != nil {
		most = stepRows
	}
	pending := make([]R, 0, most)
	flush := func() error {
		if err := p.tx.Context().Err(); err != nil || len(pending) == 0 {
			return err
		}
		err := p.step(len(pending), func() error { return t.batch(pending) })
		pending = pending[:0]
		if err == nil {
			err = p.stage.flush()
		}
		return err
	}
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		p.begin(row)
		if p.addMistake(row.Doubt()) {
			continue
		}
		before := len(p.mistakes)
		if read := t.read(row); len(p.mistakes) == before {
			pending = append(pending, read)
		}
		if len(pending) == most {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if len(p.outcomes.places) == 0 {
		return nil
	}
	return errors.Join(flush(), t.end())
}

// begin remembers a row before its cells are read.
func (p *pass) begin(row *sheet.Row) {
	p.outcomes.begin(row)
	p.stage.begin(row)
	place, _ := sheet.PlaceRow(row.Place())
	for len(p.last) <= place {
		p.last = append(p.last, nil)
	}
	p.last[place] = row
}

// decide records what becomes of a row.
func (p *pass) decide(row *sheet.Row, as outcome) {
	p.outcomes.set(row.Place(), as)
	p.stage.decide(row, as)
}

// finish completes the result when all rows were read, and returns the mistakes, if any, in
// the order of the file.
func (p *pass) finish(r *sheet.Reader) error {
	res := &p.result
	res.Sheets, res.Unread, res.Ignored = r.Tables(), r.Unread(), r.Ignored()
	res.Passed, res.LeftOut = r.LeftOut()
	res.Read = len(p.outcomes.places) + res.LeftOut
	for _, m := range p.mistakes {
		p.outcomes.set(m.Place(), wrong)
	}
	if p.skipped {
		p.outcomes.settle()
	}
	if err := p.outcomes.count(res); err != nil {
		return err
	}
	p.warnOfSheets()
	if err := p.stage.end(res.Passed, res.Sheets); err != nil {
		return err
	}
	if len(p.mistakes) == 0 {
		return nil
	}
	slices.SortStableFunc(p.mistakes, func(a, b *sheet.Mistake) int { return cmp.Compare(a.Place(), b.Place()) })
	return p.mistakes
}

// warnOfSheets warns of what people who look at the workbook do not see: sheets that were
// not read, and rows and columns that are hidden but were.
func (p *pass) warnOfSheets() {
	for _, u := range p.result.Unread {
		if u.Alike {
			p.warn(&sheet.Mistake{Sheet: u.Name, Reason: "没有读入：" + u.Reason})
		}
	}
	for i, s := range p.result.Sheets {
		if len(s.HiddenColumns) > 0 {
			p.warn(&sheet.Mistake{Sheet: s.Name, SheetPlace: i, Reason: "隐藏的列也已读入：" + strings.Join(s.HiddenColumns, "、")})
		}
		if s.HiddenRows == 0 {
			continue
		}
		reason := fmt.Sprintf("隐藏的 %d 行也已读入", s.HiddenRows)
		if i < len(p.hidden) && p.result.Kind == Arrears {
			reason += fmt.Sprintf("，共欠费 %s 元", p.hidden[i].OutstandingFen)
		}
		p.warn(&sheet.Mistake{Sheet: s.Name, SheetPlace: i, Reason: reason + "；不该读入的请删除后再导入"})
	}
}

// addHidden adds a row's amounts to those of the hidden rows of its sheet, if it is hidden.
func (p *pass) addHidden(row *sheet.Row, billed, paid models.Fen) {
	place, _ := sheet.PlaceRow(row.Place())
	for len(p.hidden) <= place {
		p.hidden = append(p.hidden, Sums{})
	}
	if row.Hidden() {
		p.hidden[place].add(billed, paid)
	}
}

// addMistake records a mistake, unless it is nil, and reports whether there was
// one.
func (p *pass) addMistake(m *sheet.Mistake) bool {
	if m != nil {
		p.mistakes = append(p.mistakes, m)
		p.stage.mistake(m)
	}
	return m != nil
}

// warn records an oddity that does not stop the import.
func (p *pass) warn(m *sheet.Mistake) {
	if p.result.WarningCount++; len(p.result.Warnings) < keptWarnings {
		p.result.Warnings = append(p.result.Warnings, m)
	}
	p.stage.warning(m)
}

// addMistakeAt records a mistake in a row that was read before. Column and sheet are those
// of the last row of the same sheet, so that rows need not be kept in memory; only the row
// number of the cell is replaced.
func (p *pass) addMistakeAt(place int32, key, reason string) {
	sheetPlace, row := sheet.PlaceRow(place)
	m := p.last[sheetPlace].Mistake(key, reason)
	m.Row = row
	if m.Cell != "" {
		m.Cell = strings.TrimRight(m.Cell, "0123456789") + strconv.Itoa(m.Row)
	}
	p.addMistake(m)
}

// rowName names an earlier row for a mistake in the row at: 第 5 行, with the sheet if it is
// another one.
func (p *pass) rowName(earlier, at int32) string {
	sheetPlace, row := sheet.PlaceRow(earlier)
	if other, _ := sheet.PlaceRow(at); other == sheetPlace {
		return fmt.Sprintf("第 %d 行", row)
	}
	return fmt.Sprintf("表「%s」第 %d 行", p.last[sheetPlace].Sheet(), row)
}

// hasColumn reports whether the file has the column. A missing column leaves
// the stored value; a blank cell may clear it. A mistake in a missing column
// has no cell.
func hasColumn(row *sheet.Row, key string) bool { return row.Mistake(key, "").Cell != "" }

// community finds a community by name. If it does not exist, a writing pass
// adds it, and a comparing pass returns one without ID.
func (p *pass) community(name string) (estate.Community, error) {
	c, err := p.knownCommunity(name)
	if err != nil || c.ID != "" || !p.write {
		return c, err
	}
	c, fresh, err := estate.EnsureCommunity(p.tx, p.by, name)
	if err != nil {
		return c, err
	}
	if fresh {
		p.addsRows("communities", c.ID)
	}
	p.communities[name] = c
	return c, p.lock(c.ID)
}

// knownCommunity finds a community by name. One that does not exist is returned
// without ID.
func (p *pass) knownCommunity(name string) (estate.Community, error) {
	if c, ok := p.communities[name]; ok {
		return c, nil
	}
	c, err := estate.CommunityByName(p.tx, name)
	if errors.Is(err, models.ErrNotFound) {
		c, err = estate.Community{}, nil
	}
	if err == nil && c.ID != "" {
		err = p.lock(c.ID)
	}
	if err == nil {
		p.communities[name] = c
	}
	return c, err
}

// lock keeps other imports and billing runs out of a community while the pass writes,
// so that what was looked up stays true until the end. It does nothing in a comparing
// pass. Communities are locked in the order in which the pass finds them. Two imports
// that meet in opposite orders may deadlock; the database ends one, and
// [store.DB.Write] repeats it. An import that writes in steps holds the community to its
// end: see [office.ImportHold].
func (p *pass) lock(communityID string) error {
	p.met[communityID] = true
	if !p.write || p.locked[communityID] {
		return nil
	}
	p.locked[communityID] = true
	if p.commit != nil {
		return estate.LockCommunityFor(p.tx, communityID, p.commit.run.ID)
	}
	return estate.LockCommunity(p.tx, communityID)
}

// lateRule returns a community's default late-fee rule of today, read once for a pass. An error
// is a fault: the community is one that a room belongs to.
func (p *pass) lateRule(communityID string) (estate.LateRule, error) {
	rule, ok := p.rules[communityID]
	if ok {
		return rule, nil
	}
	rule, err := estate.LateRuleOn(p.tx, communityID, p.tx.Today())
	if err == nil {
		p.rules[communityID] = rule
	}
	return rule, err
}
