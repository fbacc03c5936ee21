// Package staff has the pages about the people who use the console: sign-in, their own
// password, and the list of staff.
//
// It does not own passwords, which package office hashes and counts, nor sessions on
// other pages, which package ui checks, nor which role may do what, which is in role.go
// of package office.
//
// In the code a person who can sign in is a member of staff. The word account means the
// account of a room.
package staff
