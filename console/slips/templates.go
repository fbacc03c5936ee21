package slips

import (
	"embed"
	"html/template"

	"wuyepay/console/ui"
	"wuyepay/console/words"
)

//go:embed *.html
var files embed.FS

// Templates are the pages of the area.
var Templates = ui.Templates{Area: "slips", Files: files, Functions: template.FuncMap{
	"slipkind":  func(s string) string { return words.Of(words.SlipKinds, s) },
	"slipstate": func(s string) string { return words.Of(words.SlipStates, s) },
	"sliptone":  func(s string) string { return tones[s] },
	"slipline":  func(s string) string { return words.Of(words.SlipLines, s) },
	"inc":       func(n int) int { return n + 1 },
	"slipsign":  func(s string) string { return words.Of(words.SlipSigned, s) },
}}
