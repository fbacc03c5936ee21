package console

// refundRoutes are money that goes back.
var refundRoutes = []route{
	{"GET /staff/orders/{no}/refund", permRefundAsk, (*call).askRefundPage},
	{"POST /staff/orders/{no}/refund", permRefundAsk, (*call).askForRefund},
	{"GET /staff/refunds", permOrders, (*call).refunds},
	{"GET /staff/refunds/export", permOrders, (*call).exportRefunds},
	{"GET /staff/refunds/{no}", permOrders, (*call).refund},
	{"POST /staff/refunds/{no}", permRefundApprove, (*call).decideRefund},
	{"POST /staff/refunds/{no}/follow", permRefundKeep, (*call).followRefund},
	{"POST /staff/refunds/{no}/by-hand", permRefundKeep, (*call).refundByHand},
	{"POST /staff/refunds/{no}/give-up", permRefundKeep, (*call).giveUpRefund},
}
