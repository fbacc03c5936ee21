// Package paymenttest is what tests of payment need: a community with its books, the
// sandbox in WeChat's place, one clock for both, and callbacks over HTTP. Product code
// never imports it.
package paymenttest
