package wechatpay

// parseDecimal reads a decimal such as 123.45 or -0.14000 as an integer of 10^-places.
// For example, parseDecimal("123.45", 2) is 12345. Digits beyond places must be zero:
// WeChat Pay writes whole counts as 3 and as 3.0. An empty value is 0. No float is
// involved.
func parseDecimal(s string, places int) (int64, bool) {
	if s == "" {
		return 0, true
	}
	const most = int64(1) << 59 // far above any real sum, far below overflow
	i, negative := 0, false
	if s[0] == '-' || s[0] == '+' {
		i, negative = 1, s[0] == '-'
	}
	var v int64
	digits, fraction, dot := 0, 0, false
	for ; i < len(s); i++ {
		if s[i] == '.' {
			if dot {
				return 0, false
			}
			dot = true
			continue
		}
		d := s[i] - '0'
		if d > 9 {
			return 0, false
		}
		digits++
		if dot {
			if fraction == places {
				if d != 0 {
					return 0, false
				}
				continue
			}
			fraction++
		}
		if v = v*10 + int64(d); v > most {
			return 0, false
		}
	}
	if digits == 0 {
		return 0, false
	}
	for ; fraction < places; fraction++ {
		if v *= 10; v > most {
			return 0, false
		}
	}
	if negative {
		v = -v
	}
	return v, true
}

// addTo adds with an overflow check. A bill is input, however well signed.
func addTo(sum *int64, v int64) bool {
	next := *sum + v
	if (next > *sum) != (v > 0) && v != 0 {
		return false
	}
	*sum = next
	return true
}
