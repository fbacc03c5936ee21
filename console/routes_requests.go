package console

// requestRoutes are what somebody asks for and another decides.
var requestRoutes = []route{
	{"GET /staff/rooms/{id}/ask", permRequests, (*call).askPage},
	{"POST /staff/rooms/{id}/ask", permRequests, (*call).ask},
	{"GET /staff/requests", permRequests, (*call).requests},
	{"GET /staff/requests/export", permRequests, (*call).exportRequests},
	{"GET /staff/requests/{id}", permRequests, (*call).request},
	{"POST /staff/requests/{id}", permRequests, (*call).decide},
}
