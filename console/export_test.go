package console

// Digest is how the subject of a count of failures is kept.
func Digest(s string) string { return digest(s) }

// Routes lists what the console answers to, with the permission each needs.
func Routes() map[string]string {
	out := map[string]string{}
	for _, r := range (&console{}).routes() {
		out[r.pattern] = string(r.need)
	}
	return out
}

// The small functions of templates, for their tables of cases.
var (
	Yuan       = yuan
	FeeYuan    = feeYuan
	BasisText  = basisText
	DetailText = detailText
)
