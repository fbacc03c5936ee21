package intake_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

// count returns what a query counts.
func count(t testing.TB, db *store.DB, query string) string {
	t.Helper()
	rows, err := modelstest.Rows(context.Background(), db, query)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(rows, "; ")
}

// again imports a file in another spelling, which must change nothing.
func again(t *testing.T, db *store.DB, kind, text string) {
	t.Helper()
	before := billingtest.Snapshot(t, db)
	if r := billingtest.MustImport(t, db, kind, text); r.Added+r.Changed != 0 || r.Unchanged == 0 {
		t.Errorf("%s\nin another spelling: %s", text, billingtest.Counts(r))
	}
	if after := billingtest.Snapshot(t, db); fmt.Sprint(before) != fmt.Sprint(after) {
		t.Errorf("%s\nbefore %v\nafter %v", text, before, after)
	}
}

func TestOneCommunityInTwoSpellings(t *testing.T) {
	t.Parallel()
	for _, names := range [][]string{
		{"阳光花园（一期）", "阳光花园(一期)", "阳光花园 （一期）", "阳光花园（一期）\u200b"},
		{"A区公寓", "Ａ区公寓", "a 区公寓", "ａ区　公寓"},
		{"金色·家园", "金色•家园", "金色．家园", "金色・家园"},
		{"东湖—1期", "东湖-1期", "东湖－１期", "东湖–1期"},
	} {
		db := modelstest.Open(t)
		room := func(name, code string) string {
			return name + "," + code + ",1栋,1单元,101,高层住宅,吕敏,13800000000,123.47,,,2020-05-02,已入住,林晓梅\n"
		}
		billingtest.MustImport(t, db, intake.Rooms, billingtest.RoomHead+room(names[0], "1-1-101"))
		for _, name := range names[1:] {
			again(t, db, intake.Rooms, billingtest.RoomHead+room(name, "1-1-101"))
		}
		var text string
		for i, name := range names { // in one file
			text += room(name, fmt.Sprintf("1-1-%d", 201+i))
		}
		billingtest.MustImport(t, db, intake.Rooms, billingtest.RoomHead+text)
		if have := count(t, db, "SELECT name FROM communities"); have != names[0] {
			t.Errorf("communities %q, want %q", have, names[0])
		}
		if have := count(t, db, "SELECT COUNT(*) FROM rooms"); have != "5" {
			t.Errorf("%s rooms", have)
		}
		billingtest.WantMistakes(t, db, intake.Rooms, billingtest.RoomHead+room(names[0], "1-1-301")+room(names[1], "1-1-301"),
			"3 房号 与第 2 行是同一间房")
	}
}

func TestOneBillInTwoSpellings(t *testing.T) {
	t.Parallel()
	for _, items := range [][]string{
		{"物业服务费", "物业 服务费", "物业　服务费", "物业\u00a0服务费"},
		{"水费（公共）", "水费(公共)", "水费 (公共)", "水费﹙公共﹚"},
		{"ETC车位费", "etc车位费", "ＥＴＣ车位费", "Etc 车位费"},
	} {
		db := modelstest.Open(t)
		billingtest.MustImport(t, db, intake.Rooms, billingtest.OneRoom)
		bill := func(item string) string {
			return "1-1-101," + item + ",2025-01-01,2025-01-31,235.00,0,235.00,2025-02-15\n"
		}
		billingtest.MustImport(t, db, intake.Arrears, billingtest.ArrearsHead+bill(items[0]))
		for _, item := range items[1:] {
			again(t, db, intake.Arrears, billingtest.ArrearsHead+bill(item))
		}
		billingtest.WantMistakes(t, db, intake.Arrears, billingtest.ArrearsHead+
			strings.ReplaceAll(bill(items[1]), "2025-01-31", "2025-02-28"), "2 账期起 与系统中 2025-01-01 至 2025-01-31 的账单重叠")
		later := func(item string) string { return strings.ReplaceAll(bill(item), "2025-", "2024-") }
		billingtest.WantMistakes(t, db, intake.Arrears, billingtest.ArrearsHead+later(items[1])+later(items[2])+later(items[3]),
			"3 账期起 与第 2 行是同一账单", "4 账期起 与第 2 行是同一账单")
		if have := count(t, db, "SELECT item, principal_fen FROM bills"); have != items[0]+" 23500" {
			t.Errorf("bills %q", have)
		}
	}
}

func TestOneTariffInTwoSpellings(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	tariff := func(community, item, kind string) string {
		return community + "," + item + "," + kind + ",按面积,2.35,,月,15,0.003,0,,2023-01-01,\n"
	}
	billingtest.MustImport(t, db, intake.Tariffs, billingtest.TariffHead+tariff("海棠花园（一期）", "物业费（高层）", "商铺Ａ"))
	for _, x := range [][3]string{
		{"海棠花园(一期)", "物业费(高层)", "商铺A"}, {"海棠花园 （一期）", "物业费 （高层）", "商 铺a"}, {"海棠花园（一期）", "物业费﹙高层﹚", "商铺Ａ\u200b"},
	} {
		again(t, db, intake.Tariffs, billingtest.TariffHead+tariff(x[0], x[1], x[2]))
	}
	billingtest.WantMistakes(t, db, intake.Tariffs, billingtest.TariffHead+
		tariff("翠湖", "物业费（高层）", "商铺")+tariff("翠湖", "物业费(高层)", "商　铺"), "3 起始日期 与第 2 行同一项目、同一物业类型的日期重叠")
	billingtest.WantMistakes(t, db, intake.Tariffs, billingtest.TariffHead+
		strings.ReplaceAll(tariff("海棠花园(一期)", "物业费(高层)", "商铺A"), "2023-01-01", "2024-01-01"),
		"2 起始日期 与系统中 2023-01-01 起的收费标准日期重叠，请先给它填上截止日期")
	if have := count(t, db, "SELECT item, room_kind FROM tariffs"); have != "物业费（高层） 商铺A" {
		t.Errorf("tariffs %q", have)
	}
}

func TestOneMeterInTwoSpellings(t *testing.T) {
	t.Parallel()
	for _, serials := range [][]string{
		{"SN-001A", "sn-001a", "ＳＮ－００１Ａ", "SN—001A", "SN-001 A"},
		{"水表（1）", "水表(1)", "水表 (1)"},
		{"A·7", "a•7", "Ａ．7"},
	} {
		db := modelstest.Open(t)
		billingtest.MustImport(t, db, intake.Rooms, billingtest.OneRoom)
		reading := func(serial, item string) string { return "1-1-101," + serial + "," + item + ",100,120,1,2026-02-28\n" }
		billingtest.MustImport(t, db, intake.Meters, billingtest.MeterHead+reading(serials[0], "水费"))
		for _, serial := range serials[1:] {
			again(t, db, intake.Meters, billingtest.MeterHead+reading(serial, "水 费"))
		}
		billingtest.WantMistakes(t, db, intake.Meters, billingtest.MeterHead+
			strings.ReplaceAll(reading(serials[0], "水费"), "2026-02", "2026-01")+strings.ReplaceAll(reading(serials[1], "水费"), "2026-02",
			"2026-01"),
			"3 抄表日期 与第 2 行是同一只表同一天的读数")
		if have := count(t, db, "SELECT item, serial FROM meters"); have != "水费 "+serials[0] {
			t.Errorf("meters %q", have)
		}
	}
}

// Whatever the spelling of its names, a file imports to the same books.
func TestFilesInEverySpelling(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms, strings.ReplaceAll(billingtest.OneRoom, "海棠花园", "海棠花园（一期）"))
	head := "小区," + billingtest.ArrearsHead
	billingtest.MustImport(t, db, intake.Arrears, head+"海棠花园（一期）,1-1-101,物业费（A类）,2025-01-01,2025-01-31,235.00,0,235.00,2025-02-15\n")
	rapid.Check(t, func(r *rapid.T) {
		spell := func(s, label string) string {
			var out strings.Builder
			for _, c := range s {
				one := []string{string(c)}
				switch c {
				case '（':
					one = append(one, "(", "﹙")
				case '）':
					one = append(one, ")", "﹚")
				case 'A':
					one = append(one, "a", "Ａ", "ａ")
				}
				out.WriteString(rapid.SampledFrom(one).Draw(r, label))
				out.WriteString(rapid.SampledFrom([]string{"", "", " ", "　", "\u200b", "\u00a0"}).Draw(r, label))
			}
			return out.String()
		}
		text := head + spell("海棠花园（一期）", "community") + ",1-1-101," + spell("物业费（A类）", "item") +
			",2025-01-01,2025-01-31,235.00,0,235.00,2025-02-15\n"
		res, err := billingtest.Import(db, intake.Arrears, text)
		if err != nil || res.Added != 0 || res.Unchanged != 1 {
			r.Fatalf("%s: %s, %v", text, billingtest.Counts(res), err)
		}
	})
}

func TestOneOwnerInTwoSpellings(t *testing.T) {
	t.Parallel()
	for _, names := range [][]string{
		{"张三", "张　三", "张 三", "张\u200b三"},
		{"阿卜杜·热合曼", "阿卜杜•热合曼", "阿卜杜‧热合曼", "阿卜杜・热合曼", "阿卜杜．热合曼", "阿卜杜.热合曼", "阿卜杜∙热合曼", "阿卜杜⋅热合曼"},
		{"JOHN SMITH", "John  Smith", "john smith", "ＪＯＨＮ　ＳＭＩＴＨ"},
	} {
		db := modelstest.Open(t)
		row := func(name, code string) string {
			return "海棠花园," + code + ",1栋,1单元,101,高层住宅," + name + ",13800000000,123.47,,,2020-05-02,已入住,林晓梅\n"
		}
		billingtest.MustImport(t, db, intake.Rooms, billingtest.RoomHead+row(names[0], "1-1-101"))
		for _, name := range names[1:] {
			again(t, db, intake.Rooms, billingtest.RoomHead+row(name, "1-1-101"))
		}
		billingtest.MustImport(t, db, intake.Rooms, billingtest.RoomHead+row(names[1], "1-1-102"))
		if have := count(t, db, "SELECT name FROM owners"); have != names[0] {
			t.Errorf("owners %q, want %q", have, names[0])
		}
		billingtest.WantMistakes(t, db, intake.Rooms, billingtest.RoomHead+row("李四", "1-1-101"),
			"2 业主姓名 与系统登记的业主不同：更换业主请办理房屋过户，更正姓名请修改业主资料，导入不会更换业主")
	}
}

// Buildings and stewards keep their first spelling: a steward sees all rooms under one
// name.
func TestOneBuildingInTwoSpellings(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	row := func(code, building, kind, steward string) string {
		return "海棠花园," + code + "," + building + ",1单元,101," + kind + ",吕敏,13800000000,123.47,,,2020-05-02,已入住," + steward + "\n"
	}
	billingtest.MustImport(t, db, intake.Rooms, billingtest.RoomHead+row("1-1-101", "1栋", "商铺", "王芳")+row("1-1-102", "1 栋", "商 铺", "王 芳"))
	billingtest.MustImport(t, db, intake.Rooms, billingtest.RoomHead+row("1-1-103", "１栋", "商　铺", "王　芳"))
	again(t, db, intake.Rooms, billingtest.RoomHead+row("1-1-101", "１ 栋", "商 铺", "王 芳"))
	if have := count(t, db, "SELECT DISTINCT building, kind, steward FROM rooms"); have != "1栋 商铺 王芳" {
		t.Errorf("rooms have %q", have)
	}
}

// Numbers of every kind are found by the phone that WeChat vouches for and by staff.
func TestPhonesOfEveryKind(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := modelstest.Open(t)
	for i, x := range []struct{ cell, wechat, search, last4 string }{
		{"+852 9123 4567", "+85291234567", "91234567", "4567"},
		{"00853-66123456", "+85366123456", "+853 6612 3456", "3456"},
		{"+886 0912 345 678", "+886912345678", "886912345678", "5678"},
		{"+1 (212) 555-0123", "+12125550123", "001 212 555 0123", "0123"},
		{"138 0000 0001", "13800000001", "+86 138 0000 0001", "0001"},
		{"0755-12345678转801", "", "0755-12345678转801", "5678"},
		{"010-12345678", "", "010-12345678", "5678"},
		{"400-123-4567", "", "4001234567", "4567"},
	} {
		code := fmt.Sprintf("9-1-%d", 101+i)
		billingtest.MustImport(t, db, intake.Rooms, billingtest.RoomHead+
			"海棠花园,"+code+",9栋,1单元,"+code+",,业主"+code+","+x.cell+",100,,,2020-05-02,已入住,\n")
		view := db.View(ctx)
		cond, args := estate.RoomText(view, x.search)
		found, err := store.Rows[string](view, "SELECT r.code FROM rooms r WHERE 1 = 1"+cond, args...)
		if err != nil || len(found) != 1 || found[0] != code {
			t.Errorf("%s finds %v, %v", x.search, found, err)
		}
		room := billingtest.RoomOf(t, db, code)
		owners, err := estate.RoomOwners(view, room.ID, view.Today())
		if err != nil || len(owners) != 1 || owners[0].PhoneLast4 != x.last4 {
			t.Errorf("%s ends in %v, %v", x.cell, owners, err)
		}
		if x.wechat == "" {
			continue
		}
		user := modelstest.User(t, db)
		if err := billing.BindByPhone(ctx, db, user.ID, x.wechat); err != nil {
			t.Fatal(err)
		}
		if bound, err := estate.BoundRooms(db.View(ctx), user.ID); err != nil || len(bound) != 1 || bound[0].Code != code {
			t.Errorf("%s is bound to %v, %v", x.wechat, bound, err)
		}
	}
	if models.MaskPhone("+85291234567") != "+852****4567" {
		t.Error("a number abroad shows too much")
	}
}
