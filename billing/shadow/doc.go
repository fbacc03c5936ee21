// Package shadow holds the bills of a company's old system against ours 新旧系统对账, so
// that the company can see, before it moves in, what would change and why.
//
// Ours are the bills that are issued and those that a billing run would issue, computed by
// package issuing; no arithmetic of bills is repeated here. What this package owns is the
// comparison: which bills of both sides belong together, and the cause of each difference.
// It books nothing, and changes no bill, room or tariff.
package shadow
