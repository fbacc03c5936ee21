package issuing

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// Refusals of charges.
var (
	// ErrChargeItem: item or reason is missing or too long.
	ErrChargeItem = models.Invalid("CHARGE_ITEM", "请填写收费项目（最多 40 个字）和原因（最多 200 个字）")
	// ErrChargeAmount: not above 0, or beyond all sums.
	ErrChargeAmount = models.Invalid("CHARGE_AMOUNT", "金额应大于 0，且不超过允许范围")
	// ErrChargeDates: days out of order, or due before today.
	ErrChargeDates = models.Invalid("CHARGE_DATES", "日期不正确：截止日期不能早于起始日期，缴费截止日不能早于今天")
	// ErrChargeScope: the rooms or the way to share are not chosen.
	ErrChargeScope = models.Invalid("CHARGE_SCOPE", "请选择参与的房产：全部、一栋、一个单元或房号清单；分摊方式为按面积或按户")
	// ErrChargeNoRoom: no room takes part.
	ErrChargeNoRoom = models.Refusal(models.KindUnprocessable, "CHARGE_NO_ROOM", "没有参与分摊的房产")
	// ErrChargeNoArea: a room has no area, but the cost is shared by area.
	ErrChargeNoArea = models.Refusal(models.KindUnprocessable, "CHARGE_NO_AREA", "有房产没有建筑面积，无法按面积分摊，请先补全资料或改按户分摊")
	// ErrChargeRooms: the list has unknown rooms or a room twice; details name
	// them.
	ErrChargeRooms = models.Refusal(models.KindUnprocessable, "CHARGE_ROOMS", "房号清单中有系统中没有的房号，或有重复的房号")
	// ErrChargeBilled: a room has a bill of the item for some of the days.
	ErrChargeBilled = models.Refusal(models.KindConflict, "CHARGE_BILLED", "有房产在这段日期内已有该项目的账单，不能重复出账")
	// ErrChargeChanged: rooms or amounts changed after the preview.
	ErrChargeChanged = models.Refusal(models.KindConflict, "CHARGE_CHANGED", "参与的房产或金额在预览之后有变化，请重新预览")
	// ErrChargeState: the charge is not in the state for this step.
	ErrChargeState = models.Refusal(models.KindConflict, "CHARGE_STATE", "现在的状态不能这样做，请刷新后再看")
)

// Scopes of a [ChargeRequest].
const (
	ScopeAll      = "all"
	ScopeBuilding = "building"
	ScopeUnit     = "unit"
	ScopeList     = "list" // the rooms of a list
)

// ChargeRequest asks for a charge: either a shared cost 公摊, whose total is
// divided over the rooms that take part, or a one-off charge 一次性收费, an
// amount for each room of a list.
type ChargeRequest struct {
	// Kind is fees.ChargeShared or fees.ChargeOneOff.
	Kind        string
	CommunityID string
	Item        string
	Reason      string
	// From and To are the days it is for. A one-off charge is for one day.
	From, To models.Date
	// AmountFen is the total of a shared cost, or the amount for each room.
	AmountFen models.Fen
	// ShareBy is fees.ShareByArea or fees.ShareByHousehold.
	ShareBy  string
	Scope    string
	Building string
	Unit     string
	// RoomCodes belong to ScopeList and may have any spelling.
	RoomCodes []string
	// OccupiedOnly leaves out rooms that are vacant or unsold.
	OccupiedOnly bool
	// DueOn zero means by the item's tariff, else 15 days from today.
	DueOn models.Date
}

// ChargePreview holds what a charge would bill. The parts add up to the total
// to the fen: see [calc.Share].
type ChargePreview struct {
	ChargeRequest
	TotalFen models.Fen
	Parts    []ChargePart
	// Weight is that of all parts together.
	Weight decimal.Decimal
	// Billed are rooms with a bill of the item for some of the days. NoArea are
	// rooms without an area in a charge by area. Either prevents the charge.
	Billed []estate.Room
	NoArea []estate.Room
	late   fees.Bill // holds only the late-fee rule
}

// ChargePart is one room's part of a charge.
type ChargePart struct {
	Room      estate.Room
	Weight    decimal.Decimal
	AmountFen models.Fen
}

// Err returns why the charge cannot be made, or nil. Missing areas are
// reported first, because the parts are not final without them.
func (p *ChargePreview) Err() error {
	switch {
	case len(p.NoArea) > 0:
		return ErrChargeNoArea
	case len(p.Billed) > 0:
		return ErrChargeBilled
	case len(p.Parts) == 0:
		return ErrChargeNoRoom
	}
	return nil
}

// Fingerprint returns a hash of what the user was shown. MakeCharge compares it
// to detect changes since the preview.
func (p *ChargePreview) Fingerprint() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s %s %d %d %d\n", p.Kind, p.Item, p.ShareBy, p.From, p.To, p.DueOn)
	for _, x := range p.Parts {
		fmt.Fprintf(h, "%s %s %d\n", x.Room.ID, x.Weight, x.AmountFen)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// check refuses a request that cannot be right whatever the rooms are. It sets
// the fields that a one-off charge does not choose.
func (q *ChargeRequest) check(today models.Date) error {
	if q.Kind == fees.ChargeOneOff {
		q.To, q.Scope, q.ShareBy = q.From, ScopeList, ""
	}
	scoped := q.Scope == ScopeAll || q.Scope == ScopeBuilding && q.Building != "" ||
		q.Scope == ScopeUnit && q.Building != "" && q.Unit != "" ||
		q.Scope == ScopeList && len(q.RoomCodes) > 0
	shared := q.ShareBy == fees.ShareByArea || q.ShareBy == fees.ShareByHousehold
	switch {
	case models.NameKey(q.Item) == "" || len([]rune(q.Item)) > 40 || strings.TrimSpace(q.Reason) == "" || len([]rune(q.Reason)) > 200:
		return ErrChargeItem
	case q.AmountFen <= 0 || q.AmountFen > models.MaxFen:
		return ErrChargeAmount
	case q.From == 0 || q.To < q.From || q.To > q.From+366 || q.DueOn != 0 && q.DueOn < today:
		return ErrChargeDates
	case !scoped || q.Kind == fees.ChargeShared && !shared:
		return ErrChargeScope
	}
	return models.CheckDays(today, models.DayOfKind{Kind: models.DayOfPeriod, Day: q.From},
		models.DayOfKind{Kind: models.DayOfPeriod, Day: q.To}, models.DayOfKind{Kind: models.DueDay, Day: q.DueOn})
}

// PreviewCharge computes what a charge would bill. Nothing is changed.
func PreviewCharge(ctx context.Context, db *store.DB, q ChargeRequest) (ChargePreview, error) {
	return planCharge(db.View(ctx), q)
}

// planCharge computes the parts of a charge and what prevents it.
func planCharge(tx *store.Tx, q ChargeRequest) (ChargePreview, error) {
	p := ChargePreview{ChargeRequest: q}
	if err := p.check(tx.Today()); err != nil {
		return p, err
	}
	items, err := estate.FeeItems(tx, p.CommunityID)
	if err != nil {
		return p, err
	}
	p.Item = items.Of(p.Item)
	if err := p.terms(tx); err != nil {
		return p, err
	}
	rooms, err := p.rooms(tx)
	if err != nil {
		return p, err
	}
	if err := p.findBilled(tx, rooms); err != nil {
		return p, err
	}
	return p, p.divide(rooms)
}

// terms sets due date and late-fee rule by the item's tariff or, if there is
// none, by the community with 15 days to pay. Only a tariff for all rooms that
// is in force on the last day counts: one charge has one due date.
func (p *ChargePreview) terms(tx *store.Tx) error {
	rule, err := estate.LateRuleOn(tx, p.CommunityID, tx.Today())
	if err != nil {
		return err
	}
	due := tx.Today() + 15
	tariffs, err := fees.Tariffs(tx, p.CommunityID)
	if err != nil {
		return err
	}
	for _, t := range tariffs {
		if t.Item == p.Item && t.RoomKind == "" && t.RoomID == "" && calc.TariffDays(t).Overlaps(calc.Days{From: p.To, To: p.To}) {
			if rule, err = t.LateRule(); err != nil {
				return err
			}
			due = dueOf(t, tx.Today(), tx.Today())
		}
	}
	p.late.SetLateRule(rule)
	if p.DueOn == 0 {
		p.DueOn = due
	}
	return nil
}

// rooms returns the rooms that take part, in the order of their codes.
func (p *ChargePreview) rooms(tx *store.Tx) ([]estate.Room, error) {
	if p.Scope == ScopeList {
		return p.listedRooms(tx)
	}
	var out []estate.Room
	after := ""
	for {
		page, err := estate.RoomsPage(tx, p.CommunityID, after, 1000)
		if err != nil {
			return nil, err
		}
		for _, r := range page {
			if p.takesPart(r) {
				out = append(out, r)
			}
		}
		if len(page) < 1000 {
			return out, nil
		}
		after = page[len(page)-1].CodeKey
	}
}

// takesPart reports whether a room is in the scope.
func (p *ChargePreview) takesPart(r estate.Room) bool {
	switch {
	case p.OccupiedOnly && r.Occupancy != estate.Occupied,
		(p.Scope == ScopeBuilding || p.Scope == ScopeUnit) && r.Building != p.Building,
		p.Scope == ScopeUnit && r.Unit != p.Unit:
		return false
	}
	return true
}

// listedRooms returns the rooms of the list, each once. It returns
// [ErrChargeRooms] with the codes, as entered, that are unknown or repeated.
func (p *ChargePreview) listedRooms(tx *store.Tx) ([]estate.Room, error) {
	keys := make([]string, len(p.RoomCodes))
	for i, code := range p.RoomCodes {
		keys[i] = models.RoomKey(code)
	}
	found, err := estate.RoomsByKeys(tx, p.CommunityID, keys)
	if err != nil {
		return nil, err
	}
	if len(found) != len(keys) {
		var missing []any
		seen := map[string]bool{}
		for i, key := range keys {
			if _, ok := found[key]; !ok || seen[key] {
				missing = append(missing, p.RoomCodes[i])
			}
			seen[key] = true
		}
		return nil, ErrChargeRooms.With(missing...)
	}
	var out []estate.Room
	for _, r := range found {
		if p.takesPart(r) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b estate.Room) int { return strings.Compare(a.CodeKey, b.CodeKey) })
	return out, nil
}

// findBilled collects the rooms that have a bill of the item for these days.
func (p *ChargePreview) findBilled(tx *store.Tx, rooms []estate.Room) error {
	ids := make([]string, len(rooms))
	for i, r := range rooms {
		ids[i] = r.ID
	}
	billed, err := fees.BillSpans(tx, ids, p.From, p.To)
	if err != nil {
		return err
	}
	for _, r := range rooms {
		if slices.ContainsFunc(billed[r.ID], func(s fees.BillSpan) bool { return s.Item == p.Item }) {
			p.Billed = append(p.Billed, r)
		}
	}
	return nil
}

// divide sets the parts. Each room of a one-off charge has the full amount; a
// shared cost is divided by area in square metres, or by household with weight
// 1. Rooms without an area are set aside and not divided over.
func (p *ChargePreview) divide(rooms []estate.Room) error {
	weights := make([]calc.Part, 0, len(rooms))
	for _, r := range rooms {
		weight := calc.One
		if p.ShareBy == fees.ShareByArea {
			area, ok := calc.AreaBounds.Figure(r.Area)
			if !ok || r.Area == "" || area.IsZero() {
				p.NoArea = append(p.NoArea, r)
				continue
			}
			weight = area
		}
		p.Weight = p.Weight.Add(weight)
		weights = append(weights, calc.Part{Key: r.CodeKey, Weight: weight})
		p.Parts = append(p.Parts, ChargePart{Room: r, Weight: weight, AmountFen: p.AmountFen})
	}
	p.TotalFen = p.AmountFen
	if p.Kind == fees.ChargeOneOff {
		p.TotalFen = p.AmountFen * models.Fen(len(p.Parts))
		return nil
	}
	if len(weights) == 0 {
		return nil
	}
	shares, err := calc.Share(p.AmountFen, weights)
	for i := range shares {
		p.Parts[i].AmountFen = shares[i]
	}
	return err
}
