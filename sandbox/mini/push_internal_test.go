package mini

import "testing"

// The published vector of the message push signature.
func TestPushSignVector(t *testing.T) {
	t.Parallel()
	if got := pushSign("AAAAA", "1714036504", "1514711492"); got != "f464b24fc39322e44b38aa78f5edd27bd1441696" {
		t.Errorf("signature = %s", got)
	}
}
