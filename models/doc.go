// Package models holds the words of the business and how they are kept: one
// noun a file, with its struct, its queries and its guarded moves. It is the
// only package that knows SQL or imports gorm.
//
// Conventions that hold for every table
//   - money is [Fen], an integer number of fen; rates, areas and prices are
//     decimal strings; no float anywhere;
//   - a business day is [Date], a calendar day of Asia/Shanghai, kept as
//     2026-03-15; an instant is [Time], kept as UTC milliseconds; absent is the
//     zero value, never NULL, except where a unique column may be empty;
//   - ids are opaque strings, sortable by time of creation ([NewID]);
//   - a state changes by a guarded update (WHERE id = ? AND status = ?) whose
//     row count is the answer;
//   - rows about money are never edited away: a correction is a new row.
//
// Every operation that changes something runs inside [store.DB.Write] and names its
// [Actor]. Nothing here calls out to another party.
package models
