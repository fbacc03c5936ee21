package console

// roomRoutes are rooms and their accounts.
var roomRoutes = []route{
	{"GET /staff/rooms", permRooms, (*call).rooms},
	{"GET /staff/rooms/export", permRooms, (*call).exportRooms},
	{"GET /staff/rooms/{id}", permRooms, (*call).account},
	{"GET /staff/rooms/{id}/allocation", permRooms, (*call).allocation},
	{"GET /staff/rooms/{id}/prepaid", permRooms, (*call).prepaid},
	{"POST /staff/rooms/{id}/prepaid", permPrepaidMove, (*call).movePrepaid},
	{"POST /staff/rooms/{id}/prepaid/refund", permRequests, (*call).askRefund},
	{"GET /staff/rooms/{id}/bills/export", permRooms, (*call).exportBills},
	{"GET /staff/rooms/{id}/payments/export", permRooms, (*call).exportPayments},
	{"GET /staff/rooms/{id}/statement", permRooms, (*call).statement},
	{"GET /staff/rooms/{id}/statement.pdf", permRooms, (*call).statementPDF},
}
