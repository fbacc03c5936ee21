package store

import (
	"encoding/json"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStoreWritesInOrder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	st, err := Open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var want []int
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			mu.Lock()
			ticket := st.Queue("number", i)
			want = append(want, i)
			mu.Unlock()
			if err := st.Wait(ticket); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	var got []int
	st, err = Open(dir, func(_ string, value json.RawMessage) error {
		n := 0
		for _, c := range value {
			n = n*10 + int(c-'0')
		}
		got = append(got, n)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	st.Close()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines:\n%s", diff)
	}
}
