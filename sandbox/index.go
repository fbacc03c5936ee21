package sandbox

import (
	"slices"
	"sync"
)

// index is a typed sync.Map: lookups by number never meet a global lock.
type index[K comparable, V any] struct{ m sync.Map }

func (x *index[K, V]) get(key K) (value V, ok bool) {
	v, ok := x.m.Load(key)
	if !ok {
		return value, false
	}
	return v.(V), true
}

func (x *index[K, V]) put(key K, value V) { x.m.Store(key, value) }

// add keeps the value that is there already and says so with loaded.
func (x *index[K, V]) add(key K, value V) (actual V, loaded bool) {
	v, loaded := x.m.LoadOrStore(key, value)
	return v.(V), loaded
}

// take removes and returns: whoever takes a one-time code has it alone.
func (x *index[K, V]) take(key K) (value V, ok bool) {
	v, ok := x.m.LoadAndDelete(key)
	if !ok {
		return value, false
	}
	return v.(V), true
}

func (x *index[K, V]) each(visit func(K, V) bool) {
	x.m.Range(func(k, v any) bool { return visit(k.(K), v.(V)) })
}

// sequence is an append-only list that is read without holding its lock: a
// reader keeps the slice as it was.
type sequence[V any] struct {
	mu   sync.Mutex
	list []V
}

func (q *sequence[V]) append(v V) {
	q.mu.Lock()
	q.list = append(q.list, v)
	q.mu.Unlock()
}

// snapshot is the list as it is now; capped, so that nobody appends into it.
func (q *sequence[V]) snapshot() []V {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.list[:len(q.list):len(q.list)]
}

// newest is at most n of the last values, the last one first.
func (q *sequence[V]) newest(n int) []V {
	list := q.snapshot()
	list = slices.Clone(list[max(0, len(list)-n):])
	slices.Reverse(list)
	return list
}
