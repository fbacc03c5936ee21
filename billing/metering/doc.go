// Package metering keeps meters and their readings: adding, replacing and correcting a
// meter, checking and storing what was read, and proving afterwards that every metered
// bill is the sum of its readings.
//
// It does not own the price of a quantity (billing/calc), the bills that contain usage
// (billing/issuing), or the reading of an imported file (billing/intake).
//
// # Terms
//
//   - A base 底数 is the first reading of a meter. It is never usage.
//   - Usage is value less previous value, before the multiplier. A quantity includes the
//     multiplier.
//   - A meter rolls over 过零 when it passes its last digit. With five digits, 99980 to
//     12 is 32 units.
//   - An estimate 估抄 stands for a reading that nobody could take. The next true
//     reading settles the difference, which may be a credit.
package metering
