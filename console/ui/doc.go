// Package ui is the core of the console: what pages of every area share.
//
// It has the request on its way through a page ([Call]) with session, permissions and
// errors; the layout, the parts of templates and the static files; and the pieces of
// which pages are made: lists and their pager, workbooks, options of a form, amounts as
// people type them, messages that are said once.
//
// It owns no page except the one of an error, and imports no area. A helper that one
// area needs stays in that area; it moves here when the second needs it. Words and
// figures that need no request are in package words.
//
// # Templates
//
// An area embeds its templates and hands them to [NewApp] as [Templates]. Files of this
// package that begin with an underscore are parts that every page may use.
package ui
