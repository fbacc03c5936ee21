package requests

import (
	"embed"
	"html/template"

	"wuyepay/console/ui"
	"wuyepay/console/words"
)

//go:embed *.html
var files embed.FS

// Templates are the pages of the area.
var Templates = ui.Templates{Area: "requests", Files: files, Functions: template.FuncMap{
	"dispute": func(s string) string { return words.Of(disputeWords, s) },
}}
