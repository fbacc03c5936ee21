// Package console is the front door for the property's staff: HTML pages in Chinese
// under /staff/, rendered on the server and usable without JavaScript, on a desk and on
// a phone in the lobby.
//
// It owns pages, forms, sign-in and who may open what. It owns no rule of the business:
// what is owed comes from billing, whether money moved from payment, and rows from
// models.
//
// # Where things are
//
// This package has the list of routes (routes.go), the menu (menu.go) and [New], which
// puts both together. The pages are in areas, one package each: a page, its form, its
// handlers and its template stand side by side, as room_list.go and room_list.html in
// console/rooms. Areas do not import each other. What several of them need is in
// console/ui and, where it is only words and figures, in console/words.
//
// # Who may what
//
// Each route names the permission it needs, and the table in ui/permission.go says which
// role has it. What a steward may see is not decided by pages: every query takes a
// [office.Scope] and leaves out what is not theirs. The room of another steward is not
// found.
//
// # A request
//
// [ui.App.Guard] sets the headers, bounds the body and refuses posts from other sites.
// [ui.App.Handler] finds out who asks and turns errors into pages, in one place. A form
// that changes something redirects, and the next page says once what was done: a cookie
// carries the code of the message. A form that is refused is shown again with what was
// typed, except for passwords.
//
// # Lists
//
// Lists go on from a place (keyset), not by page number. Every list exports to a
// workbook, which is refused when it is too long and never cut off. Phone numbers are
// masked everywhere. The audit log has who exported what.
//
// # Looks
//
// Templates and files under static are embedded. A file's address has its hash, and
// browsers keep it for ever; they keep no page. Pages have no inline script or style:
// the content policy forbids both, and a test in a browser looks for breaches.
package console
