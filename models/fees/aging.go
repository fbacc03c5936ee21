package fees

import "wuyepay/models"

// AgingBucket is an age band of arrears: how many days past due a bill is.
type AgingBucket int

// The age bands 账龄. BandAll chooses all bills, BandDue those whose due day has
// come.
const (
	BandAll    AgingBucket = iota
	BandNotDue             // the due day is still to come
	Band30                 // 0 to 30 days
	Band90                 // 31 to 90
	Band180                // 91 to 180
	Band365                // 181 to 365
	BandOver               // more than 365
	BandDue
	bandEnd
)

// Bands are the bands that part all open bills between them.
var Bands = []AgingBucket{BandNotDue, Band30, Band90, Band180, Band365, BandOver}

// bandDays are first and last day past due of each band.
var bandDays = map[AgingBucket][2]int{
	BandNotDue: {-maxAge, -1}, Band30: {0, 30}, Band90: {31, 90}, Band180: {91, 180}, Band365: {181, 365},
	BandOver: {366, maxAge}, BandDue: {0, maxAge},
}

// maxAge is more days than any bill is old.
const maxAge = 40_000

// Valid reports whether there is such a band.
func (b AgingBucket) Valid() bool { return b >= BandAll && b < bandEnd }

// AgingBucketOf returns the band of a bill that was due on a day. A bill due today is
// in Band30, with age 0.
func AgingBucketOf(due, today models.Date) AgingBucket {
	for _, b := range Bands {
		if b.Has(due, today) {
			return b
		}
	}
	return BandAll
}

// Has reports whether a bill due on a day is in the band.
func (b AgingBucket) Has(due, today models.Date) bool {
	if b == BandAll {
		return true
	}
	age, days := int(today-due), bandDays[b]
	return age >= days[0] && age <= days[1]
}

// where returns [AgingBucket.Has] as a condition on the due day of bills called b.
func (b AgingBucket) where(today models.Date) (string, []any) {
	if b == BandAll {
		return "", nil
	}
	d := bandDays[b]
	return " AND b.due_on >= ? AND b.due_on <= ?", []any{max(1, today.Plus(-d[1])), today.Plus(-d[0])}
}
