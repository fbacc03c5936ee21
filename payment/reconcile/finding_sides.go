package reconcile

import (
	"encoding/json"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/payment"
	"wuyepay/payment/wechatpay"
)

// FindingSides is what each side has about a difference, as staff see it; a side that
// has nothing is absent. It holds no personal data: the payer in WeChat's bill is left
// out.
type FindingSides struct {
	Ours  *FindingSide `json:"ours,omitempty"`
	Trade *FindingSide `json:"trade,omitempty"` // WeChat's trade bill
	Flow  *FindingSide `json:"flow,omitempty"`  // WeChat's fund-flow bill
}

// FindingSide is a row of one side, or the sum of several rows. Amounts are decimal
// strings of yuan.
type FindingSide struct {
	At     string `json:"at,omitempty"`    // as written there, Asia/Shanghai
	State  string `json:"state,omitempty"` // as that side names it
	Number string `json:"number,omitempty"`
	Amount string `json:"amount,omitempty"`
	Fee    string `json:"fee,omitempty"`
	Rate   string `json:"rate,omitempty"`
	Note   string `json:"note,omitempty"`
}

// maxEvidence is the longest text that the column of a finding takes.
const maxEvidence = 2000

// text returns the evidence as a finding keeps it. It is empty if it would not fit: the
// finding itself, with its figures, matters more than its evidence.
func (e FindingSides) text() string {
	b, err := json.Marshal(e)
	if err != nil || len(b) > maxEvidence { // texts of WeChat's that no real bill has
		return ""
	}
	return string(b)
}

// ReadEvidence returns the evidence of a finding, empty if the finding has none or the
// text cannot be read.
func ReadEvidence(text string) (e FindingSides) {
	_ = json.Unmarshal([]byte(text), &e) // an unreadable text is no evidence
	return e
}

// milliYuan writes 1/1000 fen as yuan with the five decimals of WeChat's bill.
func milliYuan(milli int64) string { return decimal.New(milli, -5).StringFixed(5) }

// tradeSide returns a row of the trade bill as a side. A refund has its own number and
// amount, and its status behind the state, for example "REFUND PROCESSING".
func tradeSide(r *wechatpay.TradeRow) *FindingSide {
	s := &FindingSide{
		At: short(r.Time), State: short(r.State), Number: payment.CleanToken(r.TransactionID), Amount: models.Fen(r.TotalFen).String(),
		Fee: milliYuan(r.FeeMilliFen), Rate: short(r.Rate),
	}
	if r.State == wechatpay.RowRefund {
		s.State, s.Number, s.Amount = short(r.State+" "+r.RefundStatus), payment.CleanToken(r.RefundID), models.Fen(r.RefundFen).String()
	}
	return s
}

// paymentSide returns a payment of ours as a side. Its note is how we learned of it.
func paymentSide(p *money.Payment) *FindingSide {
	s := &FindingSide{At: clockText(p.PaidAt), State: "paid", Amount: p.AmountFen.String(), Note: p.Source}
	if p.TransactionID != nil {
		s.Number = *p.TransactionID
	}
	return s
}

// refundSide returns a refund of ours as a side. At is the day alone, on which WeChat
// accepted it.
func refundSide(r *money.RefundOfDay) *FindingSide {
	return &FindingSide{At: r.On.String(), State: r.Status, Number: r.RefundNo, Amount: r.AmountFen.String()}
}

// clockText returns a time in Asia/Shanghai, written as in WeChat's bills.
func clockText(t models.Time) string { return t.In(models.Shanghai).Format("2006-01-02 15:04:05") }

// short returns a text of WeChat's cut to 60 characters, so that the evidence fits.
func short(text string) string {
	if r := []rune(text); len(r) > 60 {
		text = string(r[:60])
	}
	return strings.TrimSpace(text)
}
