package parties

import (
	"embed"

	"wuyepay/console/ui"
)

//go:embed *.html
var files embed.FS

// Templates are the pages of the area.
var Templates = ui.Templates{Area: "parties", Files: files}
