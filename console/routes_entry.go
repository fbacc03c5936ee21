package console

// entryRoutes are the way in: signing in, one's own password, the first page.
var entryRoutes = []route{
	{"GET /staff/static/{hash}/{file...}", permNone, (*call).static},
	{"GET /staff/login", permNone, (*call).signInPage},
	{"POST /staff/login", permNone, (*call).signIn},
	{"POST /staff/logout", permSelf, (*call).signOut},
	{"GET /staff/password", permSelf, (*call).passwordPage},
	{"POST /staff/password", permSelf, (*call).changePassword},
	{"GET /staff/{$}", permSelf, (*call).dashboard},
}
