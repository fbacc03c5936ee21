package office

import (
	"crypto/sha256"
	"encoding/hex"
	"net"
	"strings"
)

// How many wrong passwords a day are taken. After them even the right one is refused.
const (
	maxFailuresByName = 10
	maxFailuresByAddr = 100 // a whole office may share one address
)

// signInTries returns the subjects by which a try is counted, and how many each has a day.
func signInTries(username, addr string) map[string]int {
	out := map[string]int{"signin:name:" + digest(strings.ToLower(username)): maxFailuresByName}
	// A reverse proxy that hides its callers makes all of them this machine: one guesser
	// must not lock everybody out.
	if addr != "" && !net.ParseIP(addr).IsLoopback() {
		out["signin:addr:"+digest(addr)] = maxFailuresByAddr
	}
	return out
}

// digest hashes what was typed as a name, which must not reach the database: people type
// their password into the field above it.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}
