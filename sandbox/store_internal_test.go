package sandbox

import (
	"encoding/json"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStoreWritesInOrder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	st, err := openStore(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var want []int
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			mu.Lock()
			ticket := st.queue("number", i)
			want = append(want, i)
			mu.Unlock()
			if err := st.wait(ticket); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := st.close(); err != nil {
		t.Fatal(err)
	}
	var got []int
	st, err = openStore(dir, func(_ string, value json.RawMessage) error {
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
	st.close()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines:\n%s", diff)
	}
}
