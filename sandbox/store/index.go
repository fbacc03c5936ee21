package store

import (
	"slices"
	"sync"
)

// Index is a typed [sync.Map]: a lookup never takes a global lock.
type Index[K comparable, V any] struct{ m sync.Map }

// Get returns the value of a key. It reports in ok whether there is one.
func (x *Index[K, V]) Get(key K) (value V, ok bool) {
	v, ok := x.m.Load(key)
	if !ok {
		return value, false
	}
	return v.(V), true
}

// Put sets the value of a key.
func (x *Index[K, V]) Put(key K, value V) { x.m.Store(key, value) }

// Add sets the value of a key that has none. It returns the value that the key has
// then, and reports in loaded whether the key had it before.
func (x *Index[K, V]) Add(key K, value V) (actual V, loaded bool) {
	v, loaded := x.m.LoadOrStore(key, value)
	return v.(V), loaded
}

// Take removes a key and returns its value. Of several callers only one gets a one-time
// code.
func (x *Index[K, V]) Take(key K) (value V, ok bool) {
	v, ok := x.m.LoadAndDelete(key)
	if !ok {
		return value, false
	}
	return v.(V), true
}

// Each calls visit for every key until it returns false.
func (x *Index[K, V]) Each(visit func(K, V) bool) {
	x.m.Range(func(k, v any) bool { return visit(k.(K), v.(V)) })
}

// List is a list that only grows. A reader keeps the list as it was and needs no lock.
type List[V any] struct {
	mu   sync.Mutex
	list []V
}

// Append adds a value at the end.
func (q *List[V]) Append(v V) {
	q.mu.Lock()
	q.list = append(q.list, v)
	q.mu.Unlock()
}

// Snapshot returns the list as it is now. Its capacity is its length, so that an append
// cannot write into the list.
func (q *List[V]) Snapshot() []V {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.list[:len(q.list):len(q.list)]
}

// Newest returns the last n values, the last one first. It returns fewer if there are
// fewer.
func (q *List[V]) Newest(n int) []V {
	list := q.Snapshot()
	list = slices.Clone(list[max(0, len(list)-n):])
	slices.Reverse(list)
	return list
}
