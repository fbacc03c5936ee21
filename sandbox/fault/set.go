package fault

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
)

// Set is the list of the faults in force. Its zero value is empty and ready to use.
// While it is empty a call costs one atomic load.
type Set struct {
	count  atomic.Int32
	mu     sync.Mutex
	list   []*activeFault
	lastID int

	Merchants []string // the names that a fault may have
}

// activeFault is a fault in force.
type activeFault struct {
	Fault
	left   int // strikes left; negative is without limit
	chance *rand.Rand
}

// Inject adds a fault and returns its id. It returns an error if no route, or not the
// route that f names, can show the kind. Of several faults that match a call only the
// oldest strikes.
func (fs *Set) Inject(f Fault) (id string, err error) {
	possible := f.Route != "" && suits(f.Kind, f.Route)
	if f.Route == "" {
		possible = slices.ContainsFunc(AllRoutes, func(r Route) bool { return suits(f.Kind, r) })
	}
	if !possible {
		return "", fmt.Errorf("sandbox: route %q cannot show fault %q", f.Route, f.Kind)
	}
	if f.Merchant != "" && !slices.Contains(fs.Merchants, f.Merchant) {
		return "", fmt.Errorf("sandbox: no merchant %q", f.Merchant)
	}
	if f.Probability < 0 || f.Probability > 1 || f.Times < 0 || f.Delay < 0 || f.Count < 0 {
		return "", fmt.Errorf("sandbox: fault %q: a number is out of range", f.Kind)
	}
	if f.Kind == Error && f.Status == 0 && f.ErrCode == 0 {
		return "", fmt.Errorf("sandbox: fault %q needs status and code, or errcode", f.Kind)
	}
	return fs.add(f), nil
}

// add keeps a fault under an id of its own, which it returns. The fault has a random source
// of its own, so that the chances of one fault do not disturb those of another.
func (fs *Set) add(f Fault) string {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.lastID++
	f.ID, f.Hits = fmt.Sprintf("f%d", fs.lastID), 0
	active := &activeFault{Fault: f, left: f.Times}
	if f.Times == 0 {
		active.left = 1
		if f.Probability > 0 {
			active.left = -1
		}
	}
	if f.Probability > 0 {
		active.chance = rand.New(rand.NewPCG(uint64(f.Seed), 0x5a4db0c5))
	}
	fs.list = append(fs.list, active)
	fs.count.Store(int32(len(fs.list)))
	return f.ID
}

// Strike returns the fault that spoils a call, or nil. It calls outTradeNo only if a
// fault is for one order; outTradeNo may be nil.
func (fs *Set) Strike(route Route, merchant string, outTradeNo func() string) *Fault {
	if fs.count.Load() == 0 {
		return nil
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for i, f := range fs.list {
		if f.Route != "" && f.Route != route || !suits(f.Kind, route) {
			continue
		}
		if f.Merchant != "" && f.Merchant != merchant {
			continue
		}
		if f.OutTradeNo != "" && (outTradeNo == nil || f.OutTradeNo != outTradeNo()) {
			continue
		}
		if f.chance != nil && f.chance.Float64() >= f.Probability {
			continue
		}
		f.Hits++
		struck := f.Fault
		if f.left--; f.left == 0 {
			fs.list = slices.Delete(fs.list, i, i+1)
			fs.count.Store(int32(len(fs.list)))
		}
		return &struck
	}
	return nil
}

// List returns the faults that are still in force, with how often each has struck.
// Times is what is left of it.
func (fs *Set) List() []Fault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	list := make([]Fault, 0, len(fs.list))
	for _, f := range fs.list {
		f.Times = max(f.left, 0)
		list = append(list, f.Fault)
	}
	return list
}

// Clear ends all faults.
func (fs *Set) Clear() {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.list = nil
	fs.count.Store(0)
}
