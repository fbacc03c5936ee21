package console

// receiptRoutes are 收据 and 发票申请.
var receiptRoutes = []route{
	{"GET /staff/orders/{no}/receipt", permOrders, (*call).orderReceipt},
	{"GET /staff/receipts", permOrders, (*call).receipts},
	{"GET /staff/receipts/export", permOrders, (*call).exportReceipts},
	{"GET /staff/receipts/{id}", permOrders, (*call).receiptPDF},
	{"GET /staff/invoices", permInvoices, (*call).invoices},
	{"GET /staff/invoices/export", permInvoices, (*call).exportInvoices},
	{"GET /staff/invoices/{id}", permInvoices, (*call).invoice},
	{"POST /staff/invoices/{id}", permInvoices, (*call).decideInvoice},
}
