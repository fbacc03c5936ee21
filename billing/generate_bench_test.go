package billing_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// BenchmarkGenerate measures a billing run of one item over BENCH_ROOMS rooms
// (20,000) against the floor: a raw multi-row INSERT of the very rows that the run
// has made, bills and journal, on one connection. It also measures the run that
// finds nothing to do. Run it with -benchtime 1x, beside a MariaDB that is durable.
func BenchmarkGenerate(b *testing.B) {
	rooms := 20_000
	if n, err := strconv.Atoi(os.Getenv("BENCH_ROOMS")); err == nil {
		rooms = n
	}
	for range b.N {
		cfg := modelstest.NewConfig(b)
		db := modelstest.OpenConfig(b, cfg, modelstest.NewClock(modelstest.Start).Now)
		plainRooms(b, db, rooms)
		period, err := billing.ParsePeriod("2026-03")
		try(b, err)
		highest := uint64(0)
		watch := billing.GenerateOptions{Progress: func(billing.GenerateResult) {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			highest = max(highest, m.HeapAlloc)
		}}
		began, spent := time.Now(), cpu()
		r, err := billing.GenerateBills(context.Background(), db, modelstest.Actor, period, watch)
		try(b, err)
		took, runCPU := time.Since(began), cpu()-spent
		if r.Bills != rooms {
			b.Fatalf("%+v", r)
		}
		began = time.Now()
		r, err = billing.GenerateBills(context.Background(), db, modelstest.Actor, period, billing.GenerateOptions{})
		try(b, err)
		again := time.Since(began)
		if r.Bills != 0 {
			b.Fatalf("%+v", r)
		}
		floor, onlyBills, floorCPU, rows := rawInsert(b, cfg)
		b.ReportMetric(float64(rooms)/took.Seconds(), "bills/s")
		b.ReportMetric(float64(rows)/floor.Seconds(), "floor-rows/s")
		b.ReportMetric(floor.Seconds()/took.Seconds(), "of-floor")
		b.ReportMetric(onlyBills.Seconds()/took.Seconds(), "of-bills-floor")
		if floorCPU > 0 {
			b.ReportMetric(floorCPU.Seconds()/runCPU.Seconds(), "cpu-of-floor")
		}
		b.ReportMetric(again.Seconds()/took.Seconds(), "rerun-share")
		b.ReportMetric(float64(highest)/(1<<20), "heap-MiB")
	}
}

// cpu is the processor time of this process and of the server of TEST_MYSQL_PID so
// far: on a machine that others use as well it tells more than the clock does. 0
// where it cannot be read.
func cpu() (sum time.Duration) {
	for _, pid := range []string{"self", os.Getenv("TEST_MYSQL_PID")} {
		stat, err := os.ReadFile("/proc/" + pid + "/stat")
		if pid == "" || err != nil {
			return 0
		}
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		for _, f := range fields[11:13] { // utime and stime, in hundredths of a second
			n, err := strconv.Atoi(f)
			if err != nil {
				return 0
			}
			sum += time.Duration(n) * 10 * time.Millisecond
		}
	}
	return sum
}

// plainRooms makes rooms with owners and one tariff by area.
func plainRooms(t testing.TB, db *models.DB, n int) {
	t.Helper()
	c := modelstest.Community(t, db, "海棠花园")
	mustTake(t, db, billing.ImportTariffs, tariffHead+monthly+"\n")
	for from := 0; from < n; from += 5000 {
		modelstest.Write(t, db, func(tx *models.Tx) error {
			var rooms []models.Room
			var owners []models.Owner
			var tenures []models.Tenure
			for i := from; i < min(from+5000, n); i++ {
				code := fmt.Sprintf("%d-%d-%04d", i/1000+1, i%3+1, i%1000)
				r := models.Room{ID: models.NewID(), CommunityID: c.ID, Code: code, CodeKey: code, Building: fmt.Sprint(i / 1000), Kind: "高层住宅",
					Area: fmt.Sprintf("%d.%02d", 50+i%90, i%100), Occupancy: models.Occupied, CreatedAt: tx.Now, UpdatedAt: tx.Now}
				o := tx.NewOwner(c.ID, "业主", "")
				rooms, owners = append(rooms, r), append(owners, o)
				tenures = append(tenures, models.Tenure{ID: models.NewID(), RoomID: r.ID, OwnerID: o.ID, Role: models.TenureOwner, CreatedAt: tx.Now})
			}
			if err := tx.InsertRooms(rooms); err != nil {
				return err
			}
			if err := tx.InsertOwners(owners); err != nil {
				return err
			}
			return tx.InsertTenures(tenures)
		})
	}
}

// name is the database that a configuration names.
func name(cfg models.Config) string { return cfg.DSN[strings.LastIndexByte(cfg.DSN, '/')+1:] }

// rawInsert puts the bills and journal lines into an empty database, with plain
// statements of 500 rows each; bills is the part of the time for the bills alone.
func rawInsert(b *testing.B, cfg models.Config) (took, bills, spent time.Duration, rows int) {
	b.Helper()
	dsn := cfg.DSN
	if cfg.Driver == "mysql" {
		dsn += "?interpolateParams=true"
	}
	raw, err := sql.Open(cfg.Driver, dsn)
	try(b, err)
	defer raw.Close()
	raw.SetMaxOpenConns(1)
	type chunk struct {
		query string
		args  []any
	}
	var chunks [2][]chunk
	for i, table := range []string{"bills", "journal"} {
		list, err := raw.Query("SELECT * FROM " + table + " ORDER BY id") //nolint:sqlclosecheck // read to its end below, which closes it
		try(b, err)
		names, err := list.Columns()
		try(b, err)
		var args []any
		n := 0
		flush := func() {
			if n > 0 {
				one := "(" + strings.Repeat("?,", len(names)-1) + "?)"
				chunks[i] = append(chunks[i], chunk{"INSERT INTO " + table + " (" + strings.Join(names, ",") + ") VALUES " + strings.Repeat(one+",", n-1) + one, args})
				args, n = nil, 0
			}
		}
		for list.Next() {
			values, dest := make([]any, len(names)), make([]any, len(names))
			for k := range dest {
				dest[k] = &values[k]
			}
			try(b, list.Scan(dest...))
			for k, v := range values {
				if text, ok := v.([]byte); ok {
					values[k] = string(text)
				}
			}
			args, n, rows = append(args, values...), n+1, rows+1
			if n == 500 {
				flush()
			}
		}
		flush()
		try(b, list.Err())
	}
	if cfg.Driver == "mysql" { // a database as new as the run's: no page of it has held a bill
		from, to := name(cfg), name(modelstest.NewConfig(b))
		for _, table := range []string{"communities", "rooms"} {
			_, err := raw.Exec("INSERT INTO " + to + "." + table + " SELECT * FROM " + from + "." + table)
			try(b, err)
		}
		_, err := raw.Exec("USE " + to)
		try(b, err)
	} else {
		for _, table := range []string{"journal", "bills"} {
			_, err := raw.Exec("DELETE FROM " + table)
			try(b, err)
		}
	}
	began, before := time.Now(), cpu()
	for i := range chunks[0] {
		one := time.Now()
		_, err := raw.Exec(chunks[0][i].query, chunks[0][i].args...)
		try(b, err)
		bills += time.Since(one)
		_, err = raw.Exec(chunks[1][i].query, chunks[1][i].args...)
		try(b, err)
	}
	return time.Since(began), bills, cpu() - before, rows
}
