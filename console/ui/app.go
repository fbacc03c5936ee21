package ui

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"wuyepay/billing"
	"wuyepay/billing/intake"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/reminder"
)

// Check is one line of the settings page: what was asked, whether it is well, and a text
// in Chinese. No text may hold a secret.
type Check struct {
	Name string
	OK   bool
	Text string
}

// Deps are the parts that the console is made of. DB, Pay and Log are needed.
type Deps struct {
	DB  *store.DB
	Pay *payment.Service
	// Reminder may be nil: no page of this release starts a reminder.
	Reminder *reminder.Service
	// Imports does what files that are handed in wait for. If it is nil, the app makes one.
	Imports *intake.Worker
	// Requests takes what staff ask for and decide. If it is nil, no message follows
	// from a decision.
	Requests *billing.Requests
	Log      *slog.Logger
	// Secure restricts the session cookie to https.
	Secure bool
	// Sandbox shows on every page that no real money moves.
	Sandbox bool
	// Checks asks about the configuration anew at each call. If it is nil, the settings
	// page is empty.
	Checks func(ctx context.Context) []Check
	// ClientAddr returns the address that a request comes from, by which failed sign-ins
	// are counted. If it is nil, that is the address of the connection: behind a reverse
	// proxy, the proxy's.
	ClientAddr func(*http.Request) string
	// MaxExportRows bounds the rows of a workbook; 0 means 50,000. A longer list is refused.
	MaxExportRows int
	// Version is shown at the foot of the menu.
	Version string
}

// App is the console without its routes. It does not change after [NewApp].
type App struct {
	Deps
	menuGroups []MenuGroup
	pages      map[string]*pageTemplate
	assets     *assets
}

// NewApp returns the app of the given parts, with its menu and the templates of all
// areas. It fails if a needed part is missing or a template is faulty.
func NewApp(d Deps, groups []MenuGroup, areas []Templates) (*App, error) {
	if d.DB == nil || d.Pay == nil || d.Log == nil {
		return nil, errors.New("console: DB, Pay and Log are needed")
	}
	if d.Requests == nil {
		d.Requests = &billing.Requests{DB: d.DB}
	}
	if d.Imports == nil {
		d.Imports = intake.NewWorker(d.DB, d.Log)
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
