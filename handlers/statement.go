package handlers

import (
	"bytes"
	"context"
	"fmt"
	"net/url"

	"wuyepay/billing/statement"
	"wuyepay/models"
	"wuyepay/models/estate"
)

// StatementIn names a room and days: a year, or from one day to another.
type StatementIn struct {
	RoomIn
	Year int    `query:"year" minimum:"1990" maximum:"2200" doc:"A calendar year; of this year, up to today. Not together with from and to"`
	From string `query:"from" format:"date" doc:"First day, instead of year; with to"`
	To   string `query:"to" format:"date" doc:"Last day, not after today; five years at most"`
}

// Statement is an account 对账单 of what the user sees of a room.
type Statement struct {
	RoomID      string          `json:"room_id"`
	DisplayName string          `json:"display_name"`
	From        string          `json:"from" format:"date"`
	To          string          `json:"to" format:"date" doc:"Today at the latest"`
	OpeningFen  models.Fen      `json:"opening_fen" doc:"Balance before the first day. A balance is what is owed less prepayment: negative, prepayment is left"`
	Lines       []StatementLine `json:"lines" doc:"Oldest first"`
	ChargeFen   models.Fen      `json:"charge_fen" doc:"Sum of the lines"`
	PaidFen     models.Fen      `json:"paid_fen" doc:"Sum of the lines"`
	BookedFen   models.Fen      `json:"booked_fen" doc:"opening_fen + charge_fen - paid_fen"`
	LateFeeFen  models.Fen      `json:"late_fee_fen" doc:"Late fee accrued by the last day and not paid"`
	ClosingFen  models.Fen      `json:"closing_fen" doc:"booked_fen + late_fee_fen: what was owed at the end of the last day, less prepayment"`
	PrepaidFen  models.Fen      `json:"prepaid_fen" doc:"Prepayment at the end of the last day"`
}

// StatementLine is a line of a statement.
type StatementLine struct {
	On          string     `json:"on" format:"date"`
	Kind        string     `json:"kind" enum:"bill,opening_bill,correction,discount,void,late_fee,payment,refund,reversal,prepaid_offset,prepaid_credit,prepaid_taken,prepaid_handed,prepaid_changed,company_paid"`
	Text        string     `json:"text" example:"账单 物业服务费" doc:"For the owner's eyes"`
	Item        string     `json:"item,omitempty"`
	PeriodStart string     `json:"period_start,omitempty" format:"date"`
	PeriodEnd   string     `json:"period_end,omitempty" format:"date"`
	ChargeFen   models.Fen `json:"charge_fen" doc:"Raises what is owed"`
	PaidFen     models.Fen `json:"paid_fen" doc:"Lowers what is owed"`
	AmountFen   models.Fen `json:"amount_fen" doc:"What a line is about that changes no balance, such as prepayment that paid a bill; else 0"`
	BalanceFen  models.Fen `json:"balance_fen" doc:"After this line"`
	OrderNo     string     `json:"order_no,omitempty" doc:"Of a payment by order"`
}

// StatementOut is a statement.
type StatementOut struct{ Body Statement }

// statement reads the account of what the user sees of a room.
func (a *API) statement(ctx context.Context, in *StatementIn) (estate.BoundRoom, statement.Statement, error) {
	view := a.DB.View(ctx)
	room, err := estate.BoundRoomOf(view, user(ctx).ID, in.RoomID)
	if err != nil {
		return room, statement.Statement{}, err
	}
	from, to := statement.Year(in.Year, view.Today())
	switch {
	case in.Year != 0 && (in.From != "" || in.To != ""):
		return room, statement.Statement{}, statement.ErrYearAndDays
	case in.Year == 0:
		var errFrom, errTo error
		from, errFrom = models.ParseDate(in.From)
		to, errTo = models.ParseDate(in.To)
		if errFrom != nil || errTo != nil {
			return room, statement.Statement{}, statement.ErrSpan
		}
	}
	s, err := statement.Of(view, room.Room, room.BillVisibility, from, to)
	return room, s, err
}

// Statement returns the account of a room for a year or other days.
func (a *API) Statement(ctx context.Context, in *StatementIn) (*StatementOut, error) {
	room, s, err := a.statement(ctx, in)
	if err != nil {
		return nil, err
	}
	out := Statement{
		RoomID: room.ID, DisplayName: room.CommunityName + " " + room.Name(), From: s.From.String(), To: s.To.String(),
		OpeningFen: s.OpeningFen, Lines: make([]StatementLine, len(s.Lines)), ChargeFen: s.ChargeFen, PaidFen: s.PaidFen,
		BookedFen: s.BookedFen, LateFeeFen: s.LateDueFen, ClosingFen: s.ClosingFen, PrepaidFen: s.PrepaidFen,
	}
	for i, l := range s.Lines {
		out.Lines[i] = StatementLine{
			On: l.On.String(), Kind: l.Kind, Text: l.Text(), Item: l.Item, PeriodStart: l.PeriodStart.String(),
			PeriodEnd: l.PeriodEnd.String(), ChargeFen: l.ChargeFen, PaidFen: l.PaidFen, AmountFen: l.AmountFen, BalanceFen: l.BalanceFen,
			OrderNo: l.OrderNo,
		}
	}
	return &StatementOut{Body: out}, nil
}

// PDFOut is a document.
type PDFOut struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte `contentType:"application/pdf"`
}

// StatementPDF returns the same as a document to keep.
func (a *API) StatementPDF(ctx context.Context, in *StatementIn) (*PDFOut, error) {
	room, s, err := a.statement(ctx, in)
	if err != nil {
		return nil, err
	}
	owner, err := estate.OwnerByID(a.DB.View(ctx), room.OwnerID)
	if err != nil && room.OwnerID != "" {
		return nil, err
	}
	var b bytes.Buffer
	// The name in full is for who owns it; family and payers see it masked.
	name := owner.Name
	if room.Role != estate.RoleOwner && room.Role != estate.RoleTenant {
		name = models.MaskName(name)
	}
	if err := s.WritePDF(&b, statement.Party{Community: room.CommunityName, Owner: name, MadeAt: a.DB.Now()}); err != nil {
		return nil, err
	}
	file := fmt.Sprintf("对账单-%s-%s.pdf", s.From, s.To)
	return &PDFOut{
		ContentType: "application/pdf", Disposition: `attachment; filename="statement.pdf"; filename*=UTF-8''` + url.PathEscape(file),
		Body: b.Bytes(),
	}, nil
}
