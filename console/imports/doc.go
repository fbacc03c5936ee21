// Package imports has the pages of 导入: files are handed in, previewed in the shape of the
// sheet, taken into the books or thrown away, looked at later, and taken back.
//
// What a column means and what a row changes is decided in billing/intake, whose worker does
// the work; a page only asks for it.
package imports
