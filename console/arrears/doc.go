// Package arrears has the pages about what is owed over many rooms: 欠费台账 and its sums,
// bills near the limit of three years, and the rate of collection.
//
// What one room owes is shown in package rooms.
package arrears
