package console

// reportRoutes are what is owed, in lists and sums.
var reportRoutes = []route{
	{"GET /staff/arrears", permRooms, (*call).ledger},
	{"GET /staff/arrears/sums", permRooms, (*call).ledgerSumsPage},
	{"GET /staff/arrears/export", permRooms, (*call).exportLedger},
	{"GET /staff/limitation", permRooms, (*call).limitation},
	{"GET /staff/limitation/export", permRooms, (*call).exportLimitation},
	{"GET /staff/reports", permRooms, (*call).reports},
	{"GET /staff/reports/export", permRooms, (*call).exportReport},
}
