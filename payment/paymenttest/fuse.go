package paymenttest

import (
	"context"
	"sync/atomic"
)

// Fuse is a context that ends when it has been looked at so many times: once at
// each statement at least, so that every statement of an operation is hit by some
// length of fuse.
type Fuse struct {
	context.Context
	left   atomic.Int64
	Cancel func()
}

// NewFuse returns a context that ends at the given look.
func NewFuse(looks int64) *Fuse {
	ctx, cancel := context.WithCancel(Bg)
	f := &Fuse{Context: ctx, Cancel: cancel}
	f.left.Store(looks)
	return f
}

func (f *Fuse) burn() {
	if f.left.Add(-1) == 0 {
		f.Cancel()
	}
}

// Done is a look at the context, as [Fuse.Err] is.
func (f *Fuse) Done() <-chan struct{} {
	f.burn()
	return f.Context.Done()
}

// Err is a look at the context: the last one ends it.
func (f *Fuse) Err() error {
	f.burn()
	return f.Context.Err()
}

// Spent reports whether the fuse has burnt down.
func (f *Fuse) Spent() bool { return f.left.Load() <= 0 }
