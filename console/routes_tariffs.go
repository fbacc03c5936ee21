package console

// tariffRoutes are what things cost, and for whom less.
var tariffRoutes = []route{
	{"GET /staff/tariffs", permBilling, (*call).tariffs},
	{"GET /staff/tariffs/export", permBilling, (*call).exportTariffs},
	{"GET /staff/tariffs/new", permBilling, (*call).newTariffPage},
	{"POST /staff/tariffs/new", permBilling, (*call).addTariff},
	{"GET /staff/tariffs/{id}", permBilling, (*call).tariffPage},
	{"POST /staff/tariffs/{id}", permBilling, (*call).changeTariff},
	{"GET /staff/vacancies", permRooms, (*call).vacancies},
	{"POST /staff/vacancies", permRooms, (*call).askVacancy},
	{"GET /staff/vacancies/export", permRooms, (*call).exportVacancies},
	{"POST /staff/vacancies/{id}", permApprove, (*call).decideVacancy},
}
