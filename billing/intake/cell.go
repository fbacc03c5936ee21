package intake

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// text reads a text of at most longest characters, where a Chinese character counts as
// one. It may be blank, and is "" if the file does not have the column.
func (p *pass) text(row *sheet.Row, key string, longest int) string {
	s, m := row.Value(key)
	if m == nil && utf8.RuneCountInString(s) > longest {
		m = row.Mistake(key, fmt.Sprintf("过长，最多 %d 个字", longest))
	}
	p.addMistake(m)
	return s
}

// required reads a text that must not be blank. It returns "" with a mistake recorded
// if the cell is blank.
func (p *pass) required(row *sheet.Row, key string, longest int) string {
	if _, m := row.Required(key); p.addMistake(m) {
		return ""
	}
	return p.text(row, key, longest)
}

// identifier reads a text that must not be blank and by which something is found again,
// such as the number of a meter. It returns "" with a mistake recorded if the cell is blank
// or if a spreadsheet has spoilt it.
func (p *pass) identifier(row *sheet.Row, key string, longest int) string {
	if _, m := row.Identifier(key); p.addMistake(m) {
		return ""
	}
	before := len(p.mistakes)
	if s := p.required(row, key, longest); len(p.mistakes) == before {
		return s
	}
	return ""
}

// roomCode reads a room's code and its key. The key is the same for all spellings of a
// code: 1-1-101, 1栋1单元101 and 1#1-101. The code is kept as the company writes it;
// rooms are found by the key. Both are empty if the cell is blank, broken or too long.
func (p *pass) roomCode(row *sheet.Row) (code, key string) {
	if code = p.identifier(row, colRoom, 64); code == "" {
		return "", ""
	}
	if key = models.RoomKey(code); key == "" || utf8.RuneCountInString(key) > 64 {
		p.addMistake(row.Mistake(colRoom, "不是房号"))
	}
	return code, key
}

// date reads a day. It returns zero for a blank cell, which is no mistake.
func (p *pass) date(row *sheet.Row, key string) models.Date {
	if row.Blank(key) {
		return 0
	}
	return p.requiredDate(row, key)
}

// requiredDate reads a day that must be there, as a date in Asia/Shanghai. It returns
// zero with a mistake recorded if the cell is blank or no date.
func (p *pass) requiredDate(row *sheet.Row, key string) models.Date {
	t, m := row.PlainDate(key)
	if p.addMistake(m) {
		return 0
	}
	return models.NewDate(t.Year(), t.Month(), t.Day())
}

// requiredDay is requiredDate for a column whose days may have a time, which is dropped.
func (p *pass) requiredDay(row *sheet.Row, key string) models.Date {
	t, m := row.Date(key)
	if p.addMistake(m) {
		return 0
	}
	return models.NewDate(t.Year(), t.Month(), t.Day())
}

// figure reads a number that is not negative. A blank cell returns ok false and is no
// mistake; a cell that is a mistake returns ok false as well, so that callers that
// require a figure must ask Blank to distinguish them. Zeros at the end do not count
// as decimals: with two places, 12.500 is accepted and 12.505 is a mistake.
func (p *pass) figure(row *sheet.Row, key string, b calc.Bounds) (d decimal.Decimal, ok bool) {
	if row.Blank(key) {
		return d, false
	}
	d, m := row.DecimalTo(key, b.Places)
	if m == nil {
		if fault := b.Fault(d); fault != "" {
			m = row.Mistake(key, fault)
		}
	}
	return d, !p.addMistake(m)
}

// fen reads an amount of yuan that is not negative and returns it in fen: 100.5 is
// 10050. A blank cell returns ok false and is no mistake; 0 is an amount, and so is a dash,
// as accounts write it. The limit is
// [models.MaxFen], 1 billion yuan.
func (p *pass) fen(row *sheet.Row, key string) (amount models.Fen, ok bool) {
	if row.Blank(key) && !row.Dash(key) {
		return 0, false
	}
	n, m := row.Fen(key)
	switch {
	case m != nil:
	case n < 0:
		m = row.Mistake(key, "不能为负数")
	case models.Fen(n) > models.MaxFen:
		m = row.Mistake(key, "金额过大")
	}
	return models.Fen(n), !p.addMistake(m)
}

// keyword reads one of the words that the field knows and returns its value. It returns
// "" for a blank cell, and for an unknown word, which is a mistake. want lists the
// usual words for the message.
func (p *pass) keyword(row *sheet.Row, key string, words map[string]string, want string) string {
	s := p.text(row, key, 40)
	if s == "" {
		return ""
	}
	got, ok := words[models.HalfWidth(s)]
	if !ok {
		p.addMistake(row.Mistake(key, "应为："+want))
	}
	return got
}

// cycleWords, occupancyWords and methodWords are the words that companies use. Any other
// word is a mistake, because a wrong guess would cost somebody money.
var cycleWords = keywords(map[string]string{
	fees.CycleMonth:    "月 每月 按月 月付 月缴 月度 1个月 一个月 单月",
	fees.CycleQuarter:  "季 季度 每季 每季度 按季 按季度 季付 季缴 3个月 三个月",
	fees.CycleHalfYear: "半年 每半年 按半年 半年付 半年缴 半年度 6个月 六个月",
	fees.CycleYear:     "年 年度 每年 按年 年付 年缴 一年 12个月 十二个月 全年",
})

const wantCycle = "月、季、半年、年"

var occupancyWords = keywords(map[string]string{
	estate.Occupied: "已入住 入住 自住 出租 租住 已出租 装修 装修中 已装修 已交付 已交房 使用中 正常 已售",
	estate.Vacant:   "空置 空置房 空房 空关 空关房 未入住 未装修 闲置",
	estate.Unsold:   "未售 未售出 未出售 未销售 待售 开发商",
})

const wantOccupancy = "已入住、空置、未售"

var methodWords = keywords(map[string]string{
	fees.MethodArea:   "按面积 面积 建筑面积 按建筑面积 面积计费",
	fees.MethodFixed:  "固定 固定金额 定额 按户 按月固定 包月 按月",
	fees.MethodMeter:  "按表 抄表 按用量 用量 按表计费 按读数 仪表",
	fees.MethodShared: "公摊 分摊 按公摊",
	fees.MethodOneOff: "一次性 单次 临时 一次性收费",
})

const wantMethod = "按面积、固定、按表、公摊、一次性"

// keywords turns lists of spellings, separated by blanks, into a map from spelling to
// value. A spelling must stand under one value only; otherwise the order of a map,
// which is random, would decide what it means.
func keywords(lists map[string]string) map[string]string {
	out := map[string]string{}
	for value, list := range lists {
		for _, w := range strings.Fields(list) {
			out[w] = value
		}
	}
	return out
}
