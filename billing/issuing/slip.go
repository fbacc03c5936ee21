package issuing

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Refusals of slips 有偿服务单 that staff draw.
var (
	// ErrSlipText: item or description is missing or too long.
	ErrSlipText = models.Invalid("SLIP_TEXT", "请填写收费项目（最多 40 个字）和服务内容（最多 100 个字）")
	ErrSlipKind = models.Invalid("SLIP_KIND", "请选择服务类别：维修、保洁、清运或其他")
	// ErrSlipDay: more than [slipBack] days ago or [slipAhead] days ahead.
	ErrSlipDay     = models.Invalid("SLIP_DAY", "服务日期不能早于一年前，也不能晚于 30 天后")
	ErrSlipDueDays = models.Invalid("SLIP_DUE_DAYS", "付款期限应为签字后 0 至 90 天")
	ErrSlipLines   = models.Invalid("SLIP_LINES", fmt.Sprintf("请填写 1 至 %d 行明细", MaxSlipLines))
	// ErrSlipLine has in its message which line is wrong, and what is wanted.
	ErrSlipLine = models.Invalid("SLIP_LINE", "明细不正确")
	// ErrSlipState: the slip is not in the state for this step.
	ErrSlipState = models.Refusal(models.KindConflict, "SLIP_STATE", "服务单的状态已经变化，请刷新后再看")
	// ErrSlipBilled: the room has a bill of the same item for the same day, so that
	// the slip cannot have one.
	ErrSlipBilled = models.Refusal(models.KindConflict, "SLIP_BILLED",
		"该房这一天已有同一收费项目的账单或服务单，请并入同一张单，或改用另一收费项目")
)

// MaxSlipLines is how many lines a slip has at most.
const MaxSlipLines = 30

// DefaultSlipDueDays is after how many days the bill of a slip is due, unless the slip
// says otherwise.
const DefaultSlipDueDays = 7

// How long ago the work of a slip may have been, and how far ahead it may be.
const (
	slipBack  = 366
	slipAhead = 30
)

// Bounds of a line. The amount is bounded by [models.MaxFen] besides.
var (
	maxSlipQuantity = decimal.NewFromInt(100_000)
	maxSlipPrice    = decimal.NewFromInt(1_000_000)
)

// SlipDraft is what staff write on a slip.
type SlipDraft struct {
	RoomID   string
	Kind     string // one of fees.SlipKinds
	Item     string // fee item of the bill
	Title    string // what was done
	WorkedOn models.Date
	DueDays  int
	Lines    []SlipDraftLine
	FormKey  string // of the form: if it is posted twice, it draws one slip
}

// SlipDraftLine is a line as it was typed. One with nothing in it but a kind is left out.
type SlipDraftLine struct {
	Kind, Name, Quantity, Unit, Price string
}

// Blank reports whether nothing was typed in the line.
func (l SlipDraftLine) Blank() bool {
	return strings.TrimSpace(l.Name+l.Quantity+l.Unit+l.Price) == ""
}

// usualUnits are the units of lines that name none.
var usualUnits = map[string]string{fees.SlipService: "项", fees.SlipPart: "个", fees.SlipLabour: "小时", fees.SlipExtra: "项"}

// read returns the lines with their amounts and the total. Each amount is quantity x
// price, rounded once; the total is their sum.
func (d *SlipDraft) read(today models.Date) (lines []fees.SlipLine, total models.Fen, err error) {
	d.Item, d.Title = strings.TrimSpace(d.Item), strings.TrimSpace(d.Title)
	_, known := slipKindSet[d.Kind]
	switch {
	case !known:
		return nil, 0, ErrSlipKind
	case !within(d.Item, 1, 40) || !within(d.Title, 1, 100):
		return nil, 0, ErrSlipText
	case d.WorkedOn < today-slipBack || d.WorkedOn > today+slipAhead:
		return nil, 0, ErrSlipDay
	case d.DueDays < 0 || d.DueDays > 90:
		return nil, 0, ErrSlipDueDays
	case len(d.FormKey) == 0 || len(d.FormKey) > 64:
		return nil, 0, fees.ErrSlipForm
	}
	for i, typed := range d.Lines {
		if typed.Blank() {
			continue
		}
		l, err := typed.read(i + 1)
		if err != nil {
			return nil, 0, err
		}
		lines, total = append(lines, l), total.Plus(l.AmountFen)
	}
	if len(lines) == 0 || len(lines) > MaxSlipLines || total > models.MaxFen {
		return nil, 0, ErrSlipLines
	}
	return lines, total, nil
}

var slipKindSet = func() map[string]struct{} {
	out := map[string]struct{}{}
	for _, k := range fees.SlipKinds {
		out[k] = struct{}{}
	}
	return out
}()

// within reports whether a text has from least to most characters.
func within(text string, least, most int) bool {
	n := utf8.RuneCountInString(text)
	return n >= least && n <= most
}

// read returns a line with its amount. number is its place on the form, from 1.
func (l SlipDraftLine) read(number int) (fees.SlipLine, error) {
	wrong := func(text string) error {
		return models.Refusal(ErrSlipLine.Kind, ErrSlipLine.Code, fmt.Sprintf("第 %d 行：%s", number, text))
	}
	out := fees.SlipLine{Kind: l.Kind, Name: strings.TrimSpace(l.Name), Unit: strings.TrimSpace(l.Unit)}
	if usualUnits[l.Kind] == "" {
		return out, wrong("请选择类别：服务项目、材料配件、人工工时或其他")
	}
	if out.Unit == "" {
		out.Unit = usualUnits[l.Kind]
	}
	if !within(out.Name, 1, 60) || !within(out.Unit, 1, 10) {
		return out, wrong("请填写名称（最多 60 个字），单位最多 10 个字")
	}
	quantity, ok := slipFigure(l.Quantity, 3, maxSlipQuantity)
	if !ok || quantity.IsZero() {
		return out, wrong("数量应为大于 0 的数字，最多三位小数，例如 1 或 0.5")
	}
	price, ok := slipFigure(l.Price, 4, maxSlipPrice)
	if !ok {
		return out, wrong("单价应为不小于 0 的数字（元），最多四位小数，例如 45 或 12.50")
	}
	amount, err := models.RoundFen(quantity.Mul(price))
	if err != nil {
		return out, wrong("金额超出允许范围")
	}
	out.Quantity, out.Price, out.AmountFen = quantity.String(), priceText(price), amount
	return out, nil
}

// slipFigure returns a figure of a line: digits with at most so many decimals, from 0 to
// most.
func slipFigure(text string, places int32, most decimal.Decimal) (decimal.Decimal, bool) {
	text = strings.TrimSuffix(strings.ReplaceAll(models.HalfWidth(strings.TrimSpace(text)), ",", ""), "元")
	if text == "" || len(text) > 20 || strings.Trim(text, "0123456789.") != "" {
		return decimal.Decimal{}, false
	}
	d, err := decimal.NewFromString(text)
	return d, err == nil && d.Equal(d.Truncate(places)) && d.Cmp(most) <= 0
}

// priceText writes a price with two decimals, or as many as it needs.
func priceText(d decimal.Decimal) string {
	if d.Equal(d.Truncate(2)) {
		return d.StringFixed(2)
	}
	return d.String()
}

// DrawSlip draws a slip for a room in the scope of staff. It is a draft: nobody else sees
// it before it is offered ([OfferSlip]). A form that is posted again returns the slip that
// it drew. Lines that cannot be right are [ErrSlipLine]; a room out of scope is
// [models.ErrNotFound].
func DrawSlip(ctx context.Context, db *store.DB, by office.Staff, d SlipDraft) (fees.Slip, error) {
	lines, total, err := d.read(db.Today())
	if err != nil {
		return fees.Slip{}, err
	}
	var s fees.Slip
	err = db.Write(ctx, func(tx *store.Tx) error {
		room, _, err := estate.ScopedRoom(tx, by.Scope(), d.RoomID)
		if err != nil {
			return err
		}
		if err := estate.LockCommunity(tx, room.CommunityID); err != nil {
			return err
		}
		s = fees.Slip{
			ID: models.NewID(), CommunityID: room.CommunityID, RoomID: room.ID, Kind: d.Kind, Item: d.Item, Title: d.Title,
			WorkedOn: d.WorkedOn, DueDays: d.DueDays, TotalFen: total, FormKey: d.FormKey, Made: by.Actor(),
		}
		return fees.InsertSlip(tx, &s, lines)
	})
	if errors.Is(err, fees.ErrSlipForm) {
		drawn, readErr := fees.SlipByForm(db.View(ctx), d.FormKey)
		if readErr == nil && drawn.RoomID == d.RoomID {
			return drawn, nil
		}
	}
	return s, err
}

// RedrawSlip writes another content on a draft or on a slip that the owner has declined,
// which becomes a draft again. The room stays. A slip in another state is [ErrSlipState].
func RedrawSlip(ctx context.Context, db *store.DB, by office.Staff, id string, d SlipDraft) error {
	d.FormKey = id // of no use here: the slip is known
	lines, total, err := d.read(db.Today())
	if err != nil {
		return err
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		s, err := lockScopedSlip(tx, by, id)
		if err != nil {
			return err
		}
		s.Kind, s.Item, s.Title, s.WorkedOn, s.DueDays, s.TotalFen = d.Kind, d.Item, d.Title, d.WorkedOn, d.DueDays, total
		ok, err := fees.RedrawSlip(tx, &s, lines)
		if err == nil && !ok {
			err = ErrSlipState
		}
		if err != nil {
			return err
		}
		return office.Audit(tx, by.Actor(), "slip.redrawn", "slip", s.ID, map[string]any{"no": s.No, "total_fen": total})
	})
}

// lockScopedSlip locks a slip of a room that staff may see.
func lockScopedSlip(tx *store.Tx, by office.Staff, id string) (fees.Slip, error) {
	s, err := fees.LockSlip(tx, id)
	if err != nil {
		return s, err
	}
	_, _, err = estate.ScopedRoom(tx, by.Scope(), s.RoomID)
	return s, err
}
