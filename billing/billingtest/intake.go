package billingtest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// Header lines of files. The columns are those that most companies have.
const (
	RoomHead    = "小区,房号,楼栋,单元,房间,物业类型,业主姓名,联系电话,建筑面积(㎡),收费单价(元/㎡·月),缴费周期,交房日期,房屋状态,管家\n"
	ArrearsHead = "房号,收费项目,账期起,账期止,应收金额,已收金额,欠费金额,缴费截止日\n"
	TariffHead  = "小区,收费项目,适用物业类型,计费方式,单价,阶梯,缴费周期,缴费截止日,违约金日利率,宽限天数,违约金上限,起始日期,截止日期\n"
	MeterHead   = "房号,表号,收费项目,上次读数,本次读数,倍率,抄表日期\n"
)

// OneRoom is a file with the room that most tests need.
const OneRoom = RoomHead + "海棠花园,1-1-101,1栋,1单元,101,高层住宅,吕敏,13800000000,123.47,,,2020-05-02,已入住,林晓梅\n"

// file returns a text as an upload.
func file(text string) intake.File {
	return intake.File{Name: "表.csv", Content: strings.NewReader(text), Size: int64(len(text))}
}

// Import imports a file.
func Import(db *store.DB, kind, text string) (intake.Result, error) {
	return intake.Import(context.Background(), db, modelstest.Actor, kind, file(text))
}

// MustImport imports a file that must have no mistakes.
func MustImport(t testing.TB, db *store.DB, kind, text string) intake.Result {
	t.Helper()
	r, err := Import(db, kind, text)
	if err != nil {
		t.Fatal(err)
	}
	AddsUp(t, r)
	return r
}

// Counts formats how many rows were added, changed, unchanged and left out.
func Counts(r intake.Result) string {
	return fmt.Sprintf("%d added %d changed %d unchanged %d left out", r.Added, r.Changed, r.Unchanged, r.LeftOut)
}

// AddsUp fails the test unless the rows of the result add up to what was read.
func AddsUp(t testing.TB, r intake.Result) {
	t.Helper()
	if sum := r.Added + r.Changed + r.Unchanged + r.Wrong + r.LeftOut; sum != r.Read {
		t.Errorf("read %d, but %s and %d wrong", r.Read, Counts(r), r.Wrong)
	}
}

// WantMistakes imports a file and fails the test unless it has exactly these
// mistakes, each written as row, column and reason, and unless nothing has
// changed.
func WantMistakes(t *testing.T, db *store.DB, kind, text string, want ...string) {
	t.Helper()
	before := Snapshot(t, db)
	result, err := Import(db, kind, text)
	var list sheet.Mistakes
	if !errors.As(err, &list) {
		t.Fatalf("want mistakes, have %v and %s", err, Counts(result))
	}
	if diff := cmp.Diff(want, lines(list)); diff != "" {
		t.Errorf("mistakes wanted (-), had (+):\n%s", diff)
	}
	if AddsUp(t, result); result.Wrong == 0 {
		t.Error("the result counts no wrong row")
	}
	if diff := cmp.Diff(before, Snapshot(t, db)); diff != "" {
		t.Errorf("a file with mistakes changed the books:\n%s", diff)
	}
}

// lines formats mistakes as row, column and reason.
func lines(list sheet.Mistakes) []string {
	out := make([]string, len(list))
	for i, m := range list {
		out[i] = fmt.Sprintf("%d %s %s", m.Row, m.Column, m.Reason)
	}
	return out
}

// WantWarnings compares warnings as [WantMistakes] compares mistakes.
func WantWarnings(t *testing.T, r intake.Result, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, lines(r.Warnings)); diff != "" {
		t.Errorf("warnings wanted (-), had (+):\n%s", diff)
	}
	if r.WarningCount != len(want) {
		t.Errorf("%d warnings counted, want %d", r.WarningCount, len(want))
	}
}

// Snapshot returns everything that imports and billing runs can change, line by
// line.
func Snapshot(t testing.TB, db *store.DB) []string {
	t.Helper()
	tx := db.View(context.Background())
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	communities, err := estate.Communities(tx, "", 100)
	NoError(t, err)
	for _, c := range communities {
		add("community %s", c.Name)
		tariffs, err := fees.Tariffs(tx, c.ID)
		NoError(t, err)
		for _, f := range tariffs {
			add("tariff %s %s %s %s %s %s due %d late %s %d %s %s..%s", f.Item, f.RoomKind, f.Method, f.Price, f.Tiers, f.Cycle, f.DueDay,
				f.LateRate, f.GraceDays, f.LateCap, f.FromOn, f.ToOn)
		}
		rooms, err := estate.RoomsPage(tx, c.ID, "", 10_000)
		NoError(t, err)
		for _, r := range rooms {
			add("room %s %s %s %s %s %s %s %s %s %s %s %d", r.Code, r.Building, r.Unit, r.Number, r.Kind, r.Area, r.Price, r.Cycle,
				r.HandedOverOn, r.Occupancy, r.Steward, r.PrepaidFen)
			out = append(out, holdingsOf(t, tx, r)...)
			out = append(out, billsOf(t, tx, r)...)
			out = append(out, metersOf(t, tx, r)...)
		}
	}
	imports, err := office.Imports(tx, 1000)
	NoError(t, err)
	for _, i := range imports {
		add("import %s %s %d %d %d %d", i.Kind, i.FileName, i.RowsRead, i.RowsAdded, i.RowsChanged, i.Warnings)
	}
	return out
}

// holdingsOf returns a line for each tenure of the room.
func holdingsOf(t testing.TB, tx *store.Tx, r estate.Room) (out []string) {
	t.Helper()
	byRoom, err := estate.OwnerTenuresOfRooms(tx, []string{r.ID})
	NoError(t, err)
	for _, h := range byRoom[r.ID] {
		phone, err := estate.OwnerPhone(tx, h.Owner)
		NoError(t, err)
		out = append(out, fmt.Sprintf("held %s by %s %s from %s to %s", r.Code, h.Owner.Name, phone, h.FromOn, h.ToOn))
	}
	return out
}

// billsOf returns a line for each bill of the room.
func billsOf(t testing.TB, tx *store.Tx, r estate.Room) (out []string) {
	t.Helper()
	bills, err := fees.BillsOfRoom(tx, r.ID, fees.BillFilter{Limit: 1000})
	NoError(t, err)
	for _, b := range bills {
		out = append(out, fmt.Sprintf("bill %s %s %s..%s issued %s due %s %s %s-%s late %s %d %s %s %s", r.Code, b.Item, b.PeriodStart,
			b.PeriodEnd, b.IssuedOn, b.DueOn, b.Status, b.PrincipalFen, b.PaidPrincipalFen, b.LateRate, b.GraceDays, b.LateCap, b.Source,
			b.Basis))
	}
	return out
}

// metersOf returns a line for each reading of the room's meters.
func metersOf(t testing.TB, tx *store.Tx, r estate.Room) (out []string) {
	t.Helper()
	meters, err := fees.MetersOfRooms(tx, []string{r.ID})
	NoError(t, err)
	for _, m := range meters {
		readings, err := fees.ReadingsOfMeters(tx, []string{m.ID})
		NoError(t, err)
		for _, x := range readings {
			out = append(out, fmt.Sprintf("reading %s %s %s x%s on %s %s-%s", r.Code, m.Item, m.Serial, m.Multiplier,
				x.ReadOn, x.Previous, x.Value))
		}
	}
	return out
}

// NoError fails the test if err is not nil.
func NoError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// CheckBooks fails the test for each violated invariant of the books.
func CheckBooks(t testing.TB, db *store.DB) {
	t.Helper()
	violations, err := proof.Check(db.View(context.Background()))
	NoError(t, err)
	for _, v := range violations {
		t.Error(v)
	}
}

// RoomOf returns the only room with the code.
func RoomOf(t testing.TB, db *store.DB, code string) estate.Room {
	t.Helper()
	found, err := estate.RoomsByCodeKey(db.View(context.Background()), []string{models.RoomKey(code)})
	NoError(t, err)
	if list := found[models.RoomKey(code)]; len(list) == 1 {
		return list[0]
	}
	t.Fatalf("%d rooms %s", len(found[models.RoomKey(code)]), code)
	return estate.Room{}
}

// LinesOf returns the lines of a snapshot that begin with a word, without the
// word.
func LinesOf(snapshot []string, word string) []string {
	var out []string
	for _, line := range snapshot {
		if strings.HasPrefix(line, word+" ") {
			out = append(out, strings.TrimPrefix(line, word+" "))
		}
	}
	return out
}

// WantLines compares the lines of the books that begin with a word.
func WantLines(t *testing.T, db *store.DB, word string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, LinesOf(Snapshot(t, db), word)); diff != "" {
		t.Errorf("%s wanted (-), had (+):\n%s", word, diff)
	}
}
