package console

// Routes lists what the console answers to, with the permission each needs.
func Routes() map[string]string {
	out := map[string]string{}
	for _, r := range routes {
		out[r.pattern] = string(r.need)
	}
	return out
}
