package intake_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
	"wuyepay/models/modelstest"
)

// manyRooms writes a file of so many rooms, each with an owner of its own.
func manyRooms(t testing.TB, rooms int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rooms.csv")
	f, err := os.Create(path)
	billingtest.NoError(t, err)
	w := bufio.NewWriter(f)
	_, err = w.WriteString(billingtest.RoomHead)
	billingtest.NoError(t, err)
	for i := range rooms {
		_, err := fmt.Fprintf(w, "大花园,%d-%d-%d,%d栋,%d单元,%d,高层住宅,业主%d,139%08d,98.76,2.35,月,2020-05-02,已入住,林晓梅\n",
			i/1000+1, i/500%2+1, i%500+101, i/1000+1, i/500%2+1, i%500+101, i, i)
		billingtest.NoError(t, err)
	}
	billingtest.NoError(t, w.Flush())
	billingtest.NoError(t, f.Close())
	return path
}

// peak returns the most bytes that were in use on the heap while fn ran.
func peak(fn func()) uint64 {
	runtime.GC()
	var most atomic.Uint64
	look := func() {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		most.Store(max(most.Load(), m.HeapAlloc))
	}
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				look()
			case <-stop:
				return
			}
		}
	}()
	fn()
	look()
	close(stop)
	<-done
	return most.Load()
}

// allocations returns how many objects were ever allocated.
func allocations() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}

// Not parallel: it measures the memory of the whole process.
func TestImportOfManyRoomsStaysSmall(t *testing.T) {
	few, many := 5_000, 100_000
	if testing.Short() || modelstest.RaceEnabled {
		many = 10_000
	}
	used := func(rooms int) (heap, work uint64) {
		db, path := modelstest.Open(t), manyRooms(t, rooms)
		work = allocations()
		heap = peak(func() {
			for _, want := range []string{
				fmt.Sprintf("%d added 0 changed 0 unchanged 0 left out", rooms),
				fmt.Sprintf("0 added 0 changed %d unchanged 0 left out", rooms),
			} {
				r, err := intake.ImportFile(context.Background(), db, modelstest.Actor, intake.Rooms, path)
				billingtest.NoError(t, err)
				if billingtest.Counts(r) != want {
					t.Errorf("%s, want %s", billingtest.Counts(r), want)
				}
			}
		})
		return heap, (allocations() - work) / uint64(rooms)
	}
	small, ofFew := used(few)
	large, ofMany := used(many)
	t.Logf("%d rooms: %d KiB of heap and %d allocations a room, %d rooms: %d KiB and %d", few, small>>10, ofFew, many, large>>10, ofMany)
	// What must be remembered of a row is 28 bytes; growing a slice and the garbage
	// collector's slack make five times that of it at worst.
	if limit := small + uint64(many-few)*150 + 8<<20; large > limit {
		t.Errorf("%d rooms took %d KiB of heap, %d rooms %d KiB", few, small>>10, many, large>>10)
	}
	// Nothing is read, sent or compared for a room without some: the work for one does
	// not grow with the number of the others.
	if ofMany > ofFew*5/4 {
		t.Errorf("%d rooms took %d allocations each, %d rooms %d", few, ofFew, many, ofMany)
	}
}
