// Package models holds the words that all of the business shares: money, days,
// instants, ids, actors, refusals. Its subfolders hold what the business keeps, and
// nothing outside them knows SQL or imports gorm:
//
//	store      the database: dialects, migrations, transactions, rows and columns
//	office     staff and what they may see, sessions, audit log, leases
//	estate     communities, rooms, owners, tenures, users and what they see
//	fees       tariffs, meters, billing runs, bills and their adjustments
//	money      orders, payments, allocations, prepayment, journal, refunds
//	desk       payments taken by staff, days of the desk, collection by a bank
//	receipts   receipts, invoices, shares
//	messages   notices, subscriptions, what WeChat is told of deliveries
//	proof      evidence, reconciliation, findings, and the invariants of the books
//
// A noun has a file: its struct, its queries and its guarded moves. The struct is the
// only list of the columns of its table; see [store.NewTable]. What is cold is written
// with GORM ([store.G]), what a benchmark shows to be hot is SQL by hand.
//
// Conventions that hold for every table:
//
//   - money is [Fen], an integer number of fen; rates, areas and prices are decimal
//     texts; no float anywhere;
//   - a business day is [Date], a calendar day of Asia/Shanghai, kept as 2026-03-15;
//     an instant is [Time], kept as UTC milliseconds. An absent one is the zero value,
//     never NULL; NULL stands only where a unique column may be empty;
//   - ids are opaque texts, sortable by time of creation ([NewID]);
//   - a state changes by a guarded update (WHERE id = ? AND status = ?) whose row count
//     is the answer;
//   - rows about money are never edited away: a correction is a new row.
//
// Every operation that changes something runs inside [store.DB.Write] and names its
// [Actor]. Nothing here calls another party.
package models
