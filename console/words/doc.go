// Package words puts codes, amounts and instants into the Chinese that staff read.
//
// It has the words that more than one area of the console shows; those of one area
// stand in that area. It reads no database and knows no request.
//
// A code without a word is shown as it is, so that nothing new is hidden from staff.
package words
