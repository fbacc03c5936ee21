// Package sandboxtest has what the tests of package sandbox and of its parts share: a
// sandbox that ends with the test, the unmodified SDKs pointed at it, and a host that
// receives its notifications.
//
// It is for the tests under sandbox only.
package sandboxtest
