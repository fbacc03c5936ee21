// Package staffapi is the JSON front door for staff, /api/staff/v1: the operations of
// the console for call centres, other systems of the company, scripts and a steward's
// phone. It decodes, says who is asking and whether the role may, calls one operation and
// encodes; it holds no rule of the business. One file a resource.
//
// It has a document of its own, /api/staff/v1/openapi.json, and shares with package
// handlers how an error becomes an answer. To add a call: its line in [API.Routes], with
// the permission and the refusals that it can return, and its handler in the file of its
// resource. Every call and every field has a Chinese description; a test refuses others.
package staffapi

import (
	"log/slog"
	"net/http"

	"wuyepay/billing/intake"
	"wuyepay/models/store"
)

// Prefix is where the calls are.
const Prefix = "/api/staff/v1"

// API holds what the operations need.
type API struct {
	DB  *store.DB
	Log *slog.Logger
	// Worker does what imports wait for.
	Worker *intake.Worker
	// ClientAddr returns the address that a request comes from, by which failed
	// sign-ins are counted.
	ClientAddr func(*http.Request) string
}
