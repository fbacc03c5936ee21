// Package user has the users of the mini-program: their openids, the messages that they
// allowed and those that reached their phones.
//
// It knows no HTTP. The calls of the server API about users are in package mini.
package user
