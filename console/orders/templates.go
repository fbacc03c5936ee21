package orders

import (
	"embed"
	"html/template"

	"wuyepay/console/ui"
	"wuyepay/console/words"
)

//go:embed *.html
var files embed.FS

// Templates are the pages of the area.
var Templates = ui.Templates{Area: "orders", Files: files, Functions: template.FuncMap{
	"event":     func(s string) string { return words.Of(words.Events, s) },
	"eventhelp": func(s string) string { return eventHelp[s] },
	"detail":    func(s string) string { return words.Of(words.EventDetails, s) },
}}
