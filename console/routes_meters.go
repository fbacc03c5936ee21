package console

// meterRoutes are meters and their readings.
var meterRoutes = []route{
	{"GET /staff/rooms/{id}/meters", permMeters, (*call).roomMeters},
	{"POST /staff/rooms/{id}/meters", permMetersEdit, (*call).addMeter},
	{"GET /staff/meters", permMeters, (*call).meterPlaces},
	{"GET /staff/meters/sheet", permMeters, (*call).meterSheet},
	{"POST /staff/meters/sheet", permMetersEdit, (*call).enterReadings},
	{"POST /staff/meters/{id}/replace", permMetersEdit, (*call).replaceMeter},
	{"POST /staff/meters/{id}/multiplier", permMetersEdit, (*call).changeMultiplier},
	{"POST /staff/meters/{id}/digits", permMetersEdit, (*call).setDigits},
	{"POST /staff/meters/{id}/doubt", permMetersEdit, (*call).doubtReading},
}
