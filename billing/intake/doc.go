// Package intake imports the files that a property company has from before: rooms and
// their owners, opening arrears, tariffs, meters with their readings, and holidays.
//
// It decides what each column means, which rows are mistakes, and what a row changes in
// the books. It does not own the formats of files and cells (billing/sheet), or bills
// that are issued later (billing/issuing).
//
// A file is imported as a whole or not at all: see [Import]. Mistakes are for the person
// who made the file, so their texts are Chinese and name row and column.
package intake
