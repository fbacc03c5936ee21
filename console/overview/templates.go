package overview

import (
	"embed"
	"html/template"

	"wuyepay/console/ui"
	"wuyepay/console/words"
)

//go:embed *.html
var files embed.FS

// Templates are the pages of the area.
var Templates = ui.Templates{Area: "overview", Files: files, Functions: template.FuncMap{
	"subject": func(s string) string { return words.Of(subjectWords, s) },
	"import":  func(s string) string { return words.Of(importWords, s) },
	"daykind": func(s string) string { return words.Of(dayKindWords, s) },
	"details": detailText,
	"outcome": outcomeWords.Replace,
}}
