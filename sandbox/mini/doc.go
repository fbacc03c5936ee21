// Package mini is the side of the mini-program: it answers the calls of the server API
// (login, access tokens, phone numbers, subscribe messages, links, shipping information)
// and pushes events to the host.
//
// Users and their messages are in package user, orders in package pay.
package mini
