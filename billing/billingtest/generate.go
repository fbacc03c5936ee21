package billingtest

import (
	"context"
	"strings"
	"testing"

	"wuyepay/billing/calc"
	"wuyepay/billing/intake"
	"wuyepay/billing/issuing"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

// Generate runs the billing of a period and checks the books.
func Generate(t testing.TB, db *store.DB, period string, with ...func(*issuing.GenerateOptions)) issuing.GenerateResult {
	t.Helper()
	p, err := calc.ParsePeriod(period)
	NoError(t, err)
	var opts issuing.GenerateOptions
	for _, f := range with {
		f(&opts)
	}
	r, err := issuing.GenerateBills(context.Background(), db, modelstest.Actor, p, opts)
	NoError(t, err)
	CheckBooks(t, db)
	return r
}

// WithTariffs returns a database with [OneRoom] and the tariffs. The day is 15
// March 2026.
func WithTariffs(t testing.TB, tariffs ...string) *store.DB {
	t.Helper()
	db := modelstest.Open(t)
	MustImport(t, db, intake.Rooms, OneRoom)
	MustImport(t, db, intake.Tariffs, TariffHead+strings.Join(tariffs, "\n")+"\n")
	return db
}

// Monthly is a row of a tariff file: the property fee at 2.35 yuan, billed by
// month.
const Monthly = "海棠花园,物业服务费,,按面积,2.35,,月,15,0.003,2,0.3,2023-01-01,"
