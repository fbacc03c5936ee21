package words

import "wuyepay/models/office"

// ImportStates are the states of an import.
var ImportStates = map[string]string{
	office.ImportUploaded: "正在读取", office.ImportChecked: "待确认", office.ImportRefused: "未导入", office.ImportDiscarded: "已放弃",
	office.ImportCommitting: "正在导入", office.ImportUndoing: "正在恢复", office.ImportDone: "已导入", office.ImportTakingBack: "正在撤回",
	office.ImportTakenBack: "已撤回",
}

// ImportTones are the colours of these states.
var ImportTones = map[string]string{
	office.ImportUploaded: "blue", office.ImportChecked: "yellow", office.ImportRefused: "red", office.ImportDiscarded: "secondary",
	office.ImportCommitting: "blue", office.ImportUndoing: "blue", office.ImportDone: "green", office.ImportTakingBack: "blue",
	office.ImportTakenBack: "secondary",
}

// RowOutcomes are what becomes of a row of a file.
var RowOutcomes = map[string]string{
	office.RowWrong: "错误", office.RowAdded: "新增", office.RowChanged: "修改", office.RowUnchanged: "不变", office.RowLeftOut: "不读入",
}

// RowTones are the colours of these.
var RowTones = map[string]string{
	office.RowWrong: "red", office.RowAdded: "green", office.RowChanged: "orange", office.RowUnchanged: "secondary",
	office.RowLeftOut: "secondary",
}

// ImportKind names a kind of file.
func ImportKind(kind string) string { return Of(importKinds, kind) }

var importKinds = map[string]string{
	"rooms": "房产与业主", "tariffs": "收费标准", "arrears": "历史欠费", "meters": "表计与读数", "holidays": "节假日",
}
