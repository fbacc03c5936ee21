// Package control lets a person and another process operate a sandbox: the control calls
// under /sandbox/control/ and the page that plays the owner's phone.
//
// It keeps no state. Each call is passed to the part that it is about.
package control
