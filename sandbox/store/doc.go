// Package store keeps the state of a sandbox: [File] over a restart, [Index] and [List]
// in memory.
//
// It knows no record. What a line means is known by the package that queues it.
package store
