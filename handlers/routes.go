package handlers

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Routes registers the mini-program's calls: one list of method, path, guard and
// operation.
func (a *API) Routes(api huma.API) {
	a.roomRoutes(api)
	a.accountRoutes(api)
	a.orderRoutes(api)
	a.shareRoutes(api)
	a.requestRoutes(api)
	a.slipRoutes(api)
	a.messageRoutes(api)
}

// open is a call that anybody may make.
func open(id, method, path, summary string) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: "/api/v1" + path, Summary: summary}
}

// signedIn is a call of somebody who is signed in.
func (a *API) signedIn(api huma.API) func(id, method, path, summary string) huma.Operation {
	guard := huma.Middlewares{a.SignedIn(api)}
	return func(id, method, path, summary string) huma.Operation {
		op := open(id, method, path, summary)
		op.Security = []map[string][]string{{"bearer": {}}}
		op.Middlewares = guard
		return op
	}
}

func created(op huma.Operation) huma.Operation { op.DefaultStatus = http.StatusCreated; return op }

func empty(op huma.Operation) huma.Operation { op.DefaultStatus = http.StatusNoContent; return op }

// roomRoutes are the calls about who asks and the rooms that they are bound to.
func (a *API) roomRoutes(api huma.API) {
	signedIn := a.signedIn(api)
	Handle(api, a, open("login", "POST", "/session", "Sign in by the code of wx.login"), a.Login)
	Handle(api, a, signedIn("phone", "POST", "/phone",
		"Give the phone number by the code of getPhoneNumber; binds its rooms"), a.Phone)
	Handle(api, a, signedIn("bind", "POST", "/rooms/bind", "Bind a room by owner's name and last digits of the phone"), a.Bind)
	Handle(api, a, signedIn("communities", "GET", "/communities", "Communities by name"), a.Communities)
	Handle(api, a, signedIn("rooms", "GET", "/rooms", "All rooms of the user"), a.Rooms)
	Handle(api, a, empty(signedIn("unbind", "DELETE", "/rooms/{room_id}/binding", "End the binding to a room")), a.Unbind)
}

// accountRoutes tell what a room owes, and why.
func (a *API) accountRoutes(api huma.API) {
	signedIn := a.signedIn(api)
	Handle(api, a, signedIn("arrears", "GET", "/rooms/{room_id}/arrears",
		"What a room owes today, and how each fen came about"), a.Arrears)
	Handle(api, a, signedIn("prepayment", "GET", "/rooms/{room_id}/prepayment",
		"What is paid in advance, by fee item"), a.Prepayment)
	Handle(api, a, signedIn("allocation", "GET", "/rooms/{room_id}/allocation",
		"Which bills a sum would settle, before it is paid"), a.Allocation)
	Handle(api, a, signedIn("bills", "GET", "/rooms/{room_id}/bills", "Bills of a room, newest due first"), a.Bills)
	Handle(api, a, signedIn("statement", "GET", "/rooms/{room_id}/statement",
		"Account of a room for a year: bills, payments, balance"), a.Statement)
	Handle(api, a, signedIn("statement-pdf", "GET", "/rooms/{room_id}/statement.pdf", "The same as PDF"), a.StatementPDF)
	Handle(api, a, signedIn("bill", "GET", "/bills/{bill_id}", "One bill"), a.Bill)
}

// orderRoutes pay.
func (a *API) orderRoutes(api huma.API) {
	signedIn := a.signedIn(api)
	Handle(api, a, created(signedIn("create-order", "POST", "/orders", "Pay bills, and prepay on top")), a.CreateOrder)
	Handle(api, a, signedIn("orders", "GET", "/orders", "Orders, newest first"), a.Orders)
	Handle(api, a, signedIn("order", "GET", "/orders/{no}", "One order; a pending one is asked for at WeChat Pay"), a.Order)
	Handle(api, a, signedIn("close-order", "POST", "/orders/{no}/close", "Give up an order that is not paid"), a.CloseOrder)
	Handle(api, a, signedIn("receipt", "GET", "/orders/{no}/receipt",
		"The receipt of a paid order as PDF, for whoever paid and for the owner"), a.Receipt)
	Handle(api, a, signedIn("timeline", "GET", "/orders/{no}/timeline",
		"What happened to an order: ordered, at WeChat, charged, told, booked, receipt"), a.Timeline)
	Handle(api, a, created(signedIn("ask-invoice", "POST", "/orders/{no}/invoice", "Ask for a tax invoice for a paid order")),
		a.AskInvoice)
	Handle(api, a, signedIn("invoice", "GET", "/orders/{no}/invoice",
		"The latest request for a tax invoice, and its answer"), a.Invoice)
}

// shareRoutes let somebody else pay.
func (a *API) shareRoutes(api huma.API) {
	signedIn := a.signedIn(api)
	Handle(api, a, created(signedIn("share", "POST", "/rooms/{room_id}/shares", "Let somebody else pay bills of a room")), a.Share)
	Handle(api, a, signedIn("shares", "GET", "/rooms/{room_id}/shares",
		"The user's shares of a room, and who paid what by them"), a.Shares)
	Handle(api, a, empty(signedIn("revoke-share", "DELETE", "/rooms/{room_id}/shares/{share_id}", "End a share at once")),
		a.RevokeShare)
	Handle(api, a, signedIn("open-share", "GET", "/shares/{token}", "What a share lets its holder pay; masked"), a.OpenShare)
	Handle(api, a, signedIn("share-code", "GET", "/shares/{token}/code", "The mini-program code of a share"), a.ShareCode)
	Handle(api, a, created(signedIn("share-order", "POST", "/shares/{token}/orders", "Pay all that is left of a share")),
		a.CreateShareOrder)
}

// requestRoutes ask staff for something.
func (a *API) requestRoutes(api huma.API) {
	signedIn := a.signedIn(api)
	Handle(api, a, created(signedIn("dispute", "POST", "/bills/{bill_id}/disputes",
		"Dispute a bill; nobody is reminded of it until staff answer")), a.Dispute)
	Handle(api, a, created(signedIn("promise", "POST", "/rooms/{room_id}/promises",
		"Promise a day to pay; the next reminder comes the day before")), a.Promise)
	Handle(api, a, created(signedIn("waiver", "POST", "/rooms/{room_id}/waivers", "Ask for late fee to be waived")), a.Waiver)
	Handle(api, a, created(signedIn("instalment", "POST", "/rooms/{room_id}/instalments", "Ask to pay bills in parts")),
		a.Instalment)
	Handle(api, a, signedIn("plans", "GET", "/rooms/{room_id}/plans",
		"Instalment plans of a room, and what of each part is unpaid"), a.Plans)
	Handle(api, a, signedIn("requests", "GET", "/requests",
		"What the user asked for, and the answers, newest first"), a.ListRequests)
}

// slipRoutes sign slips of paid work.
func (a *API) slipRoutes(api huma.API) {
	signedIn := a.signedIn(api)
	Handle(api, a, signedIn("slips", "GET", "/rooms/{room_id}/slips", "一间房的有偿服务单，新的在前"), a.Slips)
	Handle(api, a, signedIn("slip", "GET", "/slips/{slip_id}", "一张有偿服务单"), a.Slip)
	Handle(api, a, signedIn("sign-slip", "POST", "/slips/{slip_id}/sign", "业主签字确认服务单，随即出账，只出一次"), a.SignSlip)
	Handle(api, a, signedIn("decline-slip", "POST", "/slips/{slip_id}/decline", "业主不同意服务单，写明原因"), a.DeclineSlip)
}

// messageRoutes agree to messages.
func (a *API) messageRoutes(api huma.API) {
	signedIn := a.signedIn(api)
	Handle(api, a, signedIn("subscriptions", "GET", "/subscriptions",
		"Message templates and what is left of each agreement"), a.Subscriptions)
	Handle(api, a, signedIn("subscribe", "POST", "/subscriptions", "What wx.requestSubscribeMessage answered"), a.Subscribe)
}
