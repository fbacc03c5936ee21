package charging

import (
	"embed"
	"html/template"

	"wuyepay/console/ui"
	"wuyepay/console/words"
)

//go:embed *.html
var files embed.FS

// Templates are the pages of the area.
var Templates = ui.Templates{Area: "charging", Files: files, Functions: template.FuncMap{
	"method":      func(s string) string { return words.Of(words.Methods, s) },
	"cycle":       func(s string) string { return words.Of(words.Cycles, s) },
	"runstate":    func(s string) string { return words.Of(runWords, s) },
	"runtone":     func(s string) string { return runTones[s] },
	"oddity":      func(s string) string { return words.Of(oddWords, s) },
	"lateword":    func(s string) string { return words.Of(lateRuleWords, s) },
	"chargeword":  func(s string) string { return words.Of(chargeWords, s) },
	"shadowstate": func(s string) string { return words.Of(shadowWords, s) },
	"shadowcause": words.ShadowCause,
}}
