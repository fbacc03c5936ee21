package shadow

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"wuyepay/billing/calc"
	"wuyepay/billing/intake"
	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// ErrPeriodWide is the refusal of a file whose bills begin in too many months.
var ErrPeriodWide = models.Invalid("SHADOW_PERIOD", "文件里的账期超过 24 个月，请指定要对比的账期（月份）")

// ErrPeriodEmpty is the refusal of a file without a bill in the period.
var ErrPeriodEmpty = models.Invalid("SHADOW_EMPTY", "文件里没有这个账期的账单")

// maxMonths is how many months a comparison can be for.
const maxMonths = 24

// StartFile is [Start] for a file on disk.
func StartFile(ctx context.Context, db *store.DB, by models.Actor, path string, period calc.Period) (fees.ShadowRun, intake.Result, error) {
	name := filepath.Base(path)
	content, err := os.Open(path)
	if err != nil {
		return fees.ShadowRun{}, intake.Result{}, &sheet.FileError{File: name, Reason: "打不开", Err: err}
	}
	defer content.Close()
	info, err := content.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return fees.ShadowRun{}, intake.Result{}, &sheet.FileError{File: name, Reason: "打不开", Err: err}
	}
	return Start(ctx, db, by, intake.File{Name: name, Content: content, Size: info.Size()}, period)
}

// Start reads the bills of the old system and begins a comparison, which [Work] carries on.
// The zero period means the months that the file is about: see [spanOf]. The errors are
// those of [intake.ReadOldBills], [ErrPeriodWide] and [ErrPeriodEmpty]; with any of them
// nothing is kept.
//
// The file is read twice as a stream. The first pass only looks, so that a file with
// mistakes leaves nothing behind. The second keeps the rows, in transactions of one batch
// each, so that no payment waits for a long file.
func Start(ctx context.Context, db *store.DB, by models.Actor, f intake.File, period calc.Period) (fees.ShadowRun, intake.Result, error) {
	run := fees.ShadowRun{FileName: store.CutRunes(filepath.Base(f.Name), 200)}
	var usual calc.Days
	usual.From = 1 // empty
	if period != (calc.Period{}) {
		usual = calc.Days{From: period.First(), To: period.Last()}
	}
	months := map[models.Date]int{}
	result, err := intake.ReadOldBills(db.View(ctx), f, usual, nil, func(list []intake.OldBill) error {
		for _, b := range list {
			months[monthOf(b.Days.From).First()]++
		}
		return nil
	})
	if err != nil {
		return run, result, err
	}
	span := usual
	if span.Empty() {
		if span, err = spanOf(months); err != nil {
			return run, result, err
		}
	}
	if run.SHA256, err = intake.FileSum(f); err != nil {
		return run, result, err
	}
	run.PeriodFrom, run.PeriodTo = span.From, span.To
	s := &stage{db: db, run: run}
	err = db.Write(ctx, func(tx *store.Tx) error { return fees.InsertShadowRun(tx, by, &s.run) })
	if err != nil {
		return run, result, err
	}
	keep := func(b intake.OldBill) bool { return b.Days.Overlaps(span) }
	take := func(list []intake.OldBill) error { return s.take(ctx, list) }
	if result, err = intake.ReadOldBills(db.View(ctx), f, usual, keep, take); err == nil {
		err = s.finish(ctx, result)
	}
	if err != nil {
		return s.run, result, fmt.Errorf("read the old system's bills: %w", err)
	}
	return s.run, result, nil
}

// monthOf returns the month of a day.
func monthOf(day models.Date) calc.Period {
	year, month, _ := day.Parts()
	return calc.Period{Year: year, Month: month}
}

// spanOf returns the months that a file is about: of the runs of adjoining months in which
// its bills begin, the one with the most bills. A file of monthly bills for March with some
// quarterly ones from January is about March; the quarterly ones are compared as well,
// because they have days in it. The later run counts if two have the same number.
func spanOf(months map[models.Date]int) (calc.Days, error) {
	var best calc.Days
	most := 0
	for first := range months {
		if months[monthOf(first).Plus(-1).First()] > 0 {
			continue // not the beginning of its run
		}
		last, bills := monthOf(first), months[first]
		for months[last.Plus(1).First()] > 0 {
			last = last.Plus(1)
			bills += months[last.First()]
		}
		if bills > most || bills == most && first > best.From {
			best, most = calc.Days{From: first, To: last.Last()}, bills
		}
	}
	switch {
	case most == 0:
		return best, ErrPeriodEmpty
	case best.From < monthOf(best.To).Plus(1-maxMonths).First():
		return best, ErrPeriodWide
	}
	return best, nil
}

// stage keeps the rows of a file for the comparison.
type stage struct {
	db  *store.DB
	run fees.ShadowRun
}

// take keeps a batch of rows. A row whose room we do not have is a line at once.
func (s *stage) take(ctx context.Context, list []intake.OldBill) error {
	var rows []fees.ShadowRow
	var lines []fees.ShadowLine
	for _, b := range list {
		s.run.TheirsFen = s.run.TheirsFen.Plus(b.AmountFen)
		if b.Room.ID == "" {
			s.run.LineCount++
			lines = append(lines, fees.ShadowLine{
				RunID: s.run.ID, Seq: s.run.LineCount, Community: b.Community, RoomCode: b.Code, Item: b.Item, FromOn: b.Days.From,
				ToOn: b.Days.To, TheirRows: 1, Sheet: store.CutRunes(b.Sheet, 100), RowNo: b.Row,
				TheirsFen: b.AmountFen, DiffFen: b.AmountFen,
				Cause: fees.CauseExtra, Explanation: b.Missing,
			})
			continue
		}
		rows = append(rows, fees.ShadowRow{
			RunID: s.run.ID, RoomID: b.Room.ID, Place: int(b.Place), CommunityID: b.Room.CommunityID, Sheet: store.CutRunes(b.Sheet, 100),
			RowNo: b.Row, Item: b.Item, FromOn: b.Days.From, ToOn: b.Days.To, AmountFen: b.AmountFen, Area: figure(b.Area),
			Price: figure(b.Price), Quantity: figure(b.Quantity), HasLate: b.HasLate,
		})
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := fees.InsertShadowRows(tx, rows); err != nil {
			return err
		}
		return fees.InsertShadowLines(tx, lines)
	})
}

// finish begins the comparison, once all rows are kept.
func (s *stage) finish(ctx context.Context, r intake.Result) error {
	before := s.run
	if r.Added == 0 {
		// The rows that were read are all outside of the period: a run without lines.
		s.run.Status, s.run.DoneAt = fees.ShadowDone, s.db.Now()
	} else {
		s.run.Status = fees.ShadowComparing
	}
	s.run.RowsRead, s.run.RowsLeftOut = r.Read, r.LeftOut
	return s.db.Write(ctx, func(tx *store.Tx) error {
		list, err := fees.ShadowCommunities(tx, s.run.ID)
		if err != nil {
			return err
		}
		if s.run.RoomsTotal, err = countRooms(tx, list); err != nil {
			return err
		}
		if len(list) == 0 {
			s.run.Status, s.run.DoneAt = fees.ShadowDone, tx.Now
		} else {
			s.run.AtCommunity = list[0]
		}
		_, err = fees.MoveShadowRun(tx, before, &s.run)
		return err
	})
}
