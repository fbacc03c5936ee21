package paymenttest

import (
	"context"
	"sync/atomic"
)

// fuse is a context that ends when it has been looked at so many times: once at
// each statement at least, so that every statement of an operation is hit by some
// length of fuse.
type fuse struct {
	context.Context
	left   atomic.Int64
	Cancel func()
}

func NewFuse(looks int64) *fuse {
	ctx, cancel := context.WithCancel(Bg)
	f := &fuse{Context: ctx, Cancel: cancel}
	f.left.Store(looks)
	return f
}

func (f *fuse) burn() {
	if f.left.Add(-1) == 0 {
		f.Cancel()
	}
}

func (f *fuse) Done() <-chan struct{} {
	f.burn()
	return f.Context.Done()
}

func (f *fuse) Err() error {
	f.burn()
	return f.Context.Err()
}

// Spent tells whether the fuse has burnt down.
func (f *fuse) Spent() bool { return f.left.Load() <= 0 }
