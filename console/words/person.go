package words

import (
	"wuyepay/models/estate"
	"wuyepay/models/office"
)

// Roles are the roles of staff.
var Roles = map[string]string{
	office.RoleCashier: "收费员", office.RoleSteward: "管家", office.RoleFinance: "财务", office.RoleManager: "项目经理", office.RoleAdmin: "管理员",
}

// Holders are the ways in which a phone is bound to a room.
var Holders = map[string]string{
	estate.RoleOwner: "业主", estate.RoleFamily: "家属", estate.RoleTenant: "租户", estate.RolePayer: "代缴人",
	"phone": "微信手机号验证", "form": "房号姓名核对",
}
