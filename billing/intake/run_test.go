package intake_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

var bg = context.Background()

// desk is a database with a worker and two persons.
type desk struct {
	t            *testing.T
	db           *store.DB
	worker       *intake.Worker
	first, other office.Staff
}

func newDesk(t *testing.T, before ...string) *desk {
	t.Helper()
	d := &desk{t: t, db: modelstest.Open(t)}
	d.worker = intake.NewWorker(d.db, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { _ = d.worker.Close() })
	d.first, d.other = d.staff("finance", office.RoleFinance), d.staff("manager", office.RoleManager)
	for i := 0; i+1 < len(before); i += 2 {
		billingtest.MustImport(t, d.db, before[i], before[i+1])
	}
	return d
}

func (d *desk) staff(name, role string) office.Staff {
	d.t.Helper()
	s := office.Staff{Username: name, Name: name, Role: role, PasswordHash: "x"}
	modelstest.Write(d.t, d.db, func(tx *store.Tx) error { return office.AddStaff(tx, modelstest.Actor, &s) })
	return s
}

func (d *desk) upload(kind, text string) office.ImportRun {
	d.t.Helper()
	run, err := intake.Upload(bg, d.db, d.first.Actor(), kind, "表.csv", strings.NewReader(text))
	billingtest.NoError(d.t, err)
	return d.work(run.ID)
}

// work has the worker do what is queued, and returns the run.
func (d *desk) work(id string) office.ImportRun {
	d.t.Helper()
	_, err := d.worker.Work(bg)
	billingtest.NoError(d.t, err)
	run, err := office.ImportRunByID(d.db.View(bg), id)
	billingtest.NoError(d.t, err)
	return run
}

func (d *desk) commit(run office.ImportRun) office.ImportRun {
	d.t.Helper()
	d.want(run, office.ImportChecked)
	billingtest.NoError(d.t, intake.Commit(bg, d.db, d.first.Actor(), run.ID))
	return d.work(run.ID)
}

// takeBack has a run taken back, with the consent of a second person where that is needed.
func (d *desk) takeBack(run office.ImportRun) office.ImportRun {
	d.t.Helper()
	d.want(run, office.ImportDone)
	billingtest.NoError(d.t, intake.RequestTakeBack(bg, d.db, d.first, run.ID, "传错了文件"))
	if run.Kind == intake.Arrears {
		d.want(d.work(run.ID), office.ImportDone)
		billingtest.NoError(d.t, intake.RequestTakeBack(bg, d.db, d.other, run.ID, ""))
	}
	return d.work(run.ID)
}

func (d *desk) want(run office.ImportRun, state string) {
	d.t.Helper()
	if run.State != state {
		d.t.Fatalf("the import is %s, want %s: %s", run.State, state, run.Note)
	}
}

// books returns every row of every table but those that tell of imports, and without the
// rows that a void bill leaves.
func (d *desk) books() []string {
	d.t.Helper()
	var out []string
	for _, name := range tableNames() {
		query := "SELECT * FROM " + name
		switch name {
		case "audit", "leases", "journal", "bill_entries", "imports", "staff":
			continue
		case "fee_items", "room_changes": // the spelling of an item and the history of a room stay
			continue
		case "bills":
			query += " WHERE status <> 'void'"
		}
		if strings.HasPrefix(name, "import_") {
			continue
		}
		rows, err := modelstest.Rows(bg, d.db, query)
		billingtest.NoError(d.t, err)
		slices.Sort(rows)
		for _, r := range rows {
			out = append(out, name+": "+r)
		}
	}
	return out
}

func tableNames() []string {
	var out []string
	for _, t := range store.Tables {
		if !slices.Contains(out, t.Name) {
			out = append(out, t.Name)
		}
	}
	slices.Sort(out)
	return out
}

func (d *desk) proves() {
	d.t.Helper()
	violations, err := proof.Check(d.db.View(bg))
	billingtest.NoError(d.t, err)
	for _, v := range violations {
		d.t.Error(v)
	}
}

// oldRooms and newRooms are a file and a later one that adds a room and changes others.
const (
	oldRooms = billingtest.RoomHead +
		"海棠花园,1-1-101,1栋,1单元,101,高层住宅,吕敏,13800000000,123.47,,,2020-05-02,已入住,林晓梅\n" +
		"海棠花园,1-1-102,1栋,1单元,102,高层住宅,徐霞,13800000001,88,,,2020-05-02,已入住,林晓梅\n" +
		"海棠花园,1-1-103,1栋,1单元,103,高层住宅,徐霞,13800000001,88,,,2020-05-02,已入住,林晓梅\n"
	newRooms = billingtest.RoomHead +
		"海棠花园,1-1-101,1栋,1单元,101,高层住宅,吕敏,13900000000,120,2.5,季,2020-06-01,空置,陈涛\n" +
		"海棠花园,1-1-102,1栋,1单元,102,高层住宅,徐霞,13800000009,88,,,2020-05-02,已入住,林晓梅\n" +
		"海棠花园,1-1-103,1栋,1单元,103,高层住宅,徐霞,13800000001,88,,,2020-05-02,已入住,林晓梅\n" +
		"海棠花园,1-1-104,1栋,1单元,104,高层住宅,何川,13800000004,70,,,2020-05-02,已入住,林晓梅\n" +
		"玉兰苑,1-1-101,1栋,1单元,101,高层住宅,马宁,,70,,,2020-05-02,已入住,林晓梅\n"
	oldTariffs = billingtest.TariffHead + "海棠花园,物业服务费,,按面积,2.35,,月,15,0.003,0,,2023-01-01,\n"
	newTariffs = billingtest.TariffHead + "海棠花园,物业服务费,,按面积,2.35,,月,15,0.001,3,,2023-01-01,2025-12-31\n" +
		"海棠花园,物业服务费,,按面积,2.60,,月,15,0.003,0,,2026-01-01,\n丁香里,车位费,,固定,80,,月,15,0,0,,2026-01-01,\n"
	someArrears = billingtest.ArrearsHead + "1-1-101,物业服务费,2025-01-01,2025-01-31,232.09,0,232.09,2025-01-15\n" +
		"1-1-102,物业服务费,2025-01-01,2025-01-31,200,50,150,2025-01-15\n1-1-102,物业服务费,2025-02-01,2025-02-28,200,200,0,2025-02-15\n"
	someMeters = billingtest.MeterHead + "1-1-101,W1,水费,,838,,2026-01-31\n1-1-101,W1,水费,838,864,,2026-02-28\n"
)

// Whatever an import has added and changed, taking it back leaves every table as it was.
func TestImportAndTakeBackLeaveTheBooksAsTheyWere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind, text string
		before     []string
		counts     string // read, added, changed, unchanged, wrong, left out
	}{
		"rooms, first":   {intake.Rooms, oldRooms, nil, "3 3 0 0 0 0"},
		"rooms, again":   {intake.Rooms, newRooms, []string{intake.Rooms, oldRooms}, "5 2 2 1 0 0"},
		"tariffs, first": {intake.Tariffs, oldTariffs, nil, "1 1 0 0 0 0"},
		"tariffs, again": {intake.Tariffs, newTariffs, []string{intake.Tariffs, oldTariffs}, "3 2 1 0 0 0"},
		"arrears":        {intake.Arrears, someArrears, []string{intake.Rooms, oldRooms}, "3 2 0 0 0 1"},
		"meters":         {intake.Meters, someMeters, []string{intake.Rooms, oldRooms}, "2 2 0 0 0 0"},
		"nothing new":    {intake.Rooms, oldRooms, []string{intake.Rooms, oldRooms}, "3 0 0 3 0 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, c.before...)
			before := d.books()
			run := d.upload(c.kind, c.text)
			counts := fmt.Sprint(run.RowsRead, run.RowsAdded, run.RowsChanged, run.RowsUnchanged, run.RowsWrong, run.RowsLeftOut)
			if counts != c.counts {
				t.Errorf("counts %s, want %s", counts, c.counts)
			}
			if diff := cmp.Diff(before, d.books()); diff != "" {
				t.Fatalf("a preview has changed the books:\n%s", diff)
			}
			run = d.commit(run)
			d.proves()
			if name != "nothing new" && cmp.Equal(before, d.books()) {
				t.Fatal("nothing was imported")
			}
			again := d.upload(c.kind, c.text)
			if again.RowsAdded+again.RowsChanged != 0 {
				t.Errorf("the same file again adds %d and changes %d", again.RowsAdded, again.RowsChanged)
			}
			d.want(d.takeBack(run), office.ImportTakenBack)
			if diff := cmp.Diff(before, d.books()); diff != "" {
				t.Errorf("before the import (-), after it was taken back (+):\n%s", diff)
			}
			d.proves()
			run = d.commit(d.upload(c.kind, c.text)) // the same file can be imported anew
			d.want(run, office.ImportDone)
			if counts := fmt.Sprint(run.RowsRead, run.RowsAdded, run.RowsChanged, run.RowsUnchanged, run.RowsWrong,
				run.RowsLeftOut); counts != c.counts {
				t.Errorf("imported anew: %s, want %s", counts, c.counts)
			}
		})
	}
}

// A file with mistakes is refused, and its rows say in which cells they are.
func TestPreviewHasMistakesInTheirCells(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	before := d.books()
	text := billingtest.RoomHead + "海棠花园,1-1-101,,,,,吕敏,138,九十,,,2020-02-30,,\n海棠花园,1-1-102,,,,,何川,13800000001,70,,,,,\n" +
		"海棠花园,1栋1单元102,,,,,何川,13800000001,70,,,,,\n"
	run := d.upload(intake.Rooms, text)
	d.want(run, office.ImportRefused)
	if run.RowsRead != 3 || run.RowsWrong != 2 || run.RowsAdded != 1 {
		t.Errorf("%+v", run)
	}
	var want sheet.Mistakes
	if _, err := billingtest.Import(d.db, intake.Rooms, text); !errors.As(err, &want) {
		t.Fatal(err)
	}
	have, err := intake.MistakesOf(d.db.View(bg), run.ID, 100)
	billingtest.NoError(t, err)
	if diff := cmp.Diff(want.Error(), have.Error()); diff != "" {
		t.Errorf("mistakes of the command (-), of the preview (+):\n%s", diff)
	}
	rows, err := office.ImportRows(d.db.View(bg), run.ID, office.RowWrong, -1, 10)
	billingtest.NoError(t, err)
	cells, err := rows[0].Open(d.db.View(bg))
	billingtest.NoError(t, err)
	headings := intake.Headings(run)
	for _, m := range cells.Mistakes {
		if m.At < 0 || headings[m.At] != m.Column {
			t.Errorf("%s stands in cell %d", m.Reason, m.At)
		}
	}
	if err := intake.Commit(bg, d.db, d.first.Actor(), run.ID); !errors.Is(err, intake.ErrRunMistakes) {
		t.Errorf("commit: %v", err)
	}
	if diff := cmp.Diff(before, d.books()); diff != "" {
		t.Error(diff)
	}
}

// manyRows is a file of so many rooms.
func manyRows(rooms int) string {
	var b strings.Builder
	b.WriteString(billingtest.RoomHead)
	for i := range rooms {
		fmt.Fprintf(&b, "海棠花园,1-%d-%d,,,,,业主%d,139%08d,70,,,,,\n", i/100+1, i%100+101, i, i)
	}
	return b.String()
}

// A program that ends in the middle of a commit leaves a run that the next one finishes,
// each row once. No transaction writes more than a batch.
func TestInterruptedCommitIsFinishedOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const rooms = 3*intake.StepRows + 7
	run := d.upload(intake.Rooms, manyRows(rooms))
	billingtest.NoError(t, intake.Commit(bg, d.db, d.first.Actor(), run.ID))
	run, err := office.ImportRunByID(d.db.View(bg), run.ID)
	billingtest.NoError(t, err)
	killed, steps := errors.New("killed"), 0
	_, err = intake.CommitRun(bg, d.db, &run, func(*store.Tx) error {
		if steps++; steps == 3 {
			return killed
		}
		return nil
	})
	if !errors.Is(err, killed) || run.Blocks != 2 || run.RowsDone != 2*intake.StepRows {
		t.Fatalf("%v after %d blocks", err, run.Blocks)
	}
	c, err := estate.CommunityByName(d.db.View(bg), "海棠花园")
	billingtest.NoError(t, err)
	err = d.db.Write(bg, func(tx *store.Tx) error { return estate.LockCommunity(tx, c.ID) })
	if !errors.Is(err, office.ErrImporting) {
		t.Errorf("others take the lock of the community meanwhile: %v", err)
	}
	run = d.work(run.ID)
	d.want(run, office.ImportDone)
	have, err := estate.RoomsPage(d.db.View(bg), c.ID, "", 10_000)
	billingtest.NoError(t, err)
	if len(have) != rooms || run.Blocks != 4 {
		t.Errorf("%d rooms after %d blocks", len(have), run.Blocks)
	}
	ends, err := modelstest.Rows(bg, d.db, "SELECT rows_end FROM import_blocks ORDER BY block")
	billingtest.NoError(t, err)
	if want := []string{"0", "100", "200", "300", "307"}; !cmp.Equal(ends, want) {
		t.Errorf("blocks end at %v, want %v", ends, want)
	}
	modelstest.Write(t, d.db, func(tx *store.Tx) error { return estate.LockCommunity(tx, c.ID) })
	d.want(d.takeBack(run), office.ImportTakenBack)
}

// What meets a conflict while it is written is taken back whole, with the row named.
func TestConflictTakesBackWhatWasWritten(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	run := d.upload(intake.Rooms, manyRows(intake.StepRows+10))
	billingtest.MustImport(t, d.db, intake.Rooms, billingtest.RoomHead+"海棠花园,1-2-106,,,,,另一人,13700000000,70,,,,,\n")
	before := d.books()
	run = d.commit(run)
	d.want(run, office.ImportRefused)
	if run.Blocks != 1 || !strings.Contains(run.Note, "与系统登记的业主不同") {
		t.Errorf("%d blocks, %s", run.Blocks, run.Note)
	}
	if diff := cmp.Diff(before, d.books()); diff != "" {
		t.Errorf("before (-), after (+):\n%s", diff)
	}
}

// A person stops an import while it is written.
func TestStoppedImportIsTakenBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	before := d.books()
	run := d.upload(intake.Rooms, manyRows(2*intake.StepRows))
	billingtest.NoError(t, intake.Commit(bg, d.db, d.first.Actor(), run.ID))
	run, err := office.ImportRunByID(d.db.View(bg), run.ID)
	billingtest.NoError(t, err)
	killed := errors.New("killed")
	steps := 0
	_, err = intake.CommitRun(bg, d.db, &run, func(*store.Tx) error {
		if steps++; steps == 2 {
			return killed
		}
		return nil
	})
	if !errors.Is(err, killed) {
		t.Fatal(err)
	}
	billingtest.NoError(t, intake.Discard(bg, d.db, d.first.Actor(), run.ID))
	d.want(d.work(run.ID), office.ImportRefused)
	if diff := cmp.Diff(before, d.books()); diff != "" {
		t.Errorf("before (-), after (+):\n%s", diff)
	}
}

// Nothing is taken back on which something stands, and the page says what.
func TestTakeBackIsRefusedWhereSomethingStands(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind, text string
		before     []string
		then       func(d *desk)
		want       string
	}{
		"a bill on a new room": {intake.Rooms, oldRooms, nil, func(d *desk) {
			billingtest.MustImport(d.t, d.db, intake.Arrears, someArrears)
		}, "房产 1-1-101：账单"},
		"a changed room changed again": {intake.Rooms, newRooms, []string{intake.Rooms, oldRooms}, func(d *desk) {
			billingtest.MustImport(d.t, d.db, intake.Rooms, strings.Replace(newRooms, ",120,2.5,", ",121,2.5,", 1))
		}, "房产 1-1-101：之后又有修改"},
		"a tariff with a bill": {intake.Tariffs, oldTariffs, []string{intake.Rooms, oldRooms}, func(d *desk) {
			tariff := d.only("SELECT id FROM tariffs")
			billingtest.MustImport(d.t, d.db, intake.Arrears, someArrears)
			billingtest.NoError(d.t, modelstest.Exec(bg, d.db, "UPDATE bills SET tariff_id = '"+tariff+"'"))
		}, "收费标准 物业服务费 2023-01-01 起：账单"},
		"a later reading": {intake.Meters, someMeters, []string{intake.Rooms, oldRooms}, func(d *desk) {
			billingtest.MustImport(d.t, d.db, intake.Meters, billingtest.MeterHead+"1-1-101,W1,水费,864,870,,2026-03-10\n")
		}, "读数"},
		"a bill that was waived": {intake.Arrears, someArrears, []string{intake.Rooms, oldRooms}, func(d *desk) {
			billingtest.NoError(d.t, modelstest.Exec(bg, d.db,
				"UPDATE bills SET waived_late_fee_fen = 1, entry_count = 1 WHERE due_on = '2025-01-15'"))
		}, "账单 物业服务费 2025-01-01 至 2025-01-31：之后又有修改"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, c.before...)
			run := d.commit(d.upload(c.kind, c.text))
			c.then(d)
			before := d.books()
			run = d.takeBack(run)
			d.want(run, office.ImportDone)
			if !strings.Contains(run.Note, "不能撤回") || !strings.Contains(run.Note, c.want) {
				t.Errorf("the note says %q, want %q", run.Note, c.want)
			}
			if diff := cmp.Diff(before, d.books()); diff != "" {
				t.Errorf("before (-), after (+):\n%s", diff)
			}
			held, err := modelstest.Rows(bg, d.db, "SELECT community_id FROM import_holds")
			if err != nil || len(held) > 0 {
				t.Errorf("communities are held: %v, %v", held, err)
			}
		})
	}
}

func (d *desk) only(query string) string {
	d.t.Helper()
	rows, err := modelstest.Rows(bg, d.db, query)
	if err != nil || len(rows) != 1 {
		d.t.Fatalf("%v, %v", rows, err)
	}
	return strings.Trim(rows[0], "'\"")
}

// Arrears are money: who asks does not agree.
func TestArrearsAreTakenBackByTwo(t *testing.T) {
	t.Parallel()
	d := newDesk(t, intake.Rooms, oldRooms)
	run := d.commit(d.upload(intake.Arrears, someArrears))
	ask := func(by office.Staff, reason string) error {
		return intake.RequestTakeBack(bg, d.db, by, run.ID, reason)
	}
	if err := ask(d.first, " "); err == nil {
		t.Error("without a reason")
	}
	billingtest.NoError(t, ask(d.first, "重复"))
	if err := ask(d.first, "重复"); err == nil {
		t.Error("one person asked and agreed")
	}
	if err := ask(d.staff("other", office.RoleFinance), ""); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("without the permission: %v", err)
	}
	billingtest.NoError(t, intake.RefuseTakeBack(bg, d.db, d.other, run.ID))
	if err := ask(d.staff("steward", office.RoleSteward), "重复"); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a steward: %v", err)
	}
	d.want(d.takeBack(run), office.ImportTakenBack)
	bills, err := modelstest.Rows(bg, d.db, "SELECT status FROM bills")
	billingtest.NoError(t, err)
	if !cmp.Equal(bills, []string{fees.BillVoid, fees.BillVoid}) {
		t.Errorf("bills are kept as %v", bills)
	}
}

// The templates are files that can be imported as they are.
func TestTemplatesCanBeImported(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	for _, kind := range []string{intake.Rooms, intake.Tariffs, intake.Arrears, intake.Meters} {
		header, rows, err := intake.Template(kind)
		billingtest.NoError(t, err)
		text := strings.Join(header, ",") + "\n"
		for _, r := range rows {
			for i, c := range r {
				if i > 0 {
					text += ","
				}
				text += fmt.Sprint(c)
			}
			text += "\n"
		}
		r := billingtest.MustImport(t, db, kind, text)
		if r.Added != len(rows) || len(r.Ignored) > 0 {
			t.Errorf("%s: %s, not read %v", kind, billingtest.Counts(r), r.Ignored)
		}
	}
	if _, _, err := intake.Template("staff"); !errors.Is(err, intake.ErrKind) {
		t.Error(err)
	}
}

// A file comes back as it was handed in, and lies sealed in the database.
func TestFileIsKeptSealed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	text := manyRows(9000)
	run := d.upload(intake.Rooms, text)
	if run.Parts < 2 {
		t.Fatalf("%d parts", run.Parts)
	}
	var out strings.Builder
	billingtest.NoError(t, intake.WriteContent(d.db.View(bg), run, &out))
	if out.String() != text {
		t.Error("the file is not what was handed in")
	}
	for _, query := range []string{"SELECT COUNT(*) FROM import_parts WHERE instr(sealed, '13900000001') > 0",
		"SELECT COUNT(*) FROM import_rows WHERE instr(sealed, '13900000001') > 0"} {
		if n := d.only(query); n != "0" {
			t.Errorf("a phone number lies open: %s", query)
		}
	}
	if _, err := intake.Upload(bg, d.db, d.first.Actor(), intake.Rooms, "空.csv", strings.NewReader("")); err == nil {
		t.Error("an empty file was taken")
	}
}
