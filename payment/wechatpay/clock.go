package wechatpay

import "time"

// realNow is real time: signatures, tokens and certificates keep it whatever the
// business clock of the host program says.
func realNow() time.Time { return time.Now() }
