package issuing_test

import "wuyepay/models"

// pencil is a bill as somebody with a pencil would keep it: whole numbers only, and
// every day counted by itself. It is slow and shares nothing with the program.
type pencil struct {
	due       models.Date
	grace     int
	rate      int64 // per ten thousand and day
	capped    bool  // 30 % of the principal
	principal int64
	discount  int64
	paid      map[models.Date]int64 // principal that came, or went back, on a day
	paidLate  int64
	waived    int64
	void      bool
	last      models.Date // of what has happened
	atPlan    int64       // settled when the plan was made, plus what the plan covers of it
	frozen    []*span
	plan      *paper // that it is being paid by
}

// span is days without late fee, the last one 0 while they go on.
type span struct{ from, to models.Date }

// paper is an instalment plan by pencil.
type paper struct {
	bills    []*pencil
	settled  int64 // of the bills when it was made
	total    int64
	dates    []models.Date
	upTo     []int64 // what must be settled by each date
	days     models.Date
	frozen   bool
	finished bool
}

func (x *paper) progress(today models.Date) int64 {
	now, owed := int64(0), int64(0)
	for _, p := range x.bills {
		now += p.settled(today)
		owed += p.owes(today)[0] + p.owes(today)[1]
	}
	if owed == 0 {
		return x.total
	}
	return now - x.settled
}

// settled grows with all that makes a bill owe less; a void bill asks for nothing.
func (p *pencil) settled(today models.Date) int64 {
	if p.void {
		return p.atPlan
	}
	return p.paidBefore(today+1) + p.paidLate + p.waived + p.discount - p.principal
}

func (p *pencil) pausedOn(day models.Date) bool {
	for _, s := range p.frozen {
		if day >= s.from && (s.to == 0 || day <= s.to) {
			return true
		}
	}
	return false
}

func (p *pencil) paidBefore(day models.Date) (sum int64) {
	for on, fen := range p.paid {
		if on < day {
			sum += fen
		}
	}
	return sum
}

// accrued goes over every day from the first with late fee.
func (p *pencil) accrued(today models.Date) int64 {
	sum := int64(0)
	for day := p.due + models.Date(p.grace) + 1; day <= today; day++ {
		if left := p.principal - p.discount - p.paidBefore(day); left > 0 && !p.pausedOn(day) {
			sum += left * p.rate
		}
	}
	fee := (sum + 5000) / 10000
	if p.capped {
		fee = min(fee, (p.principal*3+5)/10)
	}
	return fee
}

// owes is principal and late fee.
func (p *pencil) owes(today models.Date) [2]int64 {
	if p.void {
		return [2]int64{}
	}
	return [2]int64{p.principal - p.discount - p.paidBefore(today+1), max(0, p.accrued(today)-p.waived-p.paidLate)}
}

// adjust changes the bill and returns what goes back to the owner.
func (p *pencil) adjust(step string, amount int64, today models.Date) (back int64) {
	p.last = today
	keep := int64(0)
	switch step {
	case "waive":
		p.waived += amount
		return 0
	case "void":
		back = p.paidBefore(today+1) + p.paidLate
		p.void, p.paidLate = true, 0
		return back
	case "correct":
		p.principal = amount
	case "discount":
		p.discount += amount
	}
	keep = p.principal - p.discount
	if over := p.paidBefore(today+1) - keep; over > 0 {
		p.paid[today] -= over
		back += over
	}
	// Late fee: first what was paid too much comes back, then the waiver shrinks.
	over := max(0, p.paidLate+p.waived-p.accrued(today))
	fromPaid := min(over, p.paidLate)
	p.paidLate -= fromPaid
	p.waived -= over - fromPaid
	return back + fromPaid
}
