// Package store is the database: transactions, deferred statements, the two dialects,
// migrations, and what seals personal data. It knows no noun of the business; the
// packages beside it hold those, as functions that take a [Tx].
//
// [DB.View] reads, [DB.Write] changes. A struct with a [Table] is the only list of its
// columns; rows go to fields by name. What is hot is written by hand and prepared when
// the program starts ([Hot]), the rest goes through GORM's typed API ([G]).
//
// Conventions that hold for every table
//   - a state changes by a guarded update (WHERE id = ? AND status = ?) whose row count
//     is the answer;
//   - a unique key has the last word, and [Tx.IsDuplicate] knows its refusal;
//   - an instant is UTC milliseconds, a business day the text 2026-03-15, absent is the
//     zero value and never NULL, except where a unique column may be empty.
package store
