package console

// deskRoutes are money that comes in at the counter, and its day.
var deskRoutes = []route{
	{"GET /staff/desk", permDesk, (*call).findRoom},
	{"GET /staff/rooms/{id}/desk", permDesk, (*call).deskRoom},
	{"POST /staff/rooms/{id}/desk", permDesk, (*call).takeAtDesk},
	{"GET /staff/desk/payments", permDesk, (*call).deskPayments},
	{"GET /staff/desk/payments/export", permDesk, (*call).exportDeskPayments},
	{"GET /staff/desk/payments/{id}", permDesk, (*call).deskPayment},
	{"POST /staff/desk/payments/{id}/reverse", permDesk, (*call).reverseDesk},
	{"GET /staff/dayclose", permDesk, (*call).dayClose},
	{"POST /staff/dayclose", permDesk, (*call).closeDay},
	{"GET /staff/dayclose/export", permDesk, (*call).exportDay},
	{"GET /staff/takings", permTakings, (*call).takings},
	{"GET /staff/takings/export", permTakings, (*call).exportTakings},
}
