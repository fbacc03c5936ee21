package refunds

import (
	"embed"
	"html/template"

	"wuyepay/console/ui"
	"wuyepay/console/words"
)

//go:embed *.html
var files embed.FS

// Templates are the pages of the area.
var Templates = ui.Templates{Area: "refunds", Files: files, Functions: template.FuncMap{
	"refundfault": func(s string) string {
		if s == "" {
			return ""
		}
		return words.Of(faultWords, s)
	},
	"refundorigin":  func(s string) string { return words.Of(originWords, s) },
	"refundchannel": func(s string) string { return words.Of(refundChannelWords, s) },
	"refundafter":   func(s string) string { return words.Of(afterWords, s) },
}}
