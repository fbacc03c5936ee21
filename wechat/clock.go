package wechat

import "time"

// realNow returns real time. Signatures, tokens and certificates use it, whatever the
// business clock of the host program is.
func realNow() time.Time { return time.Now() }
