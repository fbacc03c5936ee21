package intake

import (
	"context"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Template returns the headings of a file of a kind, and rows that show how it is filled in,
// for [sheet.Writer]. The error is [ErrKind].
func Template(kind string) (header []string, rows [][]any, err error) {
	t, ok := templates[kind]
	if !ok {
		return nil, nil, ErrKind
	}
	for _, r := range t.rows {
		cells := make([]any, len(r))
		for i, c := range r {
			cells[i] = c
		}
		rows = append(rows, cells)
	}
	return t.header, rows, nil
}

// templates are the files that staff fill in. Cells are texts, so that no program that opens
// them makes dates of room codes.
var templates = map[string]struct {
	header []string
	rows   [][]string
}{
	Rooms: {[]string{"小区", "房号", "楼栋", "单元", "房间", "物业类型", "业主姓名", "联系电话", "建筑面积(㎡)", "收费单价(元/㎡·月)", "缴费周期", "交房日期", "房屋状态", "管家"},
		[][]string{
			{"示例花园", "1-1-101", "1栋", "1单元", "101", "高层住宅", "张三", "13800000000", "98.76", "2.35", "月", "2020-05-02", "已入住", "林晓梅"},
			{"示例花园", "1-1-102", "1栋", "1单元", "102", "高层住宅", "", "", "88.00", "", "", "", "未售", ""},
		}},
	Tariffs: {[]string{"小区", "收费项目", "适用物业类型", "计费方式", "单价", "阶梯", "缴费周期", "缴费截止日", "违约金日利率", "宽限天数", "违约金上限", "起始日期", "截止日期"},
		[][]string{
			{"示例花园", "物业服务费", "高层住宅", "按面积", "2.35", "", "月", "15", "0.003", "0", "", "2020-01-01", ""},
			{"示例花园", "水费", "", "按表", "3.45", "", "月", "15", "0", "", "", "2020-01-01", ""},
		}},
	Arrears: {[]string{"小区", "房号", "收费项目", "账期起", "账期止", "应收金额", "已收金额", "欠费金额", "缴费截止日"},
		[][]string{{"示例花园", "1-1-101", "物业服务费", "2025-01-01", "2025-01-31", "232.09", "0", "232.09", "2025-01-15"}}},
	Holidays: {[]string{"开始日期", "结束日期", "类型", "名称"},
		[][]string{{"2026-10-01", "2026-10-08", "休息", "国庆节"}, {"2026-10-10", "", "上班", "国庆节调休"}}},
	Meters: {[]string{"小区", "房号", "表号", "收费项目", "上次读数", "本次读数", "倍率", "抄表日期"},
		[][]string{{"示例花园", "1-1-101", "W-0001", "水费", "", "120", "1", "2025-12-31"}}},
}

// NoteDownload puts into the audit log that somebody takes a file that was handed in: it
// holds what owners' pages hide.
func NoteDownload(ctx context.Context, db *store.DB, by models.Actor, id string) error {
	return db.Write(ctx, func(tx *store.Tx) error { return office.Audit(tx, by, "import.file_taken", "import", id, nil) })
}
