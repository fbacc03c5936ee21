package reconciliation

import (
	"embed"
	"html/template"

	"wuyepay/console/ui"
	"wuyepay/console/words"
)

//go:embed *.html
var files embed.FS

// Templates are the pages of the area.
var Templates = ui.Templates{Area: "reconciliation", Files: files, Functions: template.FuncMap{
	"milli":      words.FeeYuan,
	"finding":    func(s string) string { return words.Of(findingWords, s) },
	"cause":      func(s string) string { return causes[s] },
	"side":       sideWord,
	"trouble":    func(s string) string { return words.Of(troubleWords, s) },
	"asked":      func(s string) string { return words.Of(askedWords, s) },
	"flow":       func(s string) string { return flowWords[s] },
	"resolution": func(s string) string { return words.Of(resolutionWords, s) },
	"resolved":   words.ResolvedBy,
}}
