// Package sandboxtest has what the tests of package sandbox and of its subpackages share:
// a sandbox to start, the unmodified SDKs pointed at it, and a host that takes its callbacks.
//
// It is for the tests of sandbox only.
package sandboxtest
