package console

// Routes returns the patterns of all routes with the permission that each needs.
func Routes() map[string]string {
	out := map[string]string{}
	for _, r := range routes {
		out[r.pattern] = string(r.need)
	}
	return out
}
