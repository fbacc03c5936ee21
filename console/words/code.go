package words

// Of returns the word of a code. A code without a word is returned as it is, and no
// code at all as a dash.
func Of(known map[string]string, code string) string {
	if w, ok := known[code]; ok {
		return w
	}
	return OrDash(code)
}

// OrDash returns the text, or a dash for an empty one.
func OrDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}
