package ui

import "wuyepay/models"

// Moment is one thing that happened to an order or a refund.
type Moment struct {
	At   models.Time
	Text string
	Note string
	By   string
	Tone string
}

// MaxMoments is how many lines of each sort a timeline reads. A notification that WeChat
// repeats is one line.
const MaxMoments = 100
