// Package rooms has the list of rooms and the pages of one room: its account, what a
// sum would settle, its prepayment and its statement.
//
// It does not own who owns or rents the room (package holders), its meters (package
// meters), nor the forms by which money comes in (package counter) or a change of a
// bill is asked for (package requests).
package rooms
