// Package staff has the pages about the people who use the console: sign-in, their own
// password, and the list of staff.
//
// It owns passwords: how they are hashed, what a new one must be like, and how many
// wrong ones a day are taken. [Authenticate] does the same for a command that a named
// person gives. It does not own sessions on other pages, which package ui checks, nor
// which role may do what, which is in ui's permission.go.
//
// In the code a person who can sign in is a member of staff. The word account means the
// account of a room.
package staff
