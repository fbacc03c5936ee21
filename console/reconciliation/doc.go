// Package reconciliation has the pages of 微信对账: the calendar, a day, differences,
// money in suspense, and the merchants.
//
// Package payment finds the differences and decides what may be done about each; the
// pages only offer it.
package reconciliation
