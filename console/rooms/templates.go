package rooms

import (
	"embed"
	"html/template"

	"wuyepay/console/ui"
	"wuyepay/console/words"
)

//go:embed *.html
var files embed.FS

// Templates are the pages of the area.
var Templates = ui.Templates{Area: "rooms", Files: files, Functions: template.FuncMap{
	"holder":    func(s string) string { return words.Of(words.Holders, s) },
	"prepaid":   func(s string) string { return words.Of(prepaidWords, s) },
	"message":   func(s string) string { return words.Of(templateWords, s) },
	"step":      func(s string) string { return words.Of(stepWords, s) },
	"notice":    func(s string) string { return words.Of(noticeWords, s) },
	"reason":    func(s string) string { return words.Of(reasonWords, s) },
	"occupancy": func(s string) string { return words.Of(words.Occupancy, s) },
	"cycle":     words.Cycle,
	"changes":   func(list []ui.RoomChangeLine, more bool) changes { return changes{list, more} },
	"link":      func(text, href string) link { return link{Path: href, Text: text} },
}}

// changes is the newest part of the history of a room.
type changes struct {
	Changes []ui.RoomChangeLine
	More    bool
}

// link is an address and its text.
type link struct{ Path, Text string }
