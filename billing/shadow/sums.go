package shadow

import "wuyepay/models/fees"

// ByCause adds up sums over the items, in the order in which causes are shown. Causes
// without a line are left out.
func ByCause(sums []fees.ShadowSum) []fees.ShadowSum {
	return addUp(sums, fees.ShadowCauses, func(s fees.ShadowSum) string { return s.Cause },
		func(key string) fees.ShadowSum { return fees.ShadowSum{Cause: key} })
}

// ByItem adds up sums over the causes, in the order of the items.
func ByItem(sums []fees.ShadowSum) []fees.ShadowSum {
	var items []string
	for _, s := range sums {
		if len(items) == 0 || items[len(items)-1] != s.Item {
			items = append(items, s.Item)
		}
	}
	return addUp(sums, items, func(s fees.ShadowSum) string { return s.Item },
		func(key string) fees.ShadowSum { return fees.ShadowSum{Item: key} })
}

func addUp(sums []fees.ShadowSum, keys []string, of func(fees.ShadowSum) string, empty func(string) fees.ShadowSum) []fees.ShadowSum {
	out := []fees.ShadowSum{}
	for _, key := range keys {
		sum := empty(key)
		for _, s := range sums {
			if of(s) != key {
				continue
			}
			sum.Lines += s.Lines
			sum.TheirRows += s.TheirRows
			sum.TheirsFen = sum.TheirsFen.Plus(s.TheirsFen)
			sum.OursFen = sum.OursFen.Plus(s.OursFen)
			sum.DiffFen = sum.DiffFen.Plus(s.DiffFen)
		}
		if sum.Lines > 0 {
			out = append(out, sum)
		}
	}
	return out
}
