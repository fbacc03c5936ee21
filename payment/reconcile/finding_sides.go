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

// FindingSides is what each side says about a difference, as staff see it; a side that
// says nothing is absent. It holds no personal data.
type FindingSides struct {
	Ours  *FindingSide `json:"ours,omitempty"`
	Trade *FindingSide `json:"trade,omitempty"` // WeChat's trade bill
	Flow  *FindingSide `json:"flow,omitempty"`  // WeChat's fund-flow bill
}

// FindingSide is a row of one side. Amounts are decimal strings of yuan.
type FindingSide struct {
	At     string `json:"at,omitempty"`    // as written there, Asia/Shanghai
	State  string `json:"state,omitempty"` // in that side's words
	Number string `json:"number,omitempty"`
	Amount string `json:"amount,omitempty"`
	Fee    string `json:"fee,omitempty"`
	Rate   string `json:"rate,omitempty"`
	Note   string `json:"note,omitempty"`
}

// maxEvidence is what the column holds.
const maxEvidence = 2000

// text is the evidence as a finding keeps it.
func (e FindingSides) text() string {
	b, err := json.Marshal(e)
	if err != nil || len(b) > maxEvidence { // texts of WeChat's that no real bill has
		return ""
	}
	return string(b)
}

// ReadEvidence returns what a finding keeps: empty if it keeps none.
func ReadEvidence(text string) (e FindingSides) {
	_ = json.Unmarshal([]byte(text), &e) // what cannot be read is no evidence
	return e
}

// milliYuan writes 1/1000 fen as yuan with the five decimals of WeChat's bill.
func milliYuan(milli int64) string { return decimal.New(milli, -5).StringFixed(5) }

// tradeSide is what the trade bill says about a payment or a refund.
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

func paymentSide(p *money.Payment) *FindingSide {
	s := &FindingSide{At: clockText(p.PaidAt), State: "paid", Amount: p.AmountFen.String(), Note: p.Source}
	if p.TransactionID != nil {
		s.Number = *p.TransactionID
	}
	return s
}

func refundSide(r *money.RefundOfDay) *FindingSide {
	return &FindingSide{At: r.On.String(), State: r.Status, Number: r.RefundNo, Amount: r.AmountFen.String()}
}

func clockText(t models.Time) string { return t.In(models.Shanghai).Format("2006-01-02 15:04:05") }

// short cuts a text of WeChat's to what evidence has room for.
func short(text string) string {
	if r := []rune(text); len(r) > 60 {
		text = string(r[:60])
	}
	return strings.TrimSpace(text)
}
