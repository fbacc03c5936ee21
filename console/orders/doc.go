// Package orders has the pages of orders and of what was exchanged with WeChat about
// them: notifications that settled nothing, evidence as it came, and reports of
// deliveries.
//
// Comparing the books with WeChat's bill is package reconciliation; refunds of an order
// are package refunds.
package orders
