package words

import "wuyepay/models/estate"

// Occupancy are the ways in which a room is occupied.
var Occupancy = map[string]string{estate.Occupied: "已入住", estate.Vacant: "空置", estate.Unsold: "未售"}

// RoomFields are the fields of a change of a room.
var RoomFields = map[string]string{
	"code": "房号", "building": "楼栋", "unit": "单元", "number": "房间", "kind": "物业类型", "area": "建筑面积", "price": "单价", "cycle": "缴费周期",
	"handed_over_on": "交房日期", "occupancy": "房屋状态", "steward": "管家", estate.FieldPhone: "登记号码", estate.FieldFurther: "其他号码",
}
