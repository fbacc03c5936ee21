package main

import (
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"wuyepay/handlers"
	"wuyepay/models"
)

// handler is every way in: one list of method, path, guard and handler.
func (a *app) handler() http.Handler {
	mux := http.NewServeMux()
	api := handlers.NewHuma(mux)
	a.ownerRoutes(api)

	// WeChat: outside any login; the signature is the guard.
	mux.HandleFunc("POST /wechat/pay/{merchant}/notify", a.api.PayNotify)
	mux.HandleFunc("POST /wechat/refund/{merchant}/notify", a.api.PayNotify)
	mux.HandleFunc("GET /wechat/message", a.api.MessageCheck)
	mux.HandleFunc("POST /wechat/message", a.api.Message)

	// Anybody with the code on a receipt; few requests of one address.
	mux.HandleFunc("GET /r/{id}/{token}", a.genuine())

	// Staff: the console guards itself.
	mux.Handle("/staff/", a.console)
	mux.Handle("GET /staff", http.RedirectHandler("/staff/", http.StatusSeeOther))

	// Operations.
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { writeText(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", a.ready)
	mux.Handle("GET /metrics", a.metrics.handler())
	mux.HandleFunc("GET /openapi.json", openAPI(api))
	mux.HandleFunc("GET /docs", docsPage)
	mux.Handle("GET /docs/", docsAssets())
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/docs", http.StatusSeeOther) })
	mux.HandleFunc("/", a.notFound)
	return a.middleware(mux)
}

// ownerRoutes lists the mini-program's calls.
func (a *app) ownerRoutes(api huma.API) {
	h := a.api
	open := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/api/v1" + path, Summary: summary}
	}
	signedIn := func(id, method, path, summary string) huma.Operation {
		op := open(id, method, path, summary)
		op.Security = []map[string][]string{{"bearer": {}}}
		op.Middlewares = huma.Middlewares{h.SignedIn(api)}
		return op
	}
	created := func(op huma.Operation) huma.Operation { op.DefaultStatus = http.StatusCreated; return op }
	empty := func(op huma.Operation) huma.Operation { op.DefaultStatus = http.StatusNoContent; return op }

	handlers.Handle(api, h, open("login", "POST", "/session", "Sign in by the code of wx.login"), h.Login)
	handlers.Handle(api, h, signedIn("phone", "POST", "/phone",
		"Give the phone number by the code of getPhoneNumber; binds its rooms"), h.Phone)
	handlers.Handle(api, h, signedIn("bind", "POST", "/rooms/bind", "Bind a room by owner's name and last digits of the phone"), h.Bind)
	handlers.Handle(api, h, signedIn("communities", "GET", "/communities", "Communities by name"), h.Communities)
	handlers.Handle(api, h, signedIn("rooms", "GET", "/rooms", "All rooms of the user"), h.Rooms)
	handlers.Handle(api, h, empty(signedIn("unbind", "DELETE", "/rooms/{room_id}/binding", "End the binding to a room")), h.Unbind)
	handlers.Handle(api, h, signedIn("arrears", "GET", "/rooms/{room_id}/arrears",
		"What a room owes today, and how each fen came about"), h.Arrears)
	handlers.Handle(api, h, signedIn("prepayment", "GET", "/rooms/{room_id}/prepayment",
		"What is paid in advance, by fee item"), h.Prepayment)
	handlers.Handle(api, h, signedIn("allocation", "GET", "/rooms/{room_id}/allocation",
		"Which bills a sum would settle, before it is paid"), h.Allocation)
	handlers.Handle(api, h, signedIn("bills", "GET", "/rooms/{room_id}/bills", "Bills of a room, newest due first"), h.Bills)
	handlers.Handle(api, h, signedIn("statement", "GET", "/rooms/{room_id}/statement",
		"Account of a room for a year: bills, payments, balance"), h.Statement)
	handlers.Handle(api, h, signedIn("statement-pdf", "GET", "/rooms/{room_id}/statement.pdf", "The same as PDF"), h.StatementPDF)
	handlers.Handle(api, h, signedIn("bill", "GET", "/bills/{bill_id}", "One bill"), h.Bill)
	handlers.Handle(api, h, created(signedIn("create-order", "POST", "/orders", "Pay bills, and prepay on top")), h.CreateOrder)
	handlers.Handle(api, h, signedIn("orders", "GET", "/orders", "Orders, newest first"), h.Orders)
	handlers.Handle(api, h, signedIn("order", "GET", "/orders/{no}", "One order; a pending one is asked for at WeChat Pay"), h.Order)
	handlers.Handle(api, h, signedIn("close-order", "POST", "/orders/{no}/close", "Give up an order that is not paid"), h.CloseOrder)
	handlers.Handle(api, h, signedIn("receipt", "GET", "/orders/{no}/receipt",
		"The receipt of a paid order as PDF, for whoever paid and for the owner"), h.Receipt)
	handlers.Handle(api, h, signedIn("timeline", "GET", "/orders/{no}/timeline",
		"What happened to an order: ordered, at WeChat, charged, told, booked, receipt"), h.Timeline)
	handlers.Handle(api, h, created(signedIn("ask-invoice", "POST", "/orders/{no}/invoice", "Ask for a tax invoice for a paid order")),
		h.AskInvoice)
	handlers.Handle(api, h, signedIn("invoice", "GET", "/orders/{no}/invoice",
		"The latest request for a tax invoice, and its answer"), h.Invoice)
	handlers.Handle(api, h, created(signedIn("share", "POST", "/rooms/{room_id}/shares", "Let somebody else pay bills of a room")), h.Share)
	handlers.Handle(api, h, signedIn("shares", "GET", "/rooms/{room_id}/shares",
		"The user's shares of a room, and who paid what by them"), h.Shares)
	handlers.Handle(api, h, empty(signedIn("revoke-share", "DELETE", "/rooms/{room_id}/shares/{share_id}", "End a share at once")),
		h.RevokeShare)
	handlers.Handle(api, h, signedIn("open-share", "GET", "/shares/{token}", "What a share lets its holder pay; masked"), h.OpenShare)
	handlers.Handle(api, h, signedIn("share-code", "GET", "/shares/{token}/code", "The mini-program code of a share"), h.ShareCode)
	handlers.Handle(api, h, created(signedIn("share-order", "POST", "/shares/{token}/orders", "Pay all that is left of a share")),
		h.CreateShareOrder)
	handlers.Handle(api, h, created(signedIn("dispute", "POST", "/bills/{bill_id}/disputes",
		"Dispute a bill; nobody is reminded of it until staff answer")), h.Dispute)
	handlers.Handle(api, h, created(signedIn("promise", "POST", "/rooms/{room_id}/promises",
		"Promise a day to pay; the next reminder comes the day before")), h.Promise)
	handlers.Handle(api, h, created(signedIn("waiver", "POST", "/rooms/{room_id}/waivers", "Ask for late fee to be waived")), h.Waiver)
	handlers.Handle(api, h, created(signedIn("instalment", "POST", "/rooms/{room_id}/instalments", "Ask to pay bills in parts")),
		h.Instalment)
	handlers.Handle(api, h, signedIn("plans", "GET", "/rooms/{room_id}/plans",
		"Instalment plans of a room, and what of each part is unpaid"), h.Plans)
	handlers.Handle(api, h, signedIn("requests", "GET", "/requests",
		"What the user asked for, and the answers, newest first"), h.ListRequests)
	handlers.Handle(api, h, signedIn("subscriptions", "GET", "/subscriptions",
		"Message templates and what is left of each agreement"), h.Subscriptions)
	handlers.Handle(api, h, signedIn("subscribe", "POST", "/subscriptions", "What wx.requestSubscribeMessage answered"), h.Subscribe)
}

func (a *app) ready(w http.ResponseWriter, r *http.Request) {
	if err := a.db.Ready(r.Context()); err != nil {
		a.log.WarnContext(r.Context(), "not ready", "err", err)
		writeText(w, http.StatusServiceUnavailable, "not ready")
		return
	}
	writeText(w, http.StatusOK, "ready")
}

// receiptsPerSecond is how often one address may ask whether receipts are genuine;
// five times as often in a burst.
const receiptsPerSecond = 4

// genuine is the public page about a receipt, behind a limit of its own.
func (a *app) genuine() http.HandlerFunc {
	limiter := newLimiter(receiptsPerSecond)
	return func(w http.ResponseWriter, r *http.Request) {
		if !limiter.allow(a.address(r)) {
			a.api.GenuineLimited(w)
			return
		}
		a.api.Genuine(w, r)
	}
}

func (a *app) notFound(w http.ResponseWriter, r *http.Request) {
	writeFailure(w, http.StatusNotFound, models.ErrNotFound.Code, models.ErrNotFound.Message, models.RequestID(r.Context()))
}

// openAPI serves the document that is generated from the code.
func openAPI(api huma.API) http.HandlerFunc {
	doc, err := json.Marshal(api.OpenAPI())
	return func(w http.ResponseWriter, _ *http.Request) {
		if err != nil {
			http.Error(w, "no document", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(doc)
	}
}

func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n"))
}

func writeFailure(w http.ResponseWriter, status int, code, message, requestID string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(handlers.Failure{Code: code, Message: message, RequestID: requestID})
}
