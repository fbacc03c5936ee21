package counter

import (
	"embed"
	"html/template"

	"wuyepay/console/ui"
	"wuyepay/console/words"
)

//go:embed *.html
var files embed.FS

// Templates are the pages of the area.
var Templates = ui.Templates{Area: "counter", Files: files, Functions: template.FuncMap{
	"dayword": func(s string) string { return words.Of(dayWords, s) },
}}
