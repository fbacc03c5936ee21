package intake

import (
	"fmt"
	"strings"

	"wuyepay/billing/calc"
	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// tariffTable imports tariffs. A tariff is identified by community, item, kind of room or
// single room, and first day. A row for a known tariff changes it, which affects no bill
// that was issued. Two tariffs of one item and the same rooms must not be in force on the
// same day, because the price would be undefined.
//
// Columns that are not required leave a known tariff as it is where they are missing: see
// keepMissingColumns.
type tariffTable struct {
	*pass
	rows []tariffRow
	seen spans
}

// tariffRow is a row that was read. Its tariff has no ids yet: those of the community
// and of a single room are looked up at the end of the file.
type tariffRow struct {
	row       *sheet.Row
	community string
	room      string // key of the code of a single room
	tariff    fees.Tariff
}

// maxTariffs limits the rows that are held in memory until end. A real file has some
// dozens.
const maxTariffs = 5000

// Keys of the columns of tariffs.
const (
	colMethod = "method"
	colTiers  = "tiers"
	colRate   = "rate"
	colGrace  = "grace"
	colCap    = "cap"

	colCycleStart    = "cycle_start"
	colDueAfter      = "due_after"
	colVacantShare   = "vacant_share"
	colUnsoldShare   = "unsold_share"
	colDiscountShare = "discount_share"
	colDiscountUntil = "discount_until"
)

// columns returns the columns with the names that companies use for them.
func (t *tariffTable) columns() []sheet.Column {
	return []sheet.Column{
		{Key: colCommunity, Names: communityNames, Role: sheet.RoleGroup, Required: true},
		{Key: colItem, Names: itemNames, Role: sheet.RoleKey, Required: true},
		{Key: colKind, Names: append([]string{"适用物业类型", "适用房屋类型", "适用类型", "适用范围"}, kindNames...)},
		{Key: colRoom, Names: roomNames},
		{Key: colCycleStart, Names: []string{"周期起始月", "起始月份", "周期起始月份", "年度起始月"}},
		{Key: colDueAfter, Names: []string{"缴费期限", "缴费天数", "出账后天数", "缴费期限(天)"}},
		{Key: colVacantShare, Names: []string{"空置比例", "空置收费比例", "空置房比例"}},
		{Key: colUnsoldShare, Names: []string{"未售比例", "未售收费比例", "未售房比例"}},
		{Key: colDiscountShare, Names: []string{"优惠比例", "提前缴费优惠", "年付优惠", "预缴优惠"}},
		{Key: colDiscountUntil, Names: []string{"优惠截止", "优惠截止日", "优惠截止月日"}},
		{Key: colMethod, Names: []string{"计费方式", "计算方式", "收费方式", "计费方法"}, Role: sheet.RoleProof, Required: true},
		{Key: colPrice, Names: []string{"单价", "收费单价", "价格", "收费标准"}},
		{Key: colTiers, Names: []string{"阶梯", "阶梯单价", "阶梯价", "阶梯价格"}},
		{Key: colCycle, Names: cycleNames, Role: sheet.RoleProof, Required: true},
		{Key: colDue, Names: []string{"缴费截止日", "截止日", "缴费日", "每月截止日"}},
		{Key: colRate, Names: []string{"违约金日利率", "滞纳金日利率", "日利率", "违约金比例", "滞纳金比例", "违约金利率", "滞纳金率"}, Required: true},
		{Key: colGrace, Names: []string{"宽限天数", "宽限期", "宽限"}},
		{Key: colCap, Names: []string{"违约金上限", "滞纳金上限", "上限", "封顶比例"}},
		{Key: colFrom, Names: []string{"起始日期", "开始日期", "生效日期", "启用日期"}, Role: sheet.RoleProof, Required: true},
		{Key: colTo, Names: []string{"截止日期", "结束日期", "失效日期", "终止日期", "停用日期"}},
	}
}

// read reads a row. Without a kind of room (blank, 全部, 不限 or 所有) and without a
// room the tariff is for all rooms of the community. The due day is the 15th if the
// cell is blank. Both the first and the last day are days on which the tariff holds.
func (t *tariffTable) read(row *sheet.Row) tariffRow {
	r := tariffRow{row: row, community: t.requiredName(row, colCommunity, 100)}
	f := &r.tariff
	f.Item = t.requiredName(row, colItem, calc.MaxItem)
	f.RoomKind = t.text(row, colKind, calc.MaxKind)
	if kind := models.NameKey(f.RoomKind); kind == "全部" || kind == "不限" || kind == "所有" || kind == "" {
		f.RoomKind = ""
	}
	if f.Method = t.keyword(row, colMethod, methodWords, wantMethod); row.Blank(colMethod) {
		t.addMistake(row.Mistake(colMethod, "不能为空"))
	}
	if f.Cycle = t.keyword(row, colCycle, cycleWords, wantCycle); row.Blank(colCycle) {
		t.addMistake(row.Mistake(colCycle, "不能为空"))
	}
	if !row.Blank(colRoom) {
		_, r.room = t.roomCode(row)
		if f.RoomKind != "" {
			t.addMistake(row.Mistake(colRoom, "房号和适用物业类型只能填一项"))
		}
	}
	t.price(&r)
	t.late(&r)
	t.terms(&r)
	f.DueDay = t.whole(row, colDue, 15, calc.DueDays)
	f.FromOn = t.within(row, colFrom, t.requiredDate(row, colFrom), bounds{years: yearsAhead})
	if f.ToOn = t.date(row, colTo); f.ToOn != 0 && f.ToOn < f.FromOn {
		t.addMistake(row.Mistake(colTo, "早于起始日期"))
	}
	return r
}

// price reads price and tiers. A method takes one of them, or neither. By area and
// fixed need a price, and by meter needs a price or tiers. Shared costs and one-off
// charges need neither, because their amount is only known when they are charged. The
// price is in yuan, with at most four decimals.
func (t *tariffTable) price(r *tariffRow) {
	price, hasPrice := t.figure(r.row, colPrice, calc.PriceBounds)
	if hasPrice {
		r.tariff.Price = calc.FigureText(price)
	}
	hasTiers := !r.row.Blank(colTiers)
	if hasTiers {
		tiers, err := calc.ParseTiers(t.text(r.row, colTiers, calc.MaxTiersText))
		if refusal, ok := models.AsError(err); ok {
			t.addMistake(r.row.Mistake(colTiers, refusal.Message))
		}
		r.tariff.Tiers = tiers.String()
	}
	switch m := r.tariff.Method; {
	case hasTiers && m != "" && m != fees.MethodMeter:
		t.addMistake(r.row.Mistake(colTiers, "只有按表计费可以有阶梯"))
	case hasTiers && !r.row.Blank(colPrice):
		t.addMistake(r.row.Mistake(colTiers, "单价和阶梯只能填一项"))
	case !hasTiers && r.row.Blank(colPrice) && (m == fees.MethodArea || m == fees.MethodFixed || m == fees.MethodMeter):
		t.addMistake(r.row.Mistake(colPrice, "不能为空"))
	}
}

// late reads the late-fee rule: the rate per day (0.003, 3‰ and 0.3% are the same), the
// grace in days, 0 if blank, and the cap as a share of the principal, none if blank. A
// blank rate is a mistake: late fee that nobody agreed on is as wrong as late fee that
// was forgotten.
func (t *tariffTable) late(r *tariffRow) {
	rate, ok := t.figure(r.row, colRate, calc.RateBounds)
	if !ok && r.row.Blank(colRate) {
		t.addMistake(r.row.Mistake(colRate, "不能为空，不收违约金请填 0"))
	}
	r.tariff.LateRate = rate.String()
	r.tariff.GraceDays = t.whole(r.row, colGrace, 0, calc.GraceDays)
	if limit, ok := t.figure(r.row, colCap, calc.CapBounds); ok {
		r.tariff.LateCap = limit.String()
	}
}

// whole reads a whole number of a range. It returns usual for a blank cell, and for a
// mistake, so that the row can be read to its end.
func (t *tariffTable) whole(row *sheet.Row, key string, usual int, want calc.Range) int {
	if row.Blank(key) {
		return usual
	}
	n, m := row.Int(key)
	if m == nil && !want.Has(int(n)) {
		m = row.Mistake(key, fmt.Sprintf("应为 %d 到 %d 的整数", want.Least, want.Most))
	}
	if t.addMistake(m) {
		return usual
	}
	return int(n)
}

// batch only collects rows. Whether a tariff is in order shows when the whole
// file is known.
func (t *tariffTable) batch(rows []tariffRow) error {
	for _, r := range rows {
		if len(t.rows) == maxTariffs {
			return &sheet.FileError{Sheet: r.row.Sheet(), Row: r.row.Number(), Reason: fmt.Sprintf("收费标准超过 %d 条，请拆分后再导入", maxTariffs)}
		}
		t.rows = append(t.rows, r)
	}
	return nil
}

// end compares the file with the books, and writes. It collects first which tariffs the
// file mentions: a row that ends an older tariff may stand after the row of its
// successor, and must count before the successor is compared with the books.
func (t *tariffTable) end() error {
	if err := t.resolveRooms(); err != nil {
		return err
	}
	rows := t.rows
	for first := true; first || len(rows) > 0; first = false {
		part := rows
		if t.commit != nil {
			part = rows[:min(len(rows), stepRows)]
		}
		rows = rows[len(part):]
		if err := t.step(len(part), func() error { return t.storeAll(part) }); err != nil {
			return err
		}
	}
	return nil
}

// storeAll compares some rows with what the whole file mentions, and writes them. It looks
// up the tariffs anew, because the rows before may have been written in a transaction of
// their own.
func (t *tariffTable) storeAll(part []tariffRow) error {
	there := map[string]*communityTariffs{}
	for i := range t.rows {
		r := &t.rows[i]
		s, err := t.tariffsOf(there, *r)
		if err != nil {
			return err
		}
		if r.tariff.Item, err = t.itemOf(s.community.ID, r.tariff.Item); err != nil {
			return err
		}
		s.inFile[tariffKey(r.tariff)] = true
		// A column that is missing is neither a change nor an end that is taken away.
		if have := s.find(r.tariff); have != nil {
			keepMissingColumns(r.row, &r.tariff, *have)
		}
		to := r.tariff.ToOn
		if to == 0 {
			to = calc.Forever
		}
		t.seen.add(keyOf(r.community, r.tariff.Item, models.NameKey(r.tariff.RoomKind), r.room), r.tariff.FromOn, to, r.row)
	}
	if !t.write {
		t.seen.conflicts(func(row, earlier int32, _ bool) {
			t.addMistakeAt(row, colFrom, fmt.Sprintf("与%s同一项目、同一物业类型的日期重叠", t.rowName(earlier, row)))
		})
	}
	for _, r := range part {
		if err := t.store(there[r.community], r); err != nil {
			return err
		}
	}
	return nil
}

// communityTariffs holds the tariffs that a community has, and those that the file
// mentions, by tariffKey. community has no ID in a comparing pass if it does not exist
// yet.
type communityTariffs struct {
	community estate.Community
	stored    []fees.Tariff
	inFile    map[string]bool
}

// find returns the stored tariff that a row is about, or nil.
func (s *communityTariffs) find(f fees.Tariff) *fees.Tariff {
	for i := range s.stored {
		if tariffKey(s.stored[i]) == tariffKey(f) {
			return &s.stored[i]
		}
	}
	return nil
}

// tariffKey identifies a tariff within its community. The first day is part of it: a new
// price from another day is another tariff.
func tariffKey(f fees.Tariff) string {
	return strings.Join([]string{f.Item, models.NameKey(f.RoomKind), f.RoomID, f.FromOn.String()}, "\x00")
}

// tariffsOf returns the tariffs of a row's community, looked up once. A community that
// does not exist is added with the default rules; a comparing pass only warns.
func (t *tariffTable) tariffsOf(all map[string]*communityTariffs, r tariffRow) (*communityTariffs, error) {
	if s := all[r.community]; s != nil {
		return s, nil
	}
	c, err := t.knownCommunity(r.community)
	if err != nil {
		return nil, err
	}
	s := &communityTariffs{inFile: map[string]bool{}}
	if c.ID == "" {
		// Tariffs may be imported before the rooms. The name may also be misspelt: warn.
		t.warn(r.row.Mistake(colCommunity, "系统中没有这个小区，已按此名称新建"))
		if c, err = t.community(r.community); err != nil {
			return nil, err
		}
	}
	if s.community = c; c.ID != "" {
		if s.stored, err = fees.Tariffs(t.tx, c.ID); err != nil {
			return nil, err
		}
	}
	all[r.community] = s
	return s, nil
}
