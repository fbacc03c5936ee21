// Package sheet reads the tables that property companies hand over, xlsx and csv, and turns their cells into
// checked values; it also writes tables out as xlsx.
//
// It owns: telling the kinds of file apart by content, finding the header, the many spellings of a number, a date
// or a phone number, and naming the place of a mistake (sheet, row, column, cell) in words that staff understand.
// It does not own: what a column means, which values a business accepts, or the database. It imports no other
// package of this module.
//
// Reading is a stream: memory is limited whatever the size of the file (see limits.go). Faults of a whole file are
// *FileError and end the reading. Faults of one cell are *Mistake and are collected by the caller, so that one
// pass lists them all.
//
// Why xlsx is not read through excelize's Rows: that iterator drops the error of the XML decoder, so a worksheet
// cut in half reads as a shorter table without an error; it returns an index in place of a missing shared string;
// and it hides whether a cell is a number, a text or an error value, on which the exactness of money depends. The
// few parts of the format that a table needs are therefore decoded here, from the zip, and the tests compare the
// result with excelize. Writing uses excelize.
package sheet
