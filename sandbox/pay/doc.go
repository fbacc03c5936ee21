// Package pay is the side of WeChat Pay: it answers the calls about orders, refunds and
// certificates, plays the payments, and keeps the books.
//
// The books are the only record of money in the sandbox. Bills are made out of them by
// package bill, notifications are delivered by package notice, and signatures are the
// concern of package apiv3.
package pay
