package words

import "wuyepay/models/fees"

// Requests are the kinds of a request.
var Requests = map[string]string{
	fees.RequestWaiver: "减免违约金", fees.RequestCorrection: "更正账单", fees.RequestVoid: "作废账单",
	fees.RequestInstalment: "分期缴费", fees.RequestDispute: "账单异议", fees.RequestPromise: "承诺缴费日",
	fees.RequestRefund: "退还预存",
}

// RequestStates are the states of a request.
var RequestStates = map[string]string{fees.RequestOpen: "待审批", fees.RequestApproved: "已同意", fees.RequestRejected: "未同意"}

// Plans are the states of an instalment plan.
var Plans = map[string]string{fees.PlanActive: "进行中", fees.PlanKept: "已完成", fees.PlanBroken: "已终止"}
