package store

import (
	"slices"
	"sync"
)

// Index is a typed sync.Map: lookups by number never meet a global lock.
type Index[K comparable, V any] struct{ m sync.Map }

func (x *Index[K, V]) Get(key K) (value V, ok bool) {
	v, ok := x.m.Load(key)
	if !ok {
		return value, false
	}
	return v.(V), true
}

func (x *Index[K, V]) Put(key K, value V) { x.m.Store(key, value) }

// Add keeps the value that is there already and says so with loaded.
func (x *Index[K, V]) Add(key K, value V) (actual V, loaded bool) {
	v, loaded := x.m.LoadOrStore(key, value)
	return v.(V), loaded
}

// Take removes and returns: whoever takes a one-time code has it alone.
func (x *Index[K, V]) Take(key K) (value V, ok bool) {
	v, ok := x.m.LoadAndDelete(key)
	if !ok {
		return value, false
	}
	return v.(V), true
}

func (x *Index[K, V]) Each(visit func(K, V) bool) {
	x.m.Range(func(k, v any) bool { return visit(k.(K), v.(V)) })
}

// List is an append-only list that is read without holding its lock: a
// reader keeps the slice as it was.
type List[V any] struct {
	mu   sync.Mutex
	list []V
}

func (q *List[V]) Append(v V) {
	q.mu.Lock()
	q.list = append(q.list, v)
	q.mu.Unlock()
}

// Snapshot is the list as it is now; capped, so that nobody appends into it.
func (q *List[V]) Snapshot() []V {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.list[:len(q.list):len(q.list)]
}

// Newest is at most n of the last values, the last one first.
func (q *List[V]) Newest(n int) []V {
	list := q.Snapshot()
	list = slices.Clone(list[max(0, len(list)-n):])
	slices.Reverse(list)
	return list
}
