package staff

import (
	"crypto/sha256"
	"encoding/hex"
	"net"
	"strings"

	"wuyepay/console/ui"
)

// How many wrong passwords a day are taken. After them even the right one is refused.
const (
	maxFailuresByName = 10
	maxFailuresByAddr = 100 // a whole office may share one address
)

// tries returns the subjects by which a try is counted, and how many each has a day.
func tries(c *ui.Call, username string) map[string]int {
	out := triesByName(username)
	// A reverse proxy that hides its callers makes all of them this machine: one guesser
	// must not lock everybody out.
	if addr := c.ClientAddr(c.R); !net.ParseIP(addr).IsLoopback() {
		out["signin:addr:"+digest(addr)] = maxFailuresByAddr
	}
	return out
}

// triesByName returns the subjects of a try that has no address, such as a command.
func triesByName(username string) map[string]int {
	return map[string]int{"signin:name:" + digest(strings.ToLower(username)): maxFailuresByName}
}

// digest hashes what was typed as a name, which must not reach the database: people type
// their password into the field above it.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}
