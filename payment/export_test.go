package payment

import "time"

// What the phone may wait for: the calls to WeChat of one checkout, the first of
// them, and the booking that follows an answer.
var (
	CheckoutBudget = checkoutBudget
	FirstTry       = firstTry
	BookingTime    = bookingTime
)

func init() { bookingTime = time.Minute } // a machine may be slow
