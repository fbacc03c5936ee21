package handlers

import (
	"encoding/json"
	"time"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/money"
)

// RoomSummary is a room in the owner's list.
type RoomSummary struct {
	ID           string     `json:"id"`
	Community    string     `json:"community" example:"云杉苑"`
	Building     string     `json:"building" example:"1栋"`
	Unit         string     `json:"unit" example:"1单元"`
	Number       string     `json:"number" example:"101"`
	RoomCode     string     `json:"room_code" example:"1-1-101" doc:"As the company writes it"`
	DisplayName  string     `json:"display_name" example:"云杉苑 1栋1单元101"`
	Role         string     `json:"role" enum:"owner,family,tenant,payer"`
	DueFen       models.Fen `json:"due_fen" doc:"Principal and late fee owed today"`
	OverdueBills int        `json:"overdue_bills"`
	PrepaidFen   models.Fen `json:"prepaid_fen" doc:"Balance of prepayment; 0 for a tenant and for a former owner, whose it is not"`
	HeldUntil    string     `json:"held_until,omitempty" format:"date" doc:"Last day on which the owner or tenant held the room; from the next day on only their own earlier bills are shown. Absent: they hold it"`
}

func roomSummary(r estate.BoundRoom, due billing.RoomDue, today models.Date) RoomSummary {
	return RoomSummary{
		ID: r.ID, Community: r.CommunityName, Building: r.Building, Unit: r.Unit, Number: r.Number, RoomCode: r.Code,
		DisplayName: r.CommunityName + " " + r.Name(), Role: r.Role, DueFen: due.DueFen, OverdueBills: due.OverdueBills,
		PrepaidFen: r.PrepaidSeen(today), HeldUntil: r.UntilOn.String(),
	}
}

// Bill is a bill as the owner sees it: every figure, and where it comes from.
type Bill struct {
	ID               string          `json:"id"`
	Item             string          `json:"item" example:"物业服务费"`
	PeriodStart      string          `json:"period_start" format:"date"`
	PeriodEnd        string          `json:"period_end" format:"date"`
	IssuedOn         string          `json:"issued_on" format:"date"`
	DueOn            string          `json:"due_on" format:"date"`
	Status           string          `json:"status" enum:"unpaid,partial,paid,void"`
	Basis            json.RawMessage `json:"basis" doc:"How the principal was computed"`
	PrincipalFen     models.Fen      `json:"principal_fen"`
	DiscountFen      models.Fen      `json:"discount_fen"`
	PaidPrincipalFen models.Fen      `json:"paid_principal_fen"`
	OutstandingFen   models.Fen      `json:"outstanding_fen"`
	LateFee          LateFee         `json:"late_fee"`
	DueFen           models.Fen      `json:"due_fen" doc:"outstanding_fen + late_fee.due_fen"`
	OverdueDays      int             `json:"overdue_days"`
	Disputed         bool            `json:"disputed"`
}

// LateFee is how the late fee came about.
type LateFee struct {
	Rate       string      `json:"rate" example:"0.003" doc:"Per day"`
	Rule       string      `json:"rule_version" doc:"Id of the tariff version that the rule was frozen from; default: the community's rule at issue"`
	GraceDays  int         `json:"grace_days"`
	Days       int         `json:"days"`
	Segments   []Segment   `json:"segments" doc:"Runs of days on one principal"`
	AccruedFen models.Fen  `json:"accrued_fen" doc:"After the cap"`
	CapFen     *models.Fen `json:"cap_fen" doc:"null: no cap"`
	WaivedFen  models.Fen  `json:"waived_fen"`
	PaidFen    models.Fen  `json:"paid_fen"`
	DueFen     models.Fen  `json:"due_fen"`
	Waivers    []LateMove  `json:"waivers" doc:"What waived_fen is the sum of, oldest first"`
	Payments   []LateMove  `json:"payments" doc:"What paid_fen is the sum of, oldest first"`
}

// LateMove is late fee that was waived or paid on a day. A negative amount was
// taken back when the principal turned out to be wrong.
type LateMove struct {
	On        string     `json:"on" format:"date"`
	AmountFen models.Fen `json:"amount_fen"`
}

// Segment is a run of days, both included, on one principal.
type Segment struct {
	From         string     `json:"from" format:"date"`
	To           string     `json:"to" format:"date"`
	Days         int        `json:"days"`
	PrincipalFen models.Fen `json:"principal_fen"`
	Amount       string     `json:"amount" example:"19.47284" doc:"principal x rate x days in yuan, not rounded: only the sum is"`
}

func billView(s *billing.BillState) Bill {
	late := LateFee{
		Rate: s.LateRate, GraceDays: s.GraceDays, Days: s.Late.Days, Segments: make([]Segment, 0, len(s.Late.Segments)),
		AccruedFen: s.Late.Accrued, WaivedFen: s.WaivedLateFeeFen, PaidFen: s.PaidLateFeeFen, DueFen: s.LateDueFen, Waivers: []LateMove{},
		Payments: []LateMove{},
	}
	ledger := s.LateFeeLedger()
	late.Rule = ledger.RuleVersion
	for _, l := range ledger.Lines {
		switch l.Kind {
		case billing.LateFeeAccrued:
			late.Segments = append(late.Segments, Segment{l.From.String(), l.To.String(), l.Days, l.PrincipalFen, l.Exact})
		case billing.LateFeeWaived:
			late.Waivers = append(late.Waivers, LateMove{l.From.String(), l.AmountFen})
		case billing.LateFeePaid:
			late.Payments = append(late.Payments, LateMove{l.From.String(), l.AmountFen})
		}
	}
	if s.Late.Capped {
		late.CapFen = &s.Late.Cap
	}
	return Bill{
		ID: s.ID, Item: s.Item, PeriodStart: s.PeriodStart.String(), PeriodEnd: s.PeriodEnd.String(), IssuedOn: s.IssuedOn.String(),
		DueOn: s.DueOn.String(), Status: s.Status, Basis: json.RawMessage(s.Basis), PrincipalFen: s.PrincipalFen,
		DiscountFen: s.DiscountFen, PaidPrincipalFen: s.PaidPrincipalFen, OutstandingFen: s.OutstandingFen(), LateFee: late,
		DueFen: s.DueFen, OverdueDays: s.OverdueDays, Disputed: s.Disputed,
	}
}

func billViews(states []billing.BillState) []Bill {
	out := make([]Bill, len(states))
	for i := range states {
		out[i] = billView(&states[i])
	}
	return out
}

// Arrears is what a room owes as of a day.
type Arrears struct {
	Room         RoomSummary  `json:"room"`
	AsOf         string       `json:"as_of" format:"date"`
	PrincipalFen models.Fen   `json:"principal_fen"`
	LateFeeFen   models.Fen   `json:"late_fee_fen"`
	TotalFen     models.Fen   `json:"total_fen"`
	PrepaidFen   models.Fen   `json:"prepaid_fen"`
	ByItem       []ItemArrear `json:"by_item"`
	ByYear       []YearArrear `json:"by_year"`
	Bills        []Bill       `json:"bills" doc:"Earliest due first; unpaid and part-paid ones only"`
}

// ItemArrear is the arrears of one fee item.
type ItemArrear struct {
	Item         string     `json:"item"`
	PrincipalFen models.Fen `json:"principal_fen"`
	LateFeeFen   models.Fen `json:"late_fee_fen"`
	TotalFen     models.Fen `json:"total_fen"`
}

// YearArrear is the arrears of the periods that start in one year.
type YearArrear struct {
	Year         int        `json:"year"`
	PrincipalFen models.Fen `json:"principal_fen"`
	LateFeeFen   models.Fen `json:"late_fee_fen"`
	TotalFen     models.Fen `json:"total_fen"`
}

// ArrearsView shows arrears as the owner sees them.
func ArrearsView(r estate.BoundRoom, a billing.Arrears) Arrears {
	due := billing.RoomDue{DueFen: a.TotalFen}
	for i := range a.Bills {
		if a.Bills[i].OverdueDays > 0 {
			due.OverdueBills++
		}
	}
	out := Arrears{
		Room: roomSummary(r, due, a.AsOf), AsOf: a.AsOf.String(), PrincipalFen: a.PrincipalFen, LateFeeFen: a.LateFeeFen,
		TotalFen: a.TotalFen, PrepaidFen: r.PrepaidSeen(a.AsOf), ByItem: make([]ItemArrear, len(a.ByItem)),
		ByYear: make([]YearArrear, len(a.ByYear)), Bills: billViews(a.Bills),
	}
	for i, x := range a.ByItem {
		out.ByItem[i] = ItemArrear{x.Item, x.PrincipalFen, x.LateFeeFen, x.TotalFen}
	}
	for i, x := range a.ByYear {
		out.ByYear[i] = YearArrear{x.Year, x.PrincipalFen, x.LateFeeFen, x.TotalFen}
	}
	return out
}

// Order is an order as the owner sees it. No is the out_trade_no at WeChat Pay.
type Order struct {
	No            string      `json:"no"`
	Status        string      `json:"status" enum:"pending,paid,closed,exception,refunding,refunded,part_refunded"`
	RoomID        string      `json:"room_id"`
	AmountFen     models.Fen  `json:"amount_fen" doc:"Prepayment included"`
	PrepayFen     models.Fen  `json:"prepay_fen"`
	PrepayItem    string      `json:"prepay_item" doc:"The fee item that prepay_fen is for; empty: any"`
	Lines         []OrderLine `json:"lines"`
	CreatedAt     *string     `json:"created_at" format:"date-time"`
	ExpiresAt     *string     `json:"expires_at" format:"date-time"`
	PaidAt        *string     `json:"paid_at" format:"date-time" doc:"WeChat's success time; null while unpaid"`
	TransactionID *string     `json:"transaction_id" doc:"WeChat's number; null while unpaid"`
	RefundedFen   models.Fen  `json:"refunded_fen" doc:"What has arrived back at the payer"`
	Refunds       []Refund    `json:"refunds" doc:"What goes back of the order, oldest first"`
}

// OrderLine is what an order pays of a bill.
type OrderLine struct {
	BillID       string     `json:"bill_id"`
	PrincipalFen models.Fen `json:"principal_fen"`
	LateFeeFen   models.Fen `json:"late_fee_fen"`
}

func orderView(o money.Order, lines []money.OrderLine, refunds []money.Refund) Order {
	out := Order{
		No: o.No, Status: o.Status, RoomID: o.RoomID, AmountFen: o.AmountFen, PrepayFen: o.PrepayFen, PrepayItem: o.PrepayItem,
		Lines: make([]OrderLine, len(lines)), CreatedAt: instant(o.CreatedAt), ExpiresAt: instant(o.ExpiresAt), PaidAt: instant(o.PaidAt),
	}
	for i, l := range lines {
		out.Lines[i] = OrderLine{l.BillID, l.PrincipalFen, l.LateFeeFen}
	}
	if o.TransactionID != "" {
		out.TransactionID = &o.TransactionID
	}
	out.RefundedFen, out.Refunds = refundViews(refunds)
	return out
}

// instant is RFC 3339 in Asia/Shanghai; nil for never.
func instant(t models.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.In(models.Shanghai).Format(time.RFC3339)
	return &s
}
