package ui

import "wuyepay/models"

// Moment is one thing that happened to an order.
type Moment struct {
	At   models.Time
	Text string
	Note string
	By   string
	Tone string
}

// MaxMoments bounds what of an order's history is read; a callback that WeChat
// repeats is one event.
const MaxMoments = 100
