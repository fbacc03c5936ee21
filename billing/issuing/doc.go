// Package issuing makes bills: the billing runs of a period, shared costs and one-off
// charges, slips of paid work that owners sign, and the tariffs that they follow.
//
// It owns which room is billed for which days at which price, the preview of all of
// that, and the promise that what was previewed is what is issued. It does not own the
// arithmetic (billing/calc), readings (billing/metering), arrears taken over from
// elsewhere (billing/intake), or anything that happens to a bill after its issue
// (billing).
//
// # Precedence of tariffs
//
// A tariff for one room takes precedence over one for its kind of room, and that over
// one for all rooms. A room's own price and cycle take precedence over the tariff's for
// the property fee, unless a tariff is for this room alone.
//
// # Never twice
//
// Days that a bill of the room and fee item covers are never billed again. A run or charge
// issues bills under the lock of its community, so that two of them come one after the
// other, and the second one reads the bills of the first. Behind the lock the database has
// a unique key of room, item, first and last day, which refuses the very same bill.
//
// A slip is charged in the transaction of its signature, under the lock of its row: the
// bill exists exactly if the signature does.
//
// # Order of locks
//
// The run, the charge or the slip is locked first, then the community, then the rooms whose
// prepayment pays. Payments do not lock the community.
package issuing
