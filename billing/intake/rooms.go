package intake

import (
	"fmt"
	"slices"

	"wuyepay/billing"
	"wuyepay/billing/calc"
	"wuyepay/billing/sheet"
	"wuyepay/models/estate"
)

// Keys of columns that several kinds of file share.
const (
	colCommunity = "community"
	colRoom      = "room"
	colItem      = "item"
	colCycle     = "cycle"
	colPrice     = "price"
	colKind      = "kind"
	colFrom      = "from"
	colTo        = "to"
	colDue       = "due"
)

// Names of these columns, the usual one first.
var (
	communityNames = []string{"小区", "小区名称", "所属小区", "项目", "项目名称", "楼盘"}
	roomNames      = []string{"房号", "房屋编号", "房产编号", "房间编号", "房屋号", "房间代码", "资产编号"}
	itemNames      = []string{"收费项目", "费用项目", "费项", "费用名称", "收费项目名称", "收费科目", "费用类型"}
	kindNames      = []string{"物业类型", "房屋类型", "房产类型", "业态", "物业类别"}
	cycleNames     = []string{"缴费周期", "收费周期", "计费周期", "周期"}
)

// roomTable imports rooms and their owners.
//
// A room that exists is updated. A column that the file does not have, and a
// blank cell for owner, phone or state, leave what is stored. The owner's phone
// number may change; the owner's name may not. Bills are owed by a person, and
// no file can say whether a new name is a correction or a sale. A change of
// owner is a transfer 房屋过户, which settles who owes what from which day. If
// it were done silently here, the new owner would appear beside the debts of
// the former one.
//
// Two rows name one owner if community, name and phone number are the same. An
// owner without a phone number holds one room only.
type roomTable struct {
	*pass
	seen      spans
	roomNames map[string]estate.RoomNames // by id of the community
}

// roomRow is a row that was read. Fields of room that the file does not have
// are empty.
type roomRow struct {
	row       *sheet.Row
	community string
	room      estate.Room
	owner     string
	phone     string // digits
}

// columns returns the columns with the names that companies use for them.
func (t *roomTable) columns() []sheet.Column {
	return []sheet.Column{
		{Key: colCommunity, Names: communityNames, Role: sheet.RoleGroup, Required: true},
		{Key: colRoom, Names: roomNames, Role: sheet.RoleKey, Required: true},
		{Key: "building", Names: []string{"楼栋", "楼号", "栋号", "楼宇", "楼幢", "幢号"}, Role: sheet.RoleGroup},
		{Key: "unit", Names: []string{"单元", "单元号"}, Role: sheet.RoleGroup},
		{Key: "number", Names: []string{"房间", "房间号", "室号", "室"}, Role: sheet.RoleGroup},
		{Key: colKind, Names: kindNames, Role: sheet.RoleGroup},
		{
			Key: "owner", Names: []string{"业主姓名", "业主", "姓名", "业主名称", "客户姓名", "客户名称", "产权人"},
			Role: sheet.RoleName,
		},
		{
			Key:    "phone",
			Names:  []string{"联系电话", "手机号", "手机", "电话", "手机号码", "联系方式", "业主电话", "电话号码", "业主手机"},
			Prefer: []string{"业主手机", "手机号", "手机号码", "手机"}, Either: true, Role: sheet.RoleProof,
		},
		{
			Key: "area", Names: []string{"建筑面积", "面积", "收费面积", "计费面积", "房屋面积"},
			Prefer: []string{"计费面积", "收费面积", "建筑面积"}, Required: true,
		},
		{Key: colPrice, Names: []string{"收费单价", "单价", "物业费单价", "物业费标准"}, Prefer: []string{"物业费单价", "收费单价"}},
		{Key: colCycle, Names: cycleNames, Role: sheet.RoleProof},
		{
			Key: "handover", Names: []string{"交房日期", "交付日期", "接房日期", "入伙日期", "收房日期", "交房时间"},
			Role: sheet.RoleProof,
		},
		{Key: "state", Names: []string{"房屋状态", "状态", "入住状态", "入住情况", "使用状态"}, Role: sheet.RoleProof},
		{Key: "steward", Names: []string{"管家", "楼管", "客服管家", "责任管家", "楼栋管家", "负责人"}, Role: sheet.RoleGroup},
	}
}

// read reads a row. The area, in ㎡ with at most two decimals, is required and positive.
// A mistake in one cell does not end the row: the other cells are read as well, and all
// are reported.
func (t *roomTable) read(row *sheet.Row) roomRow {
	r := roomRow{row: row, community: t.requiredName(row, colCommunity, 100)}
	r.room.Code, r.room.CodeKey = t.roomCode(row)
	if r.room.CodeKey != "" && r.community != "" && !t.write {
		t.seen.add(keyOf(r.community, r.room.CodeKey), 0, 0, row)
	}
	r.room.Building = t.text(row, "building", 40)
	r.room.Unit = t.text(row, "unit", 40)
	r.room.Number = t.text(row, "number", 40)
	r.room.Kind = t.text(row, colKind, 40)
	r.room.Steward = t.text(row, "steward", 60)
	r.room.HandedOverOn = t.within(row, "handover", t.date(row, "handover"), bounds{years: yearsAhead, old: true})
	r.room.Cycle = t.keyword(row, colCycle, cycleWords, wantCycle)
	r.room.Occupancy = t.keyword(row, "state", occupancyWords, wantOccupancy)
	area, ok := t.figure(row, "area", calc.AreaBounds)
	switch {
	// figure accepts a blank cell; without an area a room cannot be charged by area.
	case row.Blank("area"):
		t.addMistake(row.Mistake("area", "不能为空"))
	case ok && area.IsZero():
		t.addMistake(row.Mistake("area", "应大于 0"))
	}
	r.room.Area = area.StringFixed(2)
	if price, ok := t.figure(row, colPrice, calc.PriceBounds); ok {
		r.room.Price = calc.FigureText(price)
	}
	r.owner = t.text(row, "owner", 100)
	r.phone = t.phone(row)
	return r
}

// phone reads the owner's phone number.
func (t *roomTable) phone(row *sheet.Row) string {
	phone, m := row.Phone("phone")
	t.addMistake(m)
	return phone
}

// warnOfOwner warns of a room without an owner, or of an owner without a phone number. Rooms
// of the developer have neither, so that both are no mistakes. name and phone report whether
// the room has them after the import, whatever the file says.
func (t *roomTable) warnOfOwner(row *sheet.Row, name, phone bool) {
	switch {
	case !name:
		t.warn(row.Mistake("owner", "没有业主姓名，账单将没有责任人"))
	case !phone:
		t.warn(row.Mistake("phone", "没有联系电话，业主不能凭手机号绑定，也收不到提醒"))
	}
}

// reasonNobody is the mistake of a phone number in the row of a room that has no owner.
const reasonNobody = "有联系电话而没有业主姓名，电话没有可以登记的人；请填写业主姓名，或清空电话"

// end reports rooms that are twice in the file, in whatever spelling.
func (t *roomTable) end() error {
	twice := map[int32]bool{}
	t.seen.conflicts(func(row, earlier int32, _ bool) {
		twice[row] = true
		t.addMistakeAt(row, colRoom, fmt.Sprintf("与%s是同一间房", t.rowName(earlier, row)))
	})
	// A room that is twice in the file may seem to change its owner; one report is
	// enough.
	t.mistakes = slices.DeleteFunc(t.mistakes, func(m *sheet.Mistake) bool { return twice[m.Place()] && m.Reason == reasonOwner })
	return nil
}

// batch handles the rows of each community together. A writing pass adds or locks the
// communities in the order in which the file names them first.
func (t *roomTable) batch(rows []roomRow) error {
	byCommunity := map[string][]roomRow{}
	var names []string // in the order of the file
	for _, r := range rows {
		if byCommunity[r.community] == nil {
			names = append(names, r.community)
		}
		byCommunity[r.community] = append(byCommunity[r.community], r)
	}
	for _, name := range names {
		c, err := t.community(name)
		if err != nil {
			return err
		}
		if err := t.batchOf(c, byCommunity[name]); err != nil {
			return err
		}
	}
	return nil
}

// batchOf sorts rows of one community into new rooms and existing ones. Existing rooms
// are written first, so that a new room of the same owner finds them by a phone number
// that the file has just corrected. In a comparing pass c has no ID if the community is
// new; then every room is new.
func (t *roomTable) batchOf(c estate.Community, rows []roomRow) error {
	if err := t.spellRooms(c, rows); err != nil {
		return err
	}
	var known map[string]estate.Room
	if c.ID != "" {
		keys := make([]string, len(rows))
		for i, r := range rows {
			keys[i] = r.room.CodeKey
		}
		var err error
		if known, err = estate.RoomsByKeys(t.tx, c.ID, keys); err != nil {
			return err
		}
	}
	var fresh, there []roomRow
	for _, r := range rows {
		have, ok := known[r.room.CodeKey]
		if !ok {
			r.room.CommunityID = c.ID
			t.decide(r.row, added)
			if r.owner == "" && r.phone != "" {
				t.addMistake(r.row.Mistake("phone", reasonNobody))
				continue
			}
			t.warnOfOwner(r.row, r.owner != "", r.phone != "")
			fresh = append(fresh, r)
			continue
		}
		r.room.ID = have.ID
		there = append(there, r)
	}
	if err := t.update(c, there, known); err != nil {
		return err
	}
	if !t.write {
		return nil
	}
	if err := t.insert(c, fresh); err != nil {
		return err
	}
	// Unsold rooms that nobody owns are the developer's, if the community has one.
	_, err := billing.HoldUnsold(t.tx, t.by, c.ID)
	return err
}
