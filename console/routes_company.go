package console

// companyRoutes are the company's own people and settings, and who did what.
var companyRoutes = []route{
	{"GET /staff/audit", permAudit, (*call).audit},
	{"GET /staff/audit/export", permAudit, (*call).exportAudit},
	{"GET /staff/people", permStaff, (*call).people},
	{"GET /staff/people/export", permStaff, (*call).exportPeople},
	{"GET /staff/people/new", permStaffEdit, (*call).newPersonPage},
	{"POST /staff/people/new", permStaffEdit, (*call).addPerson},
	{"POST /staff/people/{id}/disable", permStaffEdit, (*call).disablePerson},
	{"POST /staff/people/{id}/enable", permStaffEdit, (*call).enablePerson},
	{"GET /staff/settings", permSettings, (*call).settings},
}
