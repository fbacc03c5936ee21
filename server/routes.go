package main

import (
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"wuyepay/handlers"
	"wuyepay/handlers/staffapi"
	"wuyepay/models"
)

// handler is every way in: the mini-program's calls are in handlers.API.Routes, the others here.
func (a *app) handler() http.Handler {
	mux := http.NewServeMux()
	api := handlers.NewHuma(mux)
	a.api.Routes(api)

	// WeChat: outside any login; the signature is the guard.
	mux.HandleFunc("POST /wechat/pay/{merchant}/notify", a.api.PayNotify)
	mux.HandleFunc("POST /wechat/refund/{merchant}/notify", a.api.PayNotify)
	mux.HandleFunc("GET /wechat/message", a.api.MessageCheck)
	mux.HandleFunc("POST /wechat/message", a.api.Message)

	// Anybody with the code on a receipt; few requests of one address.
	mux.HandleFunc("GET /r/{id}/{token}", a.genuine())

	// Staff: the console guards itself, and each call of the API its own permission.
	staff := staffapi.NewHuma(mux, a.cfg.Server.PublicURL)
	a.staffAPI.Routes(staff)
	mux.HandleFunc("GET "+staffapi.Prefix+"/openapi.json", staffapi.Document(staff))
	mux.HandleFunc(staffapi.Prefix+"/", a.staffAPI.Fallback(mux))
	mux.Handle("/staff/", a.console)
	mux.Handle("GET /staff", http.RedirectHandler("/staff/", http.StatusSeeOther))

	// Operations.
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { writeText(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", a.ready)
	mux.Handle("GET /metrics", a.metrics.handler())
	mux.HandleFunc("GET /openapi.json", openAPI(api))
	mux.HandleFunc("GET /docs", docsPage("docs/page.html"))
	mux.HandleFunc("GET /docs/staff", docsPage("docs/staff.html"))
	mux.Handle("GET /docs/", docsAssets())
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/docs", http.StatusSeeOther) })
	mux.HandleFunc("/", a.notFound)
	return a.middleware(mux)
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
	handlers.WriteFailure(w, status, handlers.Failure{Code: code, Message: message, RequestID: requestID})
}
