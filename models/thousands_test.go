package models_test

import (
	"testing"

	"wuyepay/models"
)

func TestDropThousands(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"1,000": "1000", "12,345,678.90": "12345678.90", "-1,000元": "-1000元", "999": "999", "1,5": "1,5", "1,00": "1,00",
		"1,0000": "1,0000", "1000,000": "1000,000", ",100": ",100", "1,,000": "1,,000", "1,000.5,0": "1,000.5,0", "": "",
	} {
		if got := models.DropThousands(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
