package imports

import (
	"embed"
	"html/template"

	"wuyepay/console/ui"
	"wuyepay/console/words"
)

//go:embed *.html
var files embed.FS

// Templates are the pages of the area.
var Templates = ui.Templates{Area: "imports", Files: files, Functions: template.FuncMap{
	"kindname": words.ImportKind, "runstate": func(s string) string { return words.Of(words.ImportStates, s) },
	"runtone": func(s string) string { return words.ImportTones[s] },
	"outcome": func(s string) string { return words.Of(words.RowOutcomes, s) },
	"rowtone": func(s string) string { return words.RowTones[s] },
}}
