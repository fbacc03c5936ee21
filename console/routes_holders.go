package console

// holderRoutes are who owns or rents a room.
var holderRoutes = []route{
	{"GET /staff/rooms/{id}/transfer", permHolders, (*call).transferPage},
	{"POST /staff/rooms/{id}/transfer", permHolders, (*call).transfer},
	{"GET /staff/rooms/{id}/owner", permHolders, (*call).renamePage},
	{"POST /staff/rooms/{id}/owner", permHolders, (*call).rename},
	{"GET /staff/rooms/{id}/tenants", permRooms, (*call).tenants},
	{"POST /staff/rooms/{id}/tenants", permHolders, (*call).addTenant},
	{"POST /staff/rooms/{id}/tenants/{tenure}/end", permHolders, (*call).endTenant},
	{"GET /staff/transfers", permRooms, (*call).transfers},
	{"GET /staff/transfers/export", permRooms, (*call).exportTransfers},
}
