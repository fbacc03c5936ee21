package intake_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
	"wuyepay/billing/sheet"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

// A real file: a title above the header, a sum below, spaces in phone numbers,
// numbers as text, units, three ways to write a date.
const realRooms = "海棠花园房产资料登记表,,,,,,,,,,,,,\n" + billingtest.RoomHead +
	"海棠花园,1-1-101,1栋,1单元,101,高层住宅,吕敏,13800000000,123.47,2.35,季,2020-05-02,已入住,林晓梅\n" +
	"海棠花园,1-1-102,1栋,1单元,102,高层住宅,徐霞,138 0000 0001,104.15 ,2.35元,月,2019/1/7,空置,林晓梅\n" +
	"海棠花园,2-1-101,2栋,1单元,101,商铺,吕敏,13800000000,88,4.5,半年,2021年4月11日,已入住,陈涛\n" +
	"海棠花园,2-1-102,2栋,1单元,102,商铺,开发公司,,90.5,,年,,未售,\n" +
	"玉兰苑,1-1-101,,,,,,,50.00㎡,,,,,\n" +
	"合计,,,,,,,,455.12,,,,,\n"

func TestImportRooms(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := billingtest.MustImport(t, db, intake.Rooms, realRooms)
	if r.Read != 6 || billingtest.Counts(r) != "5 added 0 changed 0 unchanged 1 left out" {
		t.Errorf("read %d: %s", r.Read, billingtest.Counts(r))
	}
	billingtest.WantWarnings(t, r, "6 联系电话 没有联系电话，业主不能凭手机号绑定，也收不到提醒", "7 业主姓名 没有业主姓名，账单将没有责任人")
	want := []string{
		"community 海棠花园",
		"room 1-1-101 1栋 1单元 101 高层住宅 123.47 2.35 quarter 2020-05-02 occupied 林晓梅 0",
		"held 1-1-101 by 吕敏 13800000000 from 2020-05-02 to ",
		"room 1-1-102 1栋 1单元 102 高层住宅 104.15 2.35 month 2019-01-07 vacant 林晓梅 0",
		"held 1-1-102 by 徐霞 13800000001 from 2019-01-07 to ",
		"room 2-1-101 2栋 1单元 101 商铺 88.00 4.50 half_year 2021-04-11 occupied 陈涛 0",
		"held 2-1-101 by 吕敏 13800000000 from 2021-04-11 to ",
		"room 2-1-102 2栋 1单元 102 商铺 90.50  year  unsold  0",
		"held 2-1-102 by 开发公司  from  to ",
		"community 玉兰苑",
		"room 1-1-101     50.00    occupied  0",
		"import rooms 表.csv 6 5 0 2",
	}
	if diff := cmp.Diff(want, billingtest.Snapshot(t, db)); diff != "" {
		t.Errorf("wanted (-), had (+):\n%s", diff)
	}
	tx := db.View(context.Background())
	holdings, err := estate.OwnerTenuresOfRooms(tx,
		[]string{billingtest.RoomOf(t, db, "1-1-102").ID, billingtest.RoomOf(t, db, "2-1-101").ID, roomIn(t, db, "海棠花园", "1-1-101").ID})
	billingtest.NoError(t, err)
	one, other := holdings[billingtest.RoomOf(t, db, "2-1-101").ID][0].OwnerID, holdings[roomIn(t, db, "海棠花园", "1-1-101").ID][0].OwnerID
	if one != other {
		t.Error("one person with two rooms became two owners")
	}
}

func roomIn(t *testing.T, db *store.DB, community, code string) estate.Room {
	t.Helper()
	tx := db.View(context.Background())
	c, err := estate.CommunityByName(tx, community)
	billingtest.NoError(t, err)
	r, err := estate.RoomByCode(tx, c.ID, code)
	billingtest.NoError(t, err)
	return r
}

func TestSameRoomsAgainChangeNothing(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms, realRooms)
	before := billingtest.Snapshot(t, db)
	r := billingtest.MustImport(t, db, intake.Rooms, realRooms)
	if billingtest.Counts(r) != "0 added 0 changed 5 unchanged 1 left out" {
		t.Error(billingtest.Counts(r))
	}
	if diff := cmp.Diff(before, billingtest.Snapshot(t, db)); diff != "" {
		t.Errorf("before (-), after (+):\n%s", diff)
	}
}

func TestRoomsThatCannotBeRight(t *testing.T) {
	t.Parallel()
	row := func(code, owner, phone, area, price, cycle, date, state string) string {
		return strings.Join([]string{"海棠花园", code, "1栋", "1单元", "1", "高层住宅", owner, phone, area, price, cycle, date, state, "林"},
			",") + "\n"
	}
	good := row("1-1-100", "甲", "13800000000", "80", "2", "月", "2020-01-01", "已入住")
	billingtest.WantMistakes(t, modelstest.Open(t), intake.Rooms, "登记表,,,,,,,,,,,,,\n"+billingtest.RoomHead+good+
		row("1-1-101", "乙", "1380000000", "80", "2", "月", "2020-01-01", "已入住")+
		row("1-1-102", "乙", "13800000002", "八十", "2", "月", "2020-01-01", "已入住")+
		row("1栋1单元100室", "乙", "13800000003", "80", "2", "月", "2020-01-01", "已入住")+
		row("1-1-104", "乙", "13800000004", "80", "2", "月", "2020-02-30", "已入住")+
		row("1-1-105", "乙", "13800000005", "-80", "2", "月", "2020-01-01", "已入住")+
		row("", "乙", "13800000006", "80", "2", "月", "2020-01-01", "已入住")+
		row("1-1-107", "乙", "13800000007", "0", "-1", "周", "2020-01-01", "不详")+
		row("1-1-108", "乙", "13800000007", "80.123", "10001", "月", "2020-01-01", "已入住")+
		row("号", "乙", "13800000007", "", "2.00001", "月", "2020-01-01", "已入住")+
		row(strings.Repeat("1", 65), strings.Repeat("王", 101), "13800000007", "80", "2", "月", "2020-01-01", "已入住"),
		"4 联系电话 手机号应为 11 位数字",
		"5 建筑面积(㎡) 不是数字",
		"6 房号 与第 3 行是同一间房",
		"7 交房日期 没有这一天",
		"8 建筑面积(㎡) 不能为负数",
		"9 房号 不能为空",
		"10 缴费周期 应为：月、季、半年、年",
		"10 房屋状态 应为：已入住、空置、未售",
		"10 建筑面积(㎡) 应大于 0",
		"10 收费单价(元/㎡·月) 不能为负数",
		"11 建筑面积(㎡) 最多 2 位小数",
		"11 收费单价(元/㎡·月) 数值过大，最大 10000",
		"12 房号 不是房号",
		"12 建筑面积(㎡) 不能为空",
		"12 收费单价(元/㎡·月) 最多 4 位小数",
		"13 房号 过长，最多 64 个字",
		"13 业主姓名 过长，最多 100 个字",
	)
}

func TestImportXLSX(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	f := excelize.NewFile()
	billingtest.NoError(t, f.SetSheetRow("Sheet1", "A1", &[]any{"小区", "房号", "业主姓名", "联系电话", "建筑面积"}))
	billingtest.NoError(t, f.SetSheetRow("Sheet1", "A2", &[]any{"海棠花园", 101, "甲", 13800000000, 248.63000000000002}))
	billingtest.NoError(t, f.SetSheetRow("Sheet1", "A3", &[]any{"海棠花园", "102", "甲", "13800000000", "60.5"}))
	var content bytes.Buffer
	billingtest.NoError(t, f.Write(&content))
	path := filepath.Join(t.TempDir(), "rooms.xlsx")
	billingtest.NoError(t, os.WriteFile(path, content.Bytes(), 0o600))
	r, err := intake.ImportFile(context.Background(), db, modelstest.Actor, intake.Rooms, path)
	billingtest.NoError(t, err)
	if billingtest.Counts(r) != "2 added 0 changed 0 unchanged 0 left out" {
		t.Error(billingtest.Counts(r))
	}
	billingtest.WantLines(t, db, "room", "101     248.63    occupied  0", "102     60.50    occupied  0")
	billingtest.WantLines(t, db, "import", "rooms rooms.xlsx 2 2 0 0")
}

func TestFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	for name, text := range map[string]string{
		"empty":          "",
		"header only":    billingtest.RoomHead,
		"missing column": "小区,业主姓名\n海棠花园,甲\n",
		"not a table":    "%PDF-1.7",
	} {
		_, err := billingtest.Import(db, intake.Rooms, text)
		var fault *sheet.FileError
		if !errors.As(err, &fault) || fault.File != "表.csv" {
			t.Errorf("%s: have %v", name, err)
		}
	}
	if _, err := billingtest.Import(db, "staff", billingtest.OneRoom); !errors.Is(err, intake.ErrKind) {
		t.Errorf("unknown kind: have %v", err)
	}
	var fault *sheet.FileError
	if _, err := intake.ImportFile(context.Background(), db, modelstest.Actor, intake.Rooms,
		filepath.Join(t.TempDir(), "no.csv")); !errors.As(err, &fault) {
		t.Errorf("no file: have %v", err)
	}
	if got := billingtest.Snapshot(t, db); len(got) != 0 {
		t.Errorf("the books are not empty: %v", got)
	}
	if _, err := billingtest.Import(modelstest.Broken(t), intake.Rooms, billingtest.OneRoom); err == nil {
		t.Error("a database that fails was not noticed")
	}
}

// watched is a file whose readings are counted: at each reading of its beginning
// it asks what to give.
type watched struct {
	reads int
	at    func(reading int) string
}

func (w *watched) ReadAt(p []byte, off int64) (int, error) {
	if off == 0 {
		w.reads++
	}
	return strings.NewReader(w.at(w.reads)).ReadAt(p, off)
}

// takeWatched imports oneRoom through the watch, and tells how often it was read.
func takeWatched(ctx context.Context, db *store.DB, at func(reading int) string) (int, error) {
	w := &watched{at: at}
	_, err := intake.Import(ctx, db, modelstest.Actor, intake.Rooms, intake.File{
		Name: "x", Content: w, Size: int64(len(billingtest.OneRoom)),
	})
	return w.reads, err
}

// Somebody saves the file while it is taken in.
func TestFileThatChangesMeanwhile(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	reads, err := takeWatched(ctx, modelstest.Open(t), func(int) string { return billingtest.OneRoom })
	billingtest.NoError(t, err)
	db := modelstest.Open(t)
	for from := 2; from <= reads; from++ {
		_, err := takeWatched(ctx, db, func(reading int) string {
			if reading >= from {
				return strings.Replace(billingtest.OneRoom, "123.47", "321.47", 1)
			}
			return billingtest.OneRoom
		})
		var fault *sheet.FileError
		if !errors.As(err, &fault) || !strings.Contains(fault.Reason, "修改") {
			t.Errorf("changed before reading %d of %d: have %v", from, reads, err)
		}
	}
	if got := billingtest.Snapshot(t, db); len(got) != 0 {
		t.Errorf("the books are not empty: %v", got)
	}
}

// Anyone who started the import gives up, at any time before its end.
func TestCancelledImportChangesNothing(t *testing.T) {
	t.Parallel()
	reads, err := takeWatched(context.Background(), modelstest.Open(t), func(int) string { return billingtest.OneRoom })
	billingtest.NoError(t, err)
	db := modelstest.Open(t)
	for from := 1; from <= reads; from++ {
		ctx, cancel := context.WithCancel(context.Background())
		_, err := takeWatched(ctx, db, func(reading int) string {
			if reading >= from {
				cancel()
			}
			return billingtest.OneRoom
		})
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("given up at reading %d of %d: have %v", from, reads, err)
		}
	}
	if got := billingtest.Snapshot(t, db); len(got) != 0 {
		t.Errorf("the books are not empty: %v", got)
	}
}

// A room that the file holds twice is one mistake, also where the books know the
// room and the second row names another owner.
func TestRoomTwiceInTheFileIsOneMistake(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	row := func(owner, phone string) string {
		return "海棠花园,1-1-101,1栋,1单元,101,高层住宅," + owner + "," + phone + ",80,2,月,2020-01-01,已入住,林\n"
	}
	first := row("甲", "13800000001")
	billingtest.MustImport(t, db, intake.Rooms, billingtest.RoomHead+first)
	billingtest.WantMistakes(t, db, intake.Rooms, billingtest.RoomHead+first+row("乙", "13800000002"), "3 房号 与第 2 行是同一间房")
}
