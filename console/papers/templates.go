package papers

import (
	"embed"
	"html/template"

	"wuyepay/console/ui"
	"wuyepay/console/words"
)

//go:embed *.html
var files embed.FS

// Templates are the pages of the area.
var Templates = ui.Templates{Area: "papers", Files: files, Functions: template.FuncMap{
	"invoicestate": func(s string) string { return words.Of(invoiceWords, s) },
	"invoicekind":  func(s string) string { return words.Of(invoiceKinds, s) },
}}
