package ui

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"wuyepay/billing"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/reminder"
)

// Check is one line of the settings page: what was asked, whether it is well, and
// a text in Chinese. Neither may hold a secret.
type Check struct {
	Name string
	OK   bool
	Text string
}

// Deps is what the console is made of.
type Deps struct {
	DB  *store.DB
	Pay *payment.Service
	// Reminder may be nil: no page of this release starts a reminder.
	Reminder *reminder.Service
	// Requests takes what staff ask for and decide; nil: without the messages that
	// follow from a decision.
	Requests *billing.Requests
	Log      *slog.Logger
	// Secure marks the session cookie as for https only.
	Secure bool
	// Sandbox shows on every page that no real money moves.
	Sandbox bool
	// Checks asks about the configuration anew at each call; nil: nothing to show.
	Checks func(ctx context.Context) []Check
	// ClientAddr gives the address that a request comes from, by which failed
	// sign-ins are counted. nil: the address of the connection, which behind a
	// reverse proxy is the proxy's.
	ClientAddr func(*http.Request) string
	// MaxExportRows bounds a workbook; 0: 50,000. A longer list is refused.
	MaxExportRows int
	// Version is shown at the foot of the menu.
	Version string
}

// App is the made-up front door; it is not changed after NewApp.
type App struct {
	Deps
	menuGroups []MenuGroup
	pages      map[string]*pageTemplate
	assets     *assets
}

// NewApp checks what the console is made of and parses the templates of all areas.
// It fails only on a fault of a template, or when a needed part is missing.
func NewApp(d Deps, groups []MenuGroup, areas []Templates) (*App, error) {
	if d.DB == nil || d.Pay == nil || d.Log == nil {
		return nil, errors.New("console: DB, Pay and Log are needed")
	}
	if d.Requests == nil {
		d.Requests = &billing.Requests{DB: d.DB}
	}
	if d.MaxExportRows == 0 {
		d.MaxExportRows = maxExport
	}
	if d.ClientAddr == nil {
		d.ClientAddr = connectionAddr
	}
	assets, err := loadAssets()
	if err != nil {
		return nil, err
	}
	pages, err := parsePages(assets, areas)
	if err != nil {
		return nil, err
	}
	return &App{Deps: d, menuGroups: groups, pages: pages, assets: assets}, nil
}
