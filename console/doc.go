// Package console is the front door for the property's staff: HTML pages in
// Chinese under /staff/, rendered on the server and usable without JavaScript,
// on a desk as on a phone in the lobby.
//
// It owns pages, forms, sign-in and who may open what. It owns no rule of the
// business: what is owed comes from billing, whether money moved from payment,
// and rows from models.
//
// # Who may what
//
// [New] serves the routes of routes.go; each names the permission it needs, and
// the map in permission.go says which role has it. What a steward may see is not
// decided by pages: every query takes a [office.Scope] and leaves out what is not
// theirs, so that another's room is not found.
//
// # A request
//
// guard sets the headers, bounds the body and refuses posts from other sites;
// adapt finds out who asks and turns errors into pages, in one place. A form that
// changes something redirects, and says what it did once, by a code in a cookie.
// A form that is refused is shown again with what was typed, never a password.
//
// # Lists
//
// Lists go on from a place (keyset), not by page number, and every one exports to
// a workbook, which is refused rather than cut off when it is too long. Phone
// numbers are masked everywhere. Who exported what is in the audit log.
//
// # Looks
//
// Templates and files under static are embedded; files are addressed by their
// hash and kept by browsers for ever, pages not at all. Pages have no inline
// script or style: the content policy forbids both, and a test in a browser looks
// for breaches.
package console
