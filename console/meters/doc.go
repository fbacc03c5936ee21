// Package meters has the pages about meters: the sheet on which a building is read,
// and the meters of a room with what is changed about them.
//
// Which reading is odd, and what a usage costs, is decided in package billing.
package meters
