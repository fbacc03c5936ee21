package mini

import (
	"testing"
	"time"
)

func TestStableTokenIsStable(t *testing.T) {
	t.Parallel()
	var k tokens
	k.issue(&k.stable, tokenOverlap)
	first := k.stable.token
	k.issue(&k.stable, tokenOverlap)
	if e := k.check(first); e != nil {
		t.Errorf("the old token failed within the overlap: %v", e)
	}
	k.issue(&k.stable, 0)
	if e := k.check(k.stable.token); e != nil {
		t.Errorf("the new token: %v", e)
	}
	k.valid[first] = time.Now().Add(-time.Second)
	if e := k.check(first); e == nil || e.code != 42001 {
		t.Errorf("expired token: %v, want 42001", e)
	}
	if e := k.check("never issued"); e == nil || e.code != 40001 {
		t.Errorf("unknown token: %v, want 40001", e)
	}
}
