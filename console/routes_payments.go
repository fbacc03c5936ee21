package console

// paymentRoutes are orders, and the proof that money arrived.
var paymentRoutes = []route{
	{"GET /staff/orders", permOrders, (*call).orders},
	{"GET /staff/orders/export", permOrders, (*call).exportOrders},
	{"GET /staff/orders/{no}", permOrders, (*call).order},
	{"POST /staff/orders/{no}/end-exception", permReconcileRun, (*call).endException},
	{"GET /staff/reconcile", permReconcile, (*call).calendar},
	{"GET /staff/reconcile/export", permReconcile, (*call).exportCalendar},
	{"GET /staff/reconcile/{day}", permReconcile, (*call).reconciledDay},
	{"GET /staff/reconcile/{day}/export", permReconcile, (*call).exportFindings},
	{"POST /staff/reconcile/{day}", permReconcileRun, (*call).reconcileAgain},
	{"GET /staff/events", permReconcile, (*call).events},
	{"GET /staff/events/export", permReconcile, (*call).exportEvents},
	{"GET /staff/shipments", permReconcile, (*call).shipments},
	{"GET /staff/shipments/export", permReconcile, (*call).exportShipments},
	{"POST /staff/shipments/{no}/retry", permReconcileRun, (*call).retryShipment},
	{"GET /staff/evidence", permReconcile, (*call).evidence},
	{"GET /staff/evidence/export", permReconcile, (*call).exportEvidence},
	{"GET /staff/evidence/{id}", permReconcile, (*call).evidencePiece},
}
