package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// RequestTakeBack asks that a run that is done be taken back as a whole, or agrees to it.
// Arrears are money, so that one person asks and another agrees; for the other kinds the
// person who asks has it done. The [Worker] takes it back if nothing stands on it.
//
// The error is [billing.ErrNoReason], [billing.ErrSamePerson], [ErrRunState] or
// [models.ErrForbidden].
func RequestTakeBack(ctx context.Context, db *store.DB, by office.Staff, id, reason string) error {
	run, err := office.ImportRunByID(db.View(ctx), id)
	if err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	if !by.Can(office.PermImports) {
		return models.ErrForbidden
	}
	return asState(change(ctx, db, &run, func(tx *store.Tx) error {
		asked := run.Asked.Kind != ""
		switch {
		case run.State != office.ImportDone:
			return ErrRunState
		case asked && run.Asked == by.Actor():
			return billing.ErrSamePerson
		case asked && !by.Can(office.PermImportBack):
			return models.ErrForbidden
		case !asked && reason == "":
			return billing.ErrNoReason
		}
		action := "import.back_asked"
		if !asked {
			run.Asked, run.BackReason, run.Note = by.Actor(), store.CutRunes(reason, 200), ""
		}
		if asked || run.Kind != Arrears {
			run.Back, run.State, run.QueuedAt = by.Actor(), office.ImportTakingBack, models.RealNow()
			run.RowsDone = 0
			action = "import.taking_back"
		}
		return office.Audit(tx, by.Actor(), action, "import", run.ID, map[string]any{"reason": run.BackReason})
	}))
}

// RefuseTakeBack ends what was asked for by [RequestTakeBack], without taking anything back.
func RefuseTakeBack(ctx context.Context, db *store.DB, by office.Staff, id string) error {
	run, err := office.ImportRunByID(db.View(ctx), id)
	if err != nil {
		return err
	}
	return asState(change(ctx, db, &run, func(tx *store.Tx) error {
		switch {
		case !by.Can(office.PermImports):
			return models.ErrForbidden
		case run.State != office.ImportDone || run.Asked.Kind == "":
			return ErrRunState
		}
		run.Asked, run.BackReason = models.Actor{}, ""
		return office.Audit(tx, by.Actor(), "import.back_refused", "import", run.ID, nil)
	}))
}

// takeBack takes a run back: first it looks whether anything stands on it, unless the run
// was never done; then it undoes one block after the other, the last first. A run of which
// something cannot be taken back is done as before, and Note says why.
//
// Payments are not kept out. A bill that is paid between the look and its turn stays, and
// is counted in Kept.
func takeBack(ctx context.Context, db *store.DB, run *office.ImportRun, renew func(*store.Tx) error) error {
	if run.Undone == 0 {
		if err := holdBlocks(ctx, db, *run); err != nil {
			return err
		}
	}
	if run.State == office.ImportTakingBack && run.Undone == 0 {
		list, count, err := standings(ctx, db, *run)
		if err != nil {
			return err
		}
		if count > 0 {
			return leave(ctx, db, run, list, count)
		}
	}
	for run.Undone < run.Blocks {
		kept, err := undoBlock(ctx, db, *run, run.Blocks-run.Undone)
		if err != nil {
			return err
		}
		err = change(ctx, db, run, func(tx *store.Tx) error {
			run.Undone, run.Kept = run.Undone+1, run.Kept+kept
			run.RowsDone = run.RowsRead * run.Undone / run.Blocks
			return renew(tx)
		})
		if err != nil {
			return err
		}
	}
	return change(ctx, db, run, func(tx *store.Tx) error {
		run.QueuedAt, run.BackAt, run.RowsDone = models.Time{}, tx.Now, run.RowsRead
		if run.State == office.ImportUndoing {
			run.State = office.ImportRefused
		} else {
			run.State = office.ImportTakenBack
		}
		if run.Kept > 0 {
			run.Note = store.CutRunes(fmt.Sprintf("有 %d 条记录在撤回期间已被使用，予以保留。%s", run.Kept, run.Note), 500)
		}
		if err := office.ReleaseImportHolds(tx, run.ID); err != nil {
			return err
		}
		return office.Audit(tx, backActor(*run), "import.taken_back", "import", run.ID, map[string]any{"kept": run.Kept})
	})
}

func backActor(run office.ImportRun) models.Actor {
	if run.Back.Kind != "" {
		return run.Back
	}
	return models.SystemActor("imports")
}

// holdBlocks keeps others out of all communities that the run has written to.
func holdBlocks(ctx context.Context, db *store.DB, run office.ImportRun) error {
	seen := map[string]bool{}
	var ids []string
	for n := 1; n <= run.Blocks; n++ {
		var b block
		if err := office.ReadImportBlock(db.View(ctx), run.ID, n, &b); err != nil {
			return err
		}
		for _, id := range b.Communities {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return db.Write(ctx, func(tx *store.Tx) error {
		for _, id := range ids {
			err := estate.LockCommunityFor(tx, id, run.ID)
			if err != nil && !errors.Is(err, models.ErrNotFound) {
				return err
			}
		}
		return nil
	})
}

// leave ends the taking back of a run on which something stands.
func leave(ctx context.Context, db *store.DB, run *office.ImportRun, list []Standing, count int) error {
	texts := make([]string, len(list))
	for i, s := range list {
		texts[i] = s.String()
	}
	by := backActor(*run)
	return change(ctx, db, run, func(tx *store.Tx) error {
		run.State, run.QueuedAt, run.Asked, run.Back = office.ImportDone, models.Time{}, models.Actor{}, models.Actor{}
		run.BackReason, run.RowsDone = "", run.RowsRead
		run.Note = store.CutRunes(fmt.Sprintf("不能撤回，有 %d 条记录已被使用：%s", count, strings.Join(texts, "；")), 500)
		if err := office.ReleaseImportHolds(tx, run.ID); err != nil {
			return err
		}
		return office.Audit(tx, by, "import.back_refused", "import", run.ID, map[string]any{"standing": count})
	})
}

// standings returns the first of what stands on a run, and how many rows something stands
// on.
func standings(ctx context.Context, db *store.DB, run office.ImportRun) ([]Standing, int, error) {
	l := looker{tx: db.View(ctx), run: run, own: newIDSet()}
	read := func(n int) (block, error) {
		var b block
		err := office.ReadImportBlock(db.View(ctx), run.ID, n, &b)
		return b, err
	}
	for n := 1; n <= run.Blocks; n++ {
		b, err := read(n)
		if err != nil {
			return nil, 0, err
		}
		for _, e := range b.Effects {
			l.own.add(e.ID)
		}
	}
	var out []Standing
	count := 0
	for n := 1; n <= run.Blocks; n++ {
		b, err := read(n)
		if err != nil {
			return nil, 0, err
		}
		for _, table := range undoOrder(b.Effects) {
			list := ofTable(b.Effects, table)
			found, err := l.stands(table, list)
			if err != nil {
				return nil, 0, err
			}
			count += len(found)
			for _, e := range list {
				if s, ok := found[e.ID]; ok && len(out) < shownStandings {
					out = append(out, s)
				}
			}
		}
	}
	return out, count, nil
}

// undoOrder returns the tables of effects, those that refer to others before these.
func undoOrder(list []effect) []string {
	rank := map[string]int{"bills": 1, "readings": 2, "meters": 3, "tariffs": 5, "tenures": 6, "rooms": 7, "owners": 8, "communities": 9}
	var tables []string
	for _, e := range list {
		if !slices.Contains(tables, e.Table) {
			tables = append(tables, e.Table)
		}
	}
	place := func(table string) int {
		if r, ok := rank[table]; ok {
			return r
		}
		return 4
	}
	slices.SortStableFunc(tables, func(a, b string) int { return place(a) - place(b) })
	return tables
}

func ofTable(list []effect, table string) []effect {
	var out []effect
	for _, e := range list {
		if e.Table == table {
			out = append(out, e)
		}
	}
	return out
}

// undoRows is how many rows one transaction takes back: for a bill that takes about ten
// statements.
const undoRows = 100

// undoBlock takes back what one transaction has done, and returns how many rows of it it
// had to leave. It may be run again after it was cut short: a row that is taken back
// already is passed over.
func undoBlock(ctx context.Context, db *store.DB, run office.ImportRun, number int) (kept int, err error) {
	var b block
	if err := office.ReadImportBlock(db.View(ctx), run.ID, number, &b); err != nil {
		return 0, err
	}
	for _, table := range undoOrder(b.Effects) {
		list := ofTable(b.Effects, table)
		slices.Reverse(list)
		for len(list) > 0 {
			part := list[:min(len(list), undoRows)]
			list = list[len(part):]
			left := 0
			err := db.Write(ctx, func(tx *store.Tx) (err error) {
				left, err = undoPart(tx, run, table, part)
				return err
			})
			if err != nil {
				return kept, err
			}
			kept += left
		}
	}
	return kept, nil
}

func undoPart(tx *store.Tx, run office.ImportRun, table string, list []effect) (kept int, err error) {
	found, err := looker{tx: tx, run: run}.stands(table, list)
	if err != nil {
		return 0, err
	}
	ids := make([]string, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	now, err := store.Images(tx, table, ids)
	if err != nil {
		return 0, err
	}
	var drop []string
	for _, e := range list {
		image := now[e.ID]
		switch _, stands := found[e.ID]; {
		case image == nil && e.Old == nil, voided(table, image):
		case stands:
			kept++
		case e.Old != nil:
			if err := restore(tx, run, e, image); err != nil {
				return kept, err
			}
		case table == "bills":
			if err := voidBill(tx, run, e.ID); err != nil {
				return kept, err
			}
		default:
			drop = append(drop, e.ID)
		}
	}
	if table == "communities" {
		err = estate.DropFeeItems(tx, drop)
	}
	return kept, errors.Join(err, store.DropRows(tx, table, drop))
}

// restore sets a row that was changed to its old values. The bills and bindings of a
// tenure follow its owner.
func restore(tx *store.Tx, run office.ImportRun, e effect, now store.Image) error {
	columns := make([]string, 0, len(e.Old))
	for c := range e.Old {
		columns = append(columns, c)
	}
	slices.Sort(columns)
	if owner, ok := e.Old["owner_id"].(string); ok && e.Table == "tenures" {
		t := estate.Tenure{ID: e.ID, OwnerID: owner}
		t.RoomID, _ = now["room_id"].(string)
		from, _ := now["from_on"].(string)
		if old, ok := e.Old["from_on"].(string); ok {
			from = old
		}
		if err := t.FromOn.UnmarshalText([]byte(from)); err != nil {
			return err
		}
		if err := estate.CorrectTenure(tx, t); err != nil {
			return err
		}
	}
	if err := store.RestoreImage(tx, e.Table, e.ID, e.Old, columns); err != nil || e.Table != "rooms" {
		return err
	}
	return keepRestored(tx, run, e, now)
}

// keepRestored adds to the history of a room that an import was taken back.
func keepRestored(tx *store.Tx, run office.ImportRun, e effect, now store.Image) error {
	room, err := estate.RoomByID(tx, e.ID)
	if err != nil {
		return err
	}
	was := room
	for field, text := range map[string]*string{"code": &was.Code, "building": &was.Building, "unit": &was.Unit, "number": &was.Number,
		"kind": &was.Kind, "area": &was.Area, "price": &was.Price, "cycle": &was.Cycle, "occupancy": &was.Occupancy,
		"steward": &was.Steward} {
		if s, ok := now[field].(string); ok {
			*text = s
		}
	}
	if on, ok := now["handed_over_on"].(string); ok {
		if err := was.HandedOverOn.UnmarshalText([]byte(on)); err != nil {
			return err
		}
	}
	by := run.Back
	if by.Kind == "" {
		by = models.SystemActor("imports")
	}
	return estate.KeepRoomChanges(tx, by, "撤回导入", estate.RoomDiff(was, room))
}

// voidBill withdraws a bill of arrears, with its reversal in the journal. Its number stays
// and the period is free again.
func voidBill(tx *store.Tx, run office.ImportRun, id string) error {
	m := billing.Approval{Asked: run.Asked, Approved: run.Back, Reason: store.CutRunes("撤回导入："+run.BackReason, 200), RequestID: run.ID}
	if run.Back.Kind == "" {
		m.Asked, m.Approved = models.SystemActor("imports"), models.SystemActor("imports")
		m.Reason = "导入中止"
	}
	_, err := billing.Adjust(tx, m, billing.Adjustment{Kind: fees.EntryVoid, BillID: id})
	return err
}
