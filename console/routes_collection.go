package console

// collectionRoutes are 托收: what banks collect for the company.
var collectionRoutes = []route{
	{"GET /staff/collection", permCollect, (*call).collections},
	{"POST /staff/collection", permCollect, (*call).makeCollection},
	{"GET /staff/collection/export", permCollect, (*call).exportCollections},
	{"GET /staff/collection/{id}", permCollect, (*call).collection},
	{"GET /staff/collection/{id}/export", permCollect, (*call).exportCollection},
	{"POST /staff/collection/{id}/file", permCollect, (*call).bankFile},
	{"POST /staff/collection/{id}/answer", permCollect, (*call).bankAnswer},
	{"POST /staff/collection/{id}/cancel", permCollect, (*call).cancelCollection},
	{"GET /staff/mandates", permCollect, (*call).mandates},
	{"POST /staff/mandates", permCollect, (*call).addMandate},
	{"GET /staff/mandates/export", permCollect, (*call).exportMandates},
	{"POST /staff/mandates/import", permCollect, (*call).importMandates},
	{"POST /staff/mandates/{id}/end", permCollect, (*call).endMandate},
}
