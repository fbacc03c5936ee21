package pay

import (
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/pay/merchant"
)

// Seed describes many paid orders of one day, today or before, without storing them.
// Order i is computed from i whenever a bill, a query or a refund needs it.
//
// For example, a Seed with the Prefix "SEED" and a Count of 1 000 000 adds the orders
// SEED00000000 to SEED00999999 and takes no memory until they are read.
type Seed struct {
	Merchant    string `json:"merchant"` // by name; "" means the first
	Date        string `json:"date"`     // business day of payment, yyyy-MM-dd
	Prefix      string `json:"prefix"`   // out_trade_no is Prefix and eight digits, from 00000000
	Count       int    `json:"count"`    // at most 99 999 999
	OpenID      string `json:"openid"`   // "" means that of the user "seed"
	Description string `json:"description"`
	// Order i costs TotalFen + (i mod Spread) * StepFen; a Spread of 0 means 1.
	TotalFen int64 `json:"total_fen"`
	StepFen  int64 `json:"step_fen"`
	Spread   int   `json:"spread"`
}

// seedRun is a seed in force.
type seedRun struct {
	Seed
	m       *merchant.Merchant
	day     time.Time
	prefix  string // of the transaction ids
	netFen  int64
	appID   string
	feeRate func(int64) int64
}

// seedDigits is the length of the number after the prefix.
const seedDigits = 8

// SeedOrders adds paid orders that never sent a notification. It returns an error if
// another seed has the same prefix.
func (s *Service) SeedOrders(seed Seed) error {
	if seed.OpenID == "" {
		seed.OpenID = s.users.OpenID("seed")
	}
	if err := s.addSeed(seed); err != nil {
		return err
	}
	return s.core.Store.Wait(s.core.Store.Queue(recordSeed, seed))
}

// addSeed checks a seed and puts it in force, at a call and at a restart.
func (s *Service) addSeed(seed Seed) error {
	run, err := s.newSeedRun(seed)
	if err != nil {
		return err
	}
	for _, other := range s.books.seeds.Snapshot() {
		if other.Prefix == seed.Prefix {
			return fmt.Errorf("sandbox: seed prefix %q is in use", seed.Prefix)
		}
	}
	for i := range run.Count {
		t, fee := run.total(i), run.feeRate(run.total(i))
		run.netFen += t - fee
	}
	s.books.seeds.Append(run)
	return nil
}

// newSeedRun checks a seed.
func (s *Service) newSeedRun(seed Seed) (*seedRun, error) {
	m, err := s.merchants.Named(seed.Merchant)
	if err != nil {
		return nil, err
	}
	day, err := core.ParseDate(seed.Date)
	if err != nil {
		return nil, fmt.Errorf("sandbox: seed date: %w", err)
	}
	if seed.Spread == 0 {
		seed.Spread = 1
	}
	switch {
	case seed.Count < 1 || seed.Count > 99_999_999:
		return nil, errors.New("sandbox: seed count is out of range")
	case seed.TotalFen < 1 || seed.StepFen < 0 || seed.Spread < 1:
		return nil, errors.New("sandbox: seed amounts are out of range")
	case !outTradeNoForm.MatchString(seed.Prefix + "00000000"):
		return nil, errors.New("sandbox: seed prefix does not make an out_trade_no")
	}
	h := fnv.New32a()
	h.Write([]byte(m.Name + "/" + seed.Prefix))
	return &seedRun{
		Seed: seed, m: m, day: day, appID: s.core.Config.AppID, feeRate: s.feeOf,
		prefix: fmt.Sprintf("43%06d%s", h.Sum32()%1_000_000, day.Format("20060102")),
	}, nil
}

// total returns the amount of order i.
func (run *seedRun) total(i int) int64 { return run.TotalFen + int64(i%run.Spread)*run.StepFen }

// at returns when order i was paid. The payments are spread over 08:00 to 22:00.
func (run *seedRun) at(i int) time.Time {
	const open = 14 * 3600
	return run.day.Add(8*time.Hour + time.Duration(int64(i)*open/int64(run.Count))*time.Second)
}

// outTradeNo returns the merchant's number of order i.
func (run *seedRun) outTradeNo(i int) string { return run.Prefix + fmt.Sprintf("%08d", i) }

// transactionID returns WeChat's number of order i.
func (run *seedRun) transactionID(i int) string { return run.prefix + fmt.Sprintf("%012d", i) }

// indexOfNo returns which order of the run has an out_trade_no, if any.
func (run *seedRun) indexOfNo(no string) (int, bool) {
	rest, ok := strings.CutPrefix(no, run.Prefix)
	return run.index(rest, ok && len(rest) == seedDigits)
}

// indexOfID returns which order of the run has a transaction id, if any.
func (run *seedRun) indexOfID(id string) (int, bool) {
	rest, ok := strings.CutPrefix(id, run.prefix)
	return run.index(rest, ok && len(rest) == 12)
}

// index reads the number of an order.
func (run *seedRun) index(digits string, ok bool) (int, bool) {
	i, err := strconv.Atoi(digits)
	return i, ok && err == nil && i >= 0 && i < run.Count
}

// record returns order i as if it had been placed and paid.
func (run *seedRun) record(i int) orderRecord {
	at := run.at(i)
	return orderRecord{
		MchID: run.m.MchID, OutTradeNo: run.outTradeNo(i), AppID: run.appID, SubMchID: run.m.SubMchID,
		OpenID: run.OpenID, Description: run.Description, TotalFen: run.total(i),
		CreatedAt: at.Add(-time.Minute), ExpiresAt: at.Add(29 * time.Minute), State: Paid,
		TransactionID: run.transactionID(i), PaidAt: at, PayerTotalFen: run.total(i),
		BankType: "OTHERS", FeeFen: run.feeRate(run.total(i)), Seeded: true,
	}
}

// order returns order i, which the books do not have yet.
func (run *seedRun) order(i int) *order { return &order{m: run.m, rec: run.record(i)} }

// SeededOrder returns order i of a seed as the books would show it, for a host that
// needs its own side of the same day.
func (s *Service) SeededOrder(seed Seed, i int) (Transaction, error) {
	if seed.OpenID == "" {
		seed.OpenID = s.users.OpenID("seed")
	}
	run, err := s.newSeedRun(seed)
	if err != nil {
		return Transaction{}, err
	}
	return run.order(i).transaction(), nil
}

// each passes the orders of the run to yield. An order with a later history is shown as
// it stands now.
func (run *seedRun) each(s *Service, yield func(Transaction) bool) bool {
	for i := range run.Count {
		o, ok := s.books.orders.Get(orderKey{run.m.MchID, run.outTradeNo(i)})
		if !ok {
			o = run.order(i)
		}
		o.mu.Lock()
		t := o.transaction()
		o.mu.Unlock()
		if !yield(t) {
			return false
		}
	}
	return true
}

// materialize enters a seeded order into the books. Its payment stays in the bill where
// it is: with the seed.
func (s *Service) materialize(m *merchant.Merchant, match func(*seedRun) (int, bool)) *order {
	for _, run := range s.books.seeds.Snapshot() {
		if run.m != m {
			continue
		}
		i, ok := match(run)
		if !ok {
			continue
		}
		o := run.order(i)
		o.rec.Seq = s.core.Next()
		o, loaded := s.books.orders.Add(o.key(), o)
		if !loaded {
			s.books.byTransaction.Put(o.rec.TransactionID, o)
			s.books.all.Append(o)
		}
		return o
	}
	return nil
}
