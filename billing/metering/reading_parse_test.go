package metering_test

import (
	"testing"

	"wuyepay/billing/metering"
)

func TestParseReading(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"880.5": "880.5", " 1,000 ": "1000", "８８０吨": "880", "0": "0", "00012": "12", "12.": "12", ".5": "0.5", "5kWh": "5",
		"1.2345": "1.2345",
	} {
		if d, err := metering.ParseReading(in); err != nil || d.String() != want {
			t.Errorf("%q: %s, %v; want %s", in, d, err, want)
		}
	}
	for _, in := range []string{
		"", ".", "-1", "+1", "1e3", "1.23456", "1000000001", "十二", "1.2.3", "1,5", "1,00", "1,0000", ",5", "吨", "0x1",
		"99999999999999999999999999",
	} {
		if d, err := metering.ParseReading(in); err == nil {
			t.Errorf("%q was read as %s", in, d)
		}
	}
}

func FuzzParseReading(f *testing.F) {
	for _, s := range []string{"880.5", "1,000", "８８０吨", ".5", "12.", "-1", "1e3", "", "０．５ｍ³"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := metering.ParseReading(s)
		if err != nil {
			return
		}
		if d.IsNegative() || !d.Equal(d.Truncate(4)) || d.IntPart() > 1_000_000_000 {
			t.Fatalf("%q was read as %s", s, d)
		}
		if again, err := metering.ParseReading(d.String()); err != nil || !again.Equal(d) {
			t.Fatalf("%q: %s is read again as %s, %v", s, d, again, err)
		}
	})
}
