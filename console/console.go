package console

import (
	"net/http"

	"wuyepay/console/arrears"
	"wuyepay/console/bank"
	"wuyepay/console/charging"
	"wuyepay/console/counter"
	"wuyepay/console/holders"
	"wuyepay/console/imports"
	"wuyepay/console/meters"
	"wuyepay/console/orders"
	"wuyepay/console/overview"
	"wuyepay/console/papers"
	"wuyepay/console/parties"
	"wuyepay/console/reconciliation"
	"wuyepay/console/refunds"
	"wuyepay/console/requests"
	"wuyepay/console/rooms"
	"wuyepay/console/slips"
	"wuyepay/console/staff"
	"wuyepay/console/ui"
)

// Deps is what the console is made of.
type Deps = ui.Deps

// Check is one line of the settings page.
type Check = ui.Check

// areas are the templates of all areas.
var areas = []ui.Templates{
	staff.Templates,
	overview.Templates,
	rooms.Templates,
	holders.Templates,
	meters.Templates,
	charging.Templates,
	requests.Templates,
	slips.Templates,
	arrears.Templates,
	counter.Templates,
	parties.Templates,
	bank.Templates,
	imports.Templates,
	orders.Templates,
	refunds.Templates,
	papers.Templates,
	reconciliation.Templates,
}

// New returns the console: a handler for everything under /staff/. It fails only on a
// fault of its own templates, or when a needed part is missing.
func New(d Deps) (http.Handler, error) {
	app, err := ui.NewApp(d, menu, areas)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	for _, r := range routes {
		mux.Handle(r.pattern, app.Handler(r.need, r.handle))
	}
	return app.Guard(mux), nil
}
