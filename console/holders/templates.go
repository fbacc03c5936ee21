package holders

import (
	"embed"
	"html/template"

	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/console/words"
)

//go:embed *.html
var files embed.FS

// Templates are the pages of the area.
var Templates = ui.Templates{Area: "holders", Files: files, Functions: template.FuncMap{
	"prepaidto":  func(s string) string { return words.Of(words.PrepaidTo, s) },
	"phonestate": func(s string) string { return words.Of(billing.PhoneStateNames, s) },
	"vacancy":    func(s string) string { return words.Of(vacancyWords, s) },
}}
