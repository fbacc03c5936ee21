// Package calc is the arithmetic of fees: prices, months, periods, tiers, shares of a
// common cost, and late fee. It owns formulas and nothing else.
//
// All of it is pure: no database, no clock. Amounts are [models.Fen]; rates, areas and
// prices are decimals. An amount is rounded half up, once, at the end of its formula.
// For example, a year of 137.52 ㎡ at 0.80 yuan a month is 1320.19, not 12 x 110.02.
//
// What a bill is issued for is decided in billing/issuing, what is owed of it in
// billing.
package calc
